package io.bactrian.model.http;

import io.bactrian.core.credential.CredentialFormSchema;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.egress.EgressLimits;
import io.bactrian.egress.EgressRequest;
import io.bactrian.egress.EgressTarget;
import io.bactrian.egress.OutboundHeaders;
import io.bactrian.json.ChatWireOptions;
import io.bactrian.json.EmbeddingWireOptions;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One server as one set of credentials opens it: checked addresses, headers, and how it departs from the dialect. Made
 * once per credentials; a call then builds no URL and no header.
 */
final class ServerConnection {

    private static final String JSON = "application/json";

    private final ProviderEntity provider;
    private final EgressLimits limits;
    private final EgressTarget chat;
    private final EgressTarget embeddings;
    private final EgressTarget models;
    private final OutboundHeaders jsonHeaders;
    private final OutboundHeaders eventHeaders;
    private final ChatWireOptions chatOptions;
    private final EmbeddingWireOptions embeddingOptions;
    private final Redactor redactor;

    private ServerConnection(ProviderEntity provider, Credentials credentials, EgressLimits limits) {
        this.provider = provider;
        this.limits = limits;
        EgressTarget base = EgressTarget.parse(baseUrl(provider, credentials));
        this.chat = under(base, "/chat/completions");
        this.embeddings = under(base, "/embeddings");
        this.models = under(base, "/models");
        OutboundHeaders auth = AuthHeaders.of(credentials);
        this.jsonHeaders = auth.toBuilder().with("Accept", JSON).build();
        this.eventHeaders = auth.toBuilder().with("Accept", "text/event-stream").build();
        this.chatOptions = chatOptions(provider, credentials);
        this.embeddingOptions = embeddingOptions(provider, credentials);
        this.redactor = Redactor.of(credentials);
    }

    static ServerConnection of(ProviderEntity provider, Credentials credentials, EgressLimits limits) {
        return new ServerConnection(provider, credentials, limits);
    }

    EgressRequest chat(byte[] body, Deadline deadline) {
        return post(chat, jsonHeaders, body, deadline);
    }

    EgressRequest chatStream(byte[] body, Deadline deadline, @Nullable Duration firstToken) {
        EgressRequest.Builder request = request(chat, eventHeaders, body, deadline);
        return firstToken == null
                ? request.build()
                : request.firstToken(firstToken).build();
    }

    EgressRequest embeddings(byte[] body, Deadline deadline) {
        return post(embeddings, jsonHeaders, body, deadline);
    }

    EgressRequest models(Deadline deadline) {
        return EgressRequest.get(models, deadline)
                .headers(jsonHeaders)
                .limits(limits)
                .build();
    }

    private EgressRequest post(EgressTarget target, OutboundHeaders headers, byte[] body, Deadline deadline) {
        return request(target, headers, body, deadline).build();
    }

    private EgressRequest.Builder request(
            EgressTarget target, OutboundHeaders headers, byte[] body, Deadline deadline) {
        return EgressRequest.post(target, deadline)
                .headers(headers)
                .body(body, JSON)
                .limits(limits);
    }

    ProviderEntity provider() {
        return provider;
    }

    /** What errors call it: the provider's id, never its address. */
    String name() {
        return provider.provider().value();
    }

    ChatWireOptions chatOptions() {
        return chatOptions;
    }

    EmbeddingWireOptions embeddingOptions() {
        return embeddingOptions;
    }

    Redactor redactor() {
        return redactor;
    }

    private static String baseUrl(ProviderEntity provider, Credentials credentials) {
        Optional<String> given = credentials.text("base_url").filter(url -> !url.isBlank());
        return given.map(String::strip)
                .or(() -> credentials.secret("base_url").map(Secret::reveal))
                .or(() -> provider.providerCredentialSchema().field("base_url").map(CredentialFormSchema::defaultValue))
                .orElseThrow(() -> new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        "provider " + provider.provider()
                                + ": the credential has no base_url: set it, such as http://localhost:11434/v1"));
    }

    /** The base's own query, such as {@code api-version=…}, stays; an endpoint pasted with it does not. */
    private static EgressTarget under(EgressTarget base, String endpoint) {
        String all = base.pathAndQuery();
        int question = all.indexOf('?');
        String path = question < 0 ? all : all.substring(0, question);
        String query = question < 0 ? "" : all.substring(question);
        for (String pasted : new String[] {"/chat/completions", "/embeddings", "/models"}) {
            String bare = withoutSlashes(path);
            path = bare.endsWith(pasted) ? bare.substring(0, bare.length() - pasted.length()) : bare;
        }
        return base.withPath(withoutSlashes(path) + endpoint + query);
    }

    private static String withoutSlashes(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    private static ChatWireOptions chatOptions(ProviderEntity provider, Credentials credentials) {
        String reasoning = Quirk.REASONING_FIELD.of(provider, credentials);
        return new ChatWireOptions(
                Quirk.MAX_TOKENS_FIELD.of(provider, credentials),
                Quirk.STREAM_OPTIONS.on(provider, credentials),
                Quirk.DEVELOPER_ROLE.on(provider, credentials),
                Quirk.REQUIRED_TOOL_CHOICE.of(provider, credentials),
                Quirk.JSON_SCHEMA.on(provider, credentials),
                Quirk.STRICT_TOOLS.on(provider, credentials),
                "none".equals(reasoning) ? "" : reasoning);
    }

    private static EmbeddingWireOptions embeddingOptions(ProviderEntity provider, Credentials credentials) {
        String inputType = Quirk.EMBEDDING_INPUT_TYPE.of(provider, credentials);
        return new EmbeddingWireOptions(
                "base64".equals(Quirk.EMBEDDING_ENCODING.of(provider, credentials)),
                "none".equals(inputType) ? "" : inputType,
                "query",
                "document");
    }

    @Override
    public String toString() {
        return "ServerConnection[" + name() + " at " + chat + "]";
    }
}
