package io.bactrian.core.tool;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what a model wrote as arguments. It is meant to be a JSON object; where the tool has one parameter only, models also just
 * write its value.
 */
final class ModelArguments {

    private static final char BYTE_ORDER_MARK = '\ufeff';
    private static final String FENCE = "```";

    private final JsonCodec json;

    ModelArguments(JsonCodec json) {
        this.json = json;
    }

    /**
     * The arguments.
     *
     * @param fixed the names of parameters that are set already: the model neither sees nor means them
     * @throws BadRequestException with {@code tool_parameters_invalid}, so that the model can correct itself
     */
    JsonObject read(String written, ToolEntity tool, Set<String> fixed) {
        Shown shown = new Shown(
                tool,
                tool.llmParameters().stream()
                        .filter(parameter -> !fixed.contains(parameter.name()))
                        .toList());
        String text = bare(written);
        if (text.isEmpty()) {
            return JsonObject.EMPTY;
        }
        JsonValue value;
        try {
            value = json.parse(text);
        } catch (BadRequestException e) {
            return notJson(shown, written, text, e);
        }
        return ofValue(value, shown, true);
    }

    /** What the model is shown of a tool. */
    private record Shown(ToolEntity tool, List<ToolParameter> parameters) {

        Optional<ToolParameter> only() {
            return parameters.size() == 1 ? Optional.of(parameters.get(0)) : Optional.empty();
        }
    }

    /** Without blanks, a byte order mark, and the fence that models put around code. */
    private static String bare(String written) {
        String text = written.strip();
        if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
            text = text.substring(1).strip();
        }
        if (!text.startsWith(FENCE) || !text.endsWith(FENCE) || text.length() < 2 * FENCE.length()) {
            return text;
        }
        String inner = text.substring(FENCE.length(), text.length() - FENCE.length());
        String code =
                inner.regionMatches(true, 0, "json", 0, 4) ? inner.substring(4).strip() : inner.strip();
        return code.startsWith("{") ? code : text;
    }

    /** Text is the value of a tool's only parameter; what begins like an object was meant as one, and is broken. */
    private static JsonObject notJson(Shown shown, String written, String text, BadRequestException error) {
        if (text.startsWith("{")) {
            throw refused(shown, ": " + error.getMessage());
        }
        return only(shown, new JsonString(written));
    }

    private JsonObject ofValue(JsonValue value, Shown shown, boolean mayBeText) {
        if (value instanceof JsonObject object) {
            return ofObject(object, shown);
        }
        if (value == JsonNull.NULL) {
            return JsonObject.EMPTY;
        }
        if (mayBeText
                && value instanceof JsonString text
                && text.value().strip().startsWith("{")) {
            // some models write the object as a text within JSON (PARSE-05)
            try {
                return ofValue(json.parse(text.value()), shown, false);
            } catch (BadRequestException e) {
                return only(shown, value);
            }
        }
        return only(shown, value);
    }

    /** An object is meant as the arguments, unless the tool has one parameter of structure and the object names none of them. */
    private static JsonObject ofObject(JsonObject object, Shown shown) {
        Optional<ToolParameter> structured = shown.only()
                .filter(one -> one.type() == ToolParameterType.OBJECT || one.type() == ToolParameterType.ANY);
        boolean named = object.isEmpty()
                || object.names().stream()
                        .anyMatch(name -> shown.tool().parameter(name).isPresent());
        return structured.isPresent() && !named ? JsonObject.of(structured.get().name(), object) : object;
    }

    private static JsonObject only(Shown shown, JsonValue value) {
        return shown.only()
                .map(parameter -> JsonObject.of(parameter.name(), value))
                .orElseThrow(() -> refused(shown, ""));
    }

    private static BadRequestException refused(Shown shown, String problem) {
        return ToolErrors.argument("the arguments of '" + shown.tool().name() + "' have to be a JSON object" + problem);
    }
}
