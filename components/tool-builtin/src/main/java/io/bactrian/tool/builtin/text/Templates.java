package io.bactrian.tool.builtin.text;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkLength;
import static io.bactrian.tool.builtin.support.ArgumentChecks.quoted;
import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import io.bactrian.tool.builtin.support.Answer;
import io.bactrian.tool.builtin.support.JsonTexts;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills values into the placeholders of a text, {@code {name}} or {@code {name.part}}. No code, no conditions, no second look
 * at what was filled in: {@code {{…}}}, and braces around anything but a name, stay as they are (PARSE-08).
 */
final class Templates {

    static final int LONGEST = 200_000;

    private static final int LONGEST_RESULT = 1_000_000;

    /** What stands in two braces, which is somebody else's, or a placeholder. */
    private static final Pattern BRACES =
            Pattern.compile("\\{\\{[^{}]{0,800}}}|\\{([A-Za-z_][A-Za-z0-9_-]{0,63}(?:\\.[A-Za-z0-9_-]{1,64}){0,10})}");

    private Templates() {}

    /** @throws BadRequestException if a placeholder has no value */
    static Answer fill(String template, JsonObject values) {
        checkLength("template", template, LONGEST);
        Matcher braces = BRACES.matcher(template);
        StringBuilder out = new StringBuilder(template.length());
        Set<String> used = new LinkedHashSet<>();
        int at = 0;
        while (braces.find()) {
            String name = braces.group(1);
            if (name == null) {
                continue;
            }
            out.append(template, at, braces.start()).append(text(name, values));
            used.add(values.has(name) ? name : name.split("\\.")[0]);
            at = braces.end();
            if (out.length() > LONGEST_RESULT) {
                throw refused("values", "make the text longer than " + LONGEST_RESULT + " characters");
            }
        }
        out.append(template, at, template.length());
        List<String> unused =
                values.names().stream().filter(name -> !used.contains(name)).toList();
        return new Answer(
                out.toString(),
                JsonObject.builder()
                        .put("text", out)
                        .put("used", used)
                        .put("unused", unused)
                        .build());
    }

    private static String text(String name, JsonObject values) {
        JsonValue value = find(name, values)
                .orElseThrow(() -> refused(
                        "values",
                        "have none for the placeholder " + quoted("{" + name + "}") + "; given are "
                                + (values.isEmpty() ? "none" : String.join(", ", values.names()))));
        if (value instanceof JsonString text) {
            return text.value();
        }
        if (value instanceof JsonNumber number) {
            return number.value().precision() - number.value().scale() > 40
                    ? number.value().toString()
                    : number.value().toPlainString();
        }
        if (value == JsonNull.NULL) {
            throw refused("values", "the placeholder " + quoted("{" + name + "}") + " has the value null");
        }
        return JsonTexts.write(value);
    }

    /** A whole name goes before a way through objects and arrays. */
    private static Optional<JsonValue> find(String name, JsonObject values) {
        Optional<JsonValue> found = values.find(name);
        if (found.isPresent()) {
            return found;
        }
        JsonValue at = values;
        for (String step : name.split("\\.")) {
            Optional<JsonValue> next = step(at, step);
            if (next.isEmpty()) {
                return next;
            }
            at = next.get();
        }
        return Optional.of(at);
    }

    private static Optional<JsonValue> step(JsonValue from, String step) {
        if (from instanceof JsonObject object) {
            return object.find(step);
        }
        boolean index = step.length() <= 6 && step.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!(from instanceof JsonArray array) || !index) {
            return Optional.empty();
        }
        int at = Integer.parseInt(step);
        return at < array.elements().size() ? Optional.of(array.elements().get(at)) : Optional.empty();
    }
}
