package io.bactrian.tool.builtin.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonValue;
import io.bactrian.json.JsonMappers;
import io.bactrian.json.ToolJson;

/** JSON text as values and back. */
public final class JsonTexts {

    /** How many characters JSON may have. */
    public static final int LONGEST = 2_000_000;

    private static final Separators SEPARATORS = Separators.createDefaultInstance()
            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
            .withObjectEmptySeparator("")
            .withArrayEmptySeparator("");

    private JsonTexts() {}

    /**
     * Reads JSON, strictly: a name that is there twice is an error, and so is anything after the value.
     *
     * @throws BadRequestException naming the line and column, and what is wrong there
     */
    public static JsonValue read(String parameter, String json) {
        ArgumentChecks.checkLength(parameter, json, LONGEST);
        try {
            return ToolJson.codec().parse(json);
        } catch (BadRequestException wrong) {
            throw ArgumentChecks.refused(parameter, wrong.getMessage());
        }
    }

    /** Compact JSON. */
    public static String write(JsonValue value) {
        return ToolJson.codec().write(value);
    }

    /** JSON over several lines. */
    public static String writePretty(JsonValue value, int indent) {
        DefaultIndenter indenter = new DefaultIndenter(" ".repeat(indent), "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(SEPARATORS)
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter);
        try {
            return JsonMappers.strict().writer(printer).writeValueAsString(ToolJson.toNode(value));
        } catch (JsonProcessingException impossible) {
            // maps, lists, texts and numbers are all that a value is made of
            throw new IllegalStateException("a JSON value could not be written", impossible);
        }
    }
}
