package io.bactrian.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The question that all subjects ask and the bytes that all of them are answered with. The same in every process. */
public final class Canned {

    /** The prompt: about 0.3 KB of plain ASCII, which every JSON writer writes the same way. */
    public static final String QUESTION =
            "A Bactrian camel has two humps and carries loads of up to 250 kilograms over 50"
                    + " kilometers a day through the steppe, in summer heat as in winter frost. Summarize in three sentences what"
                    + " somebody who plans a caravan of twelve animals from Kashgar to Samarkand has to think of before they"
                    + " leave, and name the season.";

    /** The model that is asked. */
    public static final String MODEL = "gpt-4o-mini";

    /** The model that answers. */
    public static final String ANSWERING_MODEL = "gpt-4o-mini-2024-07-18";

    /** The key of every credential: nothing secret, nobody else's. */
    public static final String KEY = "bench-key-0123456789abcdef0123456789abcdef";

    /** Usage in every answer. */
    public static final long PROMPT_TOKENS = 74;

    /** Usage in every answer. */
    public static final long COMPLETION_TOKENS = 211;

    private static final String[] WORDS = {
        " camel",
        " caravan",
        " steppe",
        " water",
        " autumn",
        " salt",
        " saddle",
        " herder",
        " pass",
        " oasis",
        " load",
        " felt",
        " route",
        " rest",
        " fodder",
        " frost"
    };

    private static final Map<Scenario, String> CONTENTS = new ConcurrentHashMap<>();
    private static final Map<Scenario, byte[]> RESPONSES = new ConcurrentHashMap<>();

    private Canned() {}

    /** The text of the answer, whole or streamed; one text for all who ask, so that it costs a stream no memory. */
    public static String content(Scenario scenario) {
        return CONTENTS.computeIfAbsent(scenario, Canned::newContent);
    }

    private static String newContent(Scenario scenario) {
        StringBuilder text = new StringBuilder();
        if (scenario.pieces() > 0) {
            for (int i = 0; i < scenario.pieces(); i++) {
                text.append(piece(i));
            }
            return text.toString();
        }
        // what surrounds the content takes about 0.6 KB
        for (int i = 0; text.length() < scenario.bytes() - 590; i++) {
            text.append(piece(i));
        }
        return text.toString();
    }

    private static String piece(int i) {
        return WORDS[(i * 7 + i / 16) % WORDS.length];
    }

    /** The request as a raw socket sends it: what the others send, without their own headers. */
    public static byte[] request(Scenario scenario, int port) {
        String streaming = scenario.pieces() > 0 ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}" : "";
        byte[] body = ("{\"model\":\"" + MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + QUESTION
                        + "\"}]" + streaming + "}")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] head = ("POST /" + scenario.text() + "/v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:" + port
                        + "\r\nAuthorization: Bearer " + KEY + "\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return concat(List.of(head, body));
    }

    /** The parts that the mock writes one by one; for a whole answer there is one. */
    static List<byte[]> parts(Scenario scenario) {
        List<byte[]> written = scenario.pieces() == 0 ? List.of(whole(scenario)) : streamed(scenario);
        return switch (scenario) {
            case BURST100, BURST1000 -> List.of(concat(written));
            case FIRST -> List.of(concat(written.subList(0, 3)), concat(written.subList(3, written.size())));
            case HOLD -> List.of(concat(written.subList(0, 3)));
            case FLUSH100, FLUSH1000 -> joinedHead(written);
            case SMALL, LARGE, DELAYED -> written;
        };
    }

    /** All bytes of an answer, head included; one array for all who ask, not to be written to. */
    public static byte[] response(Scenario scenario) {
        return RESPONSES.computeIfAbsent(scenario, asked -> concat(parts(asked)));
    }

    /** How many bytes of a streamed answer have arrived when its first piece has. */
    public static int firstPieceEnd(Scenario scenario) {
        return concat(streamed(scenario).subList(0, 3)).length;
    }

    /** The bytes of the events alone, as they are within the frames of HTTP. */
    public static byte[] events(Scenario scenario) {
        return concat(eventList(scenario));
    }

    /** The JSON of each event with content. */
    public static List<byte[]> chunks(Scenario scenario) {
        List<byte[]> chunks = new ArrayList<>();
        for (int i = 0; i < scenario.pieces(); i++) {
            chunks.add(ascii(chunk("{\"content\":\"" + piece(i) + "\"}", "null")));
        }
        return chunks;
    }

    /** The JSON body of a whole answer. */
    public static byte[] body(Scenario scenario) {
        return ascii(
                "{\"id\":\"chatcmpl-CamelBench0123456789abcdef\",\"object\":\"chat.completion\",\"created\":1763856000,"
                        + "\"model\":\"" + ANSWERING_MODEL
                        + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
                        + content(scenario)
                        + "\",\"refusal\":null,\"annotations\":[]},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":"
                        + usage() + ",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_0123456789\"}");
    }

    private static String usage() {
        return "{\"prompt_tokens\":" + PROMPT_TOKENS + ",\"completion_tokens\":" + COMPLETION_TOKENS
                + ",\"total_tokens\":" + (PROMPT_TOKENS + COMPLETION_TOKENS)
                + ",\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0,"
                + "\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}";
    }

    private static byte[] whole(Scenario scenario) {
        byte[] body = body(scenario);
        return concat(List.of(
                ascii("HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 00:00:00 GMT\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + body.length
                        + "\r\nopenai-processing-ms: 1\r\nopenai-version: 2020-10-01\r\n"
                        + "x-request-id: req_0123456789abcdef0123456789abcdef\r\n\r\n"),
                body));
    }

    private static List<byte[]> streamed(Scenario scenario) {
        List<byte[]> parts = new ArrayList<>();
        parts.add(ascii("HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 00:00:00 GMT\r\n"
                + "Content-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n"
                + "x-request-id: req_0123456789abcdef0123456789abcdef\r\n\r\n"));
        for (byte[] event : eventList(scenario)) {
            parts.add(concat(List.of(ascii(Integer.toHexString(event.length) + "\r\n"), event, ascii("\r\n"))));
        }
        parts.add(ascii("0\r\n\r\n"));
        return parts;
    }

    private static List<byte[]> eventList(Scenario scenario) {
        List<byte[]> events = new ArrayList<>();
        events.add(event(chunk("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null")));
        for (byte[] chunk : chunks(scenario)) {
            events.add(event(new String(chunk, StandardCharsets.US_ASCII)));
        }
        events.add(event(chunk("{}", "\"stop\"")));
        events.add(event(start() + "\"choices\":[],\"usage\":" + usage() + "}"));
        events.add(event("[DONE]"));
        return events;
    }

    // the head goes with the first event, as servers do it
    private static List<byte[]> joinedHead(List<byte[]> written) {
        List<byte[]> parts = new ArrayList<>(written.subList(1, written.size()));
        parts.set(0, concat(written.subList(0, 2)));
        return parts;
    }

    private static String start() {
        return "{\"id\":\"chatcmpl-CamelBench0123456789abcdef\",\"object\":\"chat.completion.chunk\",\"created\":1763856000,"
                + "\"model\":\"" + ANSWERING_MODEL
                + "\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_0123456789\",";
    }

    private static String chunk(String delta, String finish) {
        return start() + "\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":"
                + finish + "}],\"usage\":null}";
    }

    private static byte[] event(String data) {
        return ascii("data: " + data + "\n\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] concat(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }
}
