package io.bactrian.model.http;

import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.ModelCall;
import io.bactrian.core.model.ModelDialect;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.egress.EgressClient;
import io.bactrian.egress.EgressLimits;
import io.bactrian.egress.EgressRequest;
import io.bactrian.egress.EgressResponse;
import io.bactrian.json.OpenAiErrorReply;
import io.bactrian.json.OpenAiJson;
import java.time.Clock;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Speaks the OpenAI API: chat completions, whole and streamed, and embeddings. One attempt per call; the request is
 * written once, to bytes. Nothing goes out but the request itself and the headers that the credentials stand for.
 */
final class OpenAiDialect implements ModelDialect {

    // what nearly all servers say: nothing more is asked about it
    private static final Set<String> USUAL = Set.of("application/json", "application/json; charset=utf-8");
    private static final Pattern MEDIA_TYPE = Pattern.compile("[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+");

    static final String NAME = "openai";

    private final EgressClient client;
    private final ServerConnections connections;
    private final ServerErrors errors;
    private final CredentialProbe probe;

    OpenAiDialect(EgressClient client, EgressLimits limits, Clock clock) {
        this.client = client;
        this.connections = new ServerConnections(limits);
        this.errors = new ServerErrors(clock);
        this.probe = new CredentialProbe(client, errors);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public LlmResult invokeLlm(ModelCall call, LlmRequest request) {
        ServerConnection server = connections.of(call.provider(), call.credentials());
        byte[] body = OpenAiJson.writeChatRequest(request.streaming(false), call.wireModel(), server.chatOptions());
        return whole(
                server,
                server.chat(body, call.deadline()),
                json -> OpenAiJson.readChatCompletion(json, 0, json.length, call.wireModel()));
    }

    @Override
    public TextEmbeddingResult invokeTextEmbedding(ModelCall call, TextEmbeddingRequest request) {
        ServerConnection server = connections.of(call.provider(), call.credentials());
        byte[] body = OpenAiJson.writeEmbeddingRequest(request, call.wireModel(), server.embeddingOptions());
        int texts = request.texts().size();
        return whole(
                server,
                server.embeddings(body, call.deadline()),
                json -> OpenAiJson.readEmbeddings(json, 0, json.length, call.wireModel(), texts));
    }

    @Override
    public ModelStream streamLlm(ModelCall call, LlmRequest request) {
        ServerConnection server = connections.of(call.provider(), call.credentials());
        byte[] body = OpenAiJson.writeChatRequest(request.streaming(true), call.wireModel(), server.chatOptions());
        EgressResponse response = client.send(server.chatStream(body, call.deadline(), request.firstTokenTimeout()));
        boolean handedOver = false;
        try {
            checkStatus(server, response);
            if (isJson(response)) {
                throw notAStream(server, response);
            }
            OpenAiStream stream = new OpenAiStream(
                    response,
                    OpenAiJson.chunkReader(call.wireModel()),
                    error -> errors.inAnswer(server, response, error));
            handedOver = true;
            return stream;
        } finally {
            if (!handedOver) {
                response.close();
            }
        }
    }

    @Override
    public void validate(ProviderEntity provider, Credentials credentials, Deadline deadline) {
        // not cached: what is being validated may never be stored
        probe.ask(ServerConnection.of(provider, credentials, connections.limits()), credentials, deadline);
    }

    @Override
    public void close() {
        connections.clear();
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(byte[] json) throws OpenAiErrorReply;
    }

    private <T> T whole(ServerConnection server, EgressRequest request, Reader<T> reader) {
        try (EgressResponse response = client.send(request)) {
            checkStatus(server, response);
            checkJson(server, response);
            try {
                return reader.read(response.readAll());
            } catch (OpenAiErrorReply reply) {
                throw errors.inAnswer(server, response, reply.error());
            }
        }
    }

    private void checkStatus(ServerConnection server, EgressResponse response) {
        int status = response.status();
        if (status < 200 || status >= 300) {
            throw errors.ofStatus(server, response);
        }
        if (status == 204 || status == 205) {
            throw new ProtocolException(
                    ErrorCode.PROTOCOL_ERROR,
                    server.name() + " answered with status " + status + ", which has no content");
        }
    }

    static void checkJson(ServerConnection server, EgressResponse response) {
        if (!isJson(response) && response.header("content-type").isPresent()) {
            throw new ProtocolException(
                    ErrorCode.PROTOCOL_ERROR,
                    server.name() + " answered with something other than JSON (" + mediaType(response)
                            + "): check base_url, which often ends with /v1");
        }
    }

    /** Some servers, and gateways before them, answer a question for a stream with an error under status 200. */
    private RuntimeException notAStream(ServerConnection server, EgressResponse response) {
        byte[] json = response.readAll();
        try {
            OpenAiJson.readChatCompletion(json, 0, json.length, "");
        } catch (OpenAiErrorReply reply) {
            return errors.inAnswer(server, response, reply.error());
        }
        return new ProtocolException(
                ErrorCode.PROTOCOL_ERROR, server.name() + " was asked for a stream and gave a whole answer");
    }

    private static boolean isJson(EgressResponse response) {
        if (response.header("content-type").filter(USUAL::contains).isPresent()) {
            return true;
        }
        String type = mediaType(response);
        return type.equals("application/json") || type.equals("text/json") || type.endsWith("+json");
    }

    private static String mediaType(EgressResponse response) {
        String type = response.header("content-type").orElse("").toLowerCase(Locale.ROOT);
        int parameters = type.indexOf(';');
        String media = (parameters < 0 ? type : type.substring(0, parameters)).strip();
        // shown in errors, so it has to look like one
        return media.length() <= 64 && MEDIA_TYPE.matcher(media).matches() ? media : "";
    }
}
