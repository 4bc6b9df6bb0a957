package io.bactrian.support.tool;

import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.ToolInvokeMeta;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.json.ToolJson;
import io.bactrian.support.ShownText;
import io.bactrian.support.ToolStreamLease;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Converter;

/**
 * What tools' results turn into when a route asks for another type. There is none to a stream cache: Camel would read a live
 * stream to its end before the next step.
 */
@Converter(generateLoader = true)
public final class ToolConverter {

    private static final ToolInvokeMeta UNKNOWN = new ToolInvokeMeta(null, Duration.ZERO, null, 0, 0, List.of());

    private ToolConverter() {}

    /** The text of a result; if it has none, its structured part as JSON. */
    @Converter
    public static String toString(ToolResult result) {
        return result.text().isEmpty()
                ? structure(result).map(ToolJson.codec()::write).orElse("")
                : result.text();
    }

    /** The text of a result in UTF-8; if it has none, its structured part as JSON. */
    @Converter
    public static byte[] toBytes(ToolResult result) {
        return toString(result).getBytes(StandardCharsets.UTF_8);
    }

    /** The text of a result in UTF-8; if it has none, its structured part as JSON. */
    @Converter
    public static InputStream toInputStream(ToolResult result) {
        return new ByteArrayInputStream(toBytes(result));
    }

    /** The structured part of a result: its one value, or a list of them if they are several; or else its variables. */
    @Converter
    public static JsonValue toJsonValue(ToolResult result) {
        return orNone(structure(result));
    }

    /** The structured part of a result, if it is an object. */
    @Converter
    public static JsonObject toJsonObject(ToolResult result) {
        return orNone(structure(result, JsonObject.class));
    }

    /** The structured part of a result, if it is an object. */
    @Converter
    public static Map<?, ?> toMap(ToolResult result) {
        return orNone(structure(result, JsonObject.class).map(JsonObject::toJava));
    }

    /** The structured part of a result, if it is a list. */
    @Converter
    public static List<?> toList(ToolResult result) {
        return orNone(structure(result, JsonArray.class).map(JsonArray::toJava));
    }

    /** The structured part of a result. */
    @Converter
    public static JsonNode toJsonNode(ToolResult result) {
        return orNone(structure(result).map(ToolJson::toNode));
    }

    private static Optional<JsonValue> structure(ToolResult result) {
        if (result.json().size() == 1) {
            return Optional.of(result.json().get(0));
        }
        if (!result.json().isEmpty()) {
            return Optional.of(new JsonArray(result.json()));
        }
        return result.variables().isEmpty() ? Optional.empty() : Optional.of(new JsonObject(result.variables()));
    }

    private static <T extends JsonValue> Optional<T> structure(ToolResult result, Class<T> type) {
        return structure(result).filter(type::isInstance).map(type::cast);
    }

    /** Null is how a converter has Camel say that a value cannot be converted; an exception would print the value. */
    @SuppressWarnings("NullAway")
    private static <T> T orNone(Optional<T> converted) {
        return converted.orElse(null);
    }

    /**
     * The text of all that comes of a tool, read to its end; if there is none, its structured part as JSON. What was read stays
     * there for the route. A trace or a log is told which stream it is, and reads nothing.
     */
    @Converter
    public static String toString(ToolStream stream) {
        if (ShownText.isAllThatIsWanted()) {
            return stream.toString();
        }
        ToolResult.Collector whole = new ToolResult.Collector();
        if (stream instanceof ToolStreamLease lease) {
            lease.peekEach(whole::add);
            return toString(whole.result(UNKNOWN));
        }
        try (stream) {
            stream.forEachRemaining(whole::add);
        }
        return toString(whole.result(UNKNOWN));
    }
}
