package io.bactrian.core.tool;

import io.bactrian.core.file.FileId;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonBoolean;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * The arguments of a call, checked and coerced by the tool's parameters: a parameter that is required or has a default is there,
 * and has its type. Asked for one that is not declared so, a getter throws {@link IllegalStateException}: a mistake in the tool.
 *
 * @param values the arguments by name
 */
public record ToolArguments(JsonObject values) {

    /** The text of a parameter that always has a value. */
    public String text(String name) {
        return findText(name).orElseThrow(() -> missing(name, "text"));
    }

    /** The text of a parameter. */
    public Optional<String> findText(String name) {
        return values.find(name)
                .map(value -> typed(value, JsonString.class, name).value());
    }

    /** The number of a parameter that always has a value. */
    public BigDecimal number(String name) {
        return findNumber(name).orElseThrow(() -> missing(name, "number"));
    }

    /** The number of a parameter. */
    public Optional<BigDecimal> findNumber(String name) {
        return values.find(name)
                .map(value -> typed(value, JsonNumber.class, name).value());
    }

    /** The whole number of a parameter that always has a value and whose range is within {@code int}. */
    public int integer(String name) {
        return number(name).intValueExact();
    }

    /** The whole number of a parameter whose range is within {@code int}. */
    public Optional<Integer> findInteger(String name) {
        return findNumber(name).map(BigDecimal::intValueExact);
    }

    /** The truth value of a parameter that always has a value. */
    public boolean flag(String name) {
        return values.find(name)
                .map(value -> typed(value, JsonBoolean.class, name).value())
                .orElseThrow(() -> missing(name, "boolean"));
    }

    /** The truth value of a parameter, or another one if it has none. */
    public boolean flag(String name, boolean otherwise) {
        return values.find(name)
                .map(value -> typed(value, JsonBoolean.class, name).value())
                .orElse(otherwise);
    }

    /** The items of a list that always has a value. */
    public List<JsonValue> list(String name) {
        return values.find(name)
                .map(value -> typed(value, JsonArray.class, name).elements())
                .orElseThrow(() -> missing(name, "list"));
    }

    /** The texts of a list; none if it has no value. */
    public List<String> texts(String name) {
        return values
                .find(name)
                .map(value -> typed(value, JsonArray.class, name).elements())
                .orElse(List.of())
                .stream()
                .map(item -> typed(item, JsonString.class, name).value())
                .toList();
    }

    /** The object of a parameter. */
    public Optional<JsonObject> findObject(String name) {
        return values.find(name).map(value -> typed(value, JsonObject.class, name));
    }

    /** The file of a parameter of type {@code file}. */
    public Optional<FileId> findFile(String name) {
        return findText(name).map(FileId::new);
    }

    /** The files of a parameter of type {@code files}; none if it has no value. */
    public List<FileId> files(String name) {
        return texts(name).stream().map(FileId::new).toList();
    }

    private static <T> T typed(JsonValue value, Class<T> type, String name) {
        if (!type.isInstance(value)) {
            throw new IllegalStateException("parameter '" + name + "' holds a " + value.kind() + ", as its type says");
        }
        return type.cast(value);
    }

    private static IllegalStateException missing(String name, String type) {
        return new IllegalStateException(
                "parameter '" + name + "' is neither required nor has a default, or is no " + type);
    }
}
