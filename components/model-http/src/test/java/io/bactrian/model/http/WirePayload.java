package io.bactrian.model.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A recorded answer of a server of the OpenAI family, whole or in events, and what it says, read by a plain tree. Some
 * are our own, in the test resources; many more lie beside the checkout, in the folder that the system property {@value
 * #PROPERTY} names. If that is set, they have to be there.
 */
record WirePayload(String name, List<String> events, boolean streamed) {

    static final String PROPERTY = "bactrian.wire.fixtures";

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> FAMILY = List.of(
            "alibaba/*",
            "deepseek/chat--*",
            "groq/*",
            "mistral/*",
            "moonshotai/*",
            "openai/chat--*",
            "openai-compatible/chat--*",
            "perplexity/*",
            "xai/xai-text*");

    static List<WirePayload> streams() {
        return all().stream().filter(WirePayload::streamed).toList();
    }

    static List<WirePayload> wholes() {
        return all().stream().filter(payload -> !payload.streamed()).toList();
    }

    private static List<WirePayload> all() {
        List<WirePayload> payloads = new ArrayList<>(in(Path.of("src/test/resources/wire"), List.of("*")));
        recorded().ifPresent(folder -> payloads.addAll(in(folder, FAMILY)));
        return payloads;
    }

    /** The folder of recorded payloads; empty on a bare clone. */
    static Optional<Path> recorded() {
        String named = System.getProperty(PROPERTY, "");
        if (!named.isBlank()) {
            if (!Files.isDirectory(Path.of(named))) {
                throw new AssertionError(PROPERTY + " names no folder: " + named);
            }
            return Optional.of(Path.of(named));
        }
        return Optional.of(Path.of("../../../shared/fixtures/wire")).filter(Files::isDirectory);
    }

    private static List<WirePayload> in(Path folder, List<String> globs) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> globs.stream().anyMatch(glob -> matches(folder.relativize(file), glob)))
                    .filter(file ->
                            file.toString().endsWith(".json") || file.toString().endsWith(".chunks.txt"))
                    .sorted()
                    .map(file -> read(folder.relativize(file).toString(), file))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean matches(Path file, String glob) {
        return file.getFileSystem().getPathMatcher("glob:" + glob).matches(file);
    }

    private static WirePayload read(String name, Path file) {
        try {
            return name.endsWith(".chunks.txt")
                    ? new WirePayload(
                            name,
                            Files.readAllLines(file).stream()
                                    .filter(line -> !line.isBlank())
                                    .toList(),
                            true)
                    : new WirePayload(name, List.of(Files.readString(file)), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same beginning and end with less between, so that every split of it can be tried. */
    WirePayload shortened(int bytes) {
        List<String> kept = new ArrayList<>(events);
        while (kept.stream().mapToInt(String::length).sum() > bytes && kept.size() > 6) {
            kept.remove(kept.size() / 2);
        }
        return new WirePayload(name, kept, streamed);
    }

    byte[] sse() {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append("data: ").append(event).append("\n\n"));
        return text.append("data: [DONE]\n\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    String body() {
        return events.get(0);
    }

    List<JsonNode> trees() {
        return events.stream()
                .map(event -> {
                    try {
                        return MAPPER.readTree(event);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }

    private Stream<JsonNode> parts() {
        return trees().stream().map(tree -> tree.at(streamed ? "/choices/0/delta" : "/choices/0/message"));
    }

    private String joined(String field) {
        StringBuilder all = new StringBuilder();
        parts().map(part -> part.path(field)).filter(JsonNode::isTextual).forEach(text -> all.append(text.textValue()));
        return all.toString();
    }

    String text() {
        return joined("content");
    }

    String reasoning() {
        return joined("reasoning_content") + joined("reasoning");
    }

    /** The arguments of each tool call, in order. */
    List<String> toolArguments() {
        TreeMap<Integer, StringBuilder> calls = new TreeMap<>();
        parts().flatMap(part -> stream(part.path("tool_calls")))
                .forEach(call -> calls.computeIfAbsent(call.path("index").asInt(0), index -> new StringBuilder())
                        .append(call.at("/function/arguments").asText("")));
        return calls.values().stream().map(StringBuilder::toString).toList();
    }

    String finishReason() {
        return trees().stream()
                .map(tree -> tree.at("/choices/0/finish_reason").asText(""))
                .filter(reason -> !reason.isEmpty() && !reason.equals("null"))
                .findFirst()
                .orElseThrow();
    }

    /** The last usage object. */
    JsonNode usage() {
        return trees().stream()
                .map(tree -> tree.path("usage"))
                .filter(JsonNode::isObject)
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        List<JsonNode> items = new ArrayList<>();
        array.forEach(items::add);
        return items.stream();
    }

    @Override
    public String toString() {
        return name;
    }
}
