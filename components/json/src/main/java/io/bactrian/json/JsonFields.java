package io.bactrian.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.model.JsonText;
import io.bactrian.core.provider.ParameterValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JSON object handed in by a caller, and where it stood: every complaint names the field. */
final class JsonFields {

    private final JsonNode object;
    private final String path;

    private JsonFields(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    static JsonFields of(JsonNode node, String path) {
        if (!node.isObject()) {
            throw JsonWriting.invalid((path.isEmpty() ? "the request" : path) + ": a JSON object is expected");
        }
        return new JsonFields(node, path);
    }

    JsonNode node() {
        return object;
    }

    String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** The value of that name; null if it is absent or null. */
    @Nullable
    JsonNode find(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    JsonNode need(String name) {
        JsonNode value = find(name);
        if (value == null) {
            throw invalid(name, "is missing");
        }
        return value;
    }

    @Nullable
    String text(String name) {
        JsonNode value = find(name);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw invalid(name, "is text");
        }
        return value.textValue();
    }

    String needText(String name) {
        need(name);
        String text = text(name);
        return text == null ? "" : text;
    }

    boolean flag(String name, boolean otherwise) {
        JsonNode value = find(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw invalid(name, "is true or false");
        }
        return value.booleanValue();
    }

    /** The object of that name; null if absent. */
    @Nullable
    JsonFields child(String name) {
        JsonNode value = find(name);
        return value == null ? null : of(value, at(name));
    }

    JsonFields needChild(String name) {
        return of(need(name), at(name));
    }

    /** The objects in the list of that name; none if it is absent. */
    List<JsonFields> children(String name) {
        JsonNode value = find(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw invalid(name, "is a list");
        }
        List<JsonFields> children = new ArrayList<>(value.size());
        for (int i = 0; i < value.size(); i++) {
            children.add(of(value.get(i), at(name) + "[" + i + "]"));
        }
        return children;
    }

    /** The texts of that name, given as one text or a list of them; none if it is absent. */
    List<String> texts(String name) {
        JsonNode value = find(name);
        if (value == null) {
            return List.of();
        }
        if (value.isTextual()) {
            return List.of(value.textValue());
        }
        if (!value.isArray()) {
            throw invalid(name, "is text or a list of texts");
        }
        List<String> texts = new ArrayList<>(value.size());
        for (JsonNode item : value) {
            if (!item.isTextual()) {
                throw invalid(name, "is text or a list of texts");
            }
            texts.add(item.textValue());
        }
        return texts;
    }

    JsonText json(String name) {
        return new JsonText(need(name).toString());
    }

    static ParameterValue parameter(JsonNode value) {
        if (value.isNumber()) {
            return new ParameterValue.Number(value.decimalValue());
        }
        if (value.isBoolean()) {
            return new ParameterValue.Flag(value.booleanValue());
        }
        return value.isTextual()
                ? new ParameterValue.Text(value.textValue())
                : new ParameterValue.Json(value.toString());
    }

    BadRequestException invalid(String name, String problem) {
        return JsonWriting.invalid(at(name) + " " + problem);
    }
}
