package io.bactrian.support.tool;

import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.SafeText;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolErrors;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.json.ToolJson;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Message;
import org.apache.camel.WrappedFile;
import org.jspecify.annotations.Nullable;

/**
 * Makes a tool's arguments of a message's body, and of nothing else: no header ever becomes one (HDR-09).
 *
 * <p>A map, an object of JSON or its text is the arguments by name. Anything else is the value of the tool's one parameter, if
 * it has one only that is the caller's to give and that no option sets: a text parameter takes the body's text as it is,
 * another one the value that the text is in JSON.
 */
final class ToolArgumentsBody {

    private static final String ACCEPTED =
            "a Map with the arguments by name, an object of JSON or its text, or, for a tool with one parameter, its value";

    private static final Set<ToolParameterType> TEXTS = EnumSet.of(
            ToolParameterType.STRING,
            ToolParameterType.SECRET_INPUT,
            ToolParameterType.SELECT,
            ToolParameterType.DYNAMIC_SELECT,
            ToolParameterType.CHECKBOX,
            ToolParameterType.DATE,
            ToolParameterType.FILE);

    private final JsonCodec json;
    private final JsonObject formValues;
    private final Tool tool;

    /**
     * @param json reads JSON
     * @param formValues what options set, which is not for the body to give
     * @param tool the tool, without which not every body is clear
     */
    ToolArgumentsBody(JsonCodec json, JsonObject formValues, Tool tool) {
        this.json = json;
        this.formValues = formValues;
        this.tool = tool;
    }

    /** @throws BadRequestException with {@code tool_parameters_invalid} if the body is none of the accepted kinds */
    JsonObject read(Message message) {
        Object body = message.getBody();
        if (body == null) {
            return JsonObject.EMPTY;
        }
        if (body instanceof JsonNode node) {
            return ofValue(ToolJson.fromNode(node), null);
        }
        return isValue(body) ? ofValue(valueOf(body), null) : ofText(textOf(body, message));
    }

    private static boolean isValue(Object body) {
        return body instanceof Map<?, ?>
                || body instanceof JsonValue
                || body instanceof Number
                || body instanceof Boolean
                || body instanceof List<?>
                || body instanceof Object[];
    }

    private static JsonValue valueOf(Object body) {
        try {
            return JsonValue.of(body);
        } catch (IllegalArgumentException e) {
            String where = String.valueOf(e.getMessage());
            boolean showable = where.length() <= 300 && SafeText.showable(where);
            throw ToolErrors.argument("the body holds what is no value of JSON" + (showable ? ": " + where : ""));
        }
    }

    private JsonObject ofText(String text) {
        if (text.isEmpty()) {
            return JsonObject.EMPTY;
        }
        JsonValue value;
        try {
            value = json.parse(text);
        } catch (BadRequestException e) {
            return ofPlainText(text, e);
        }
        return ofValue(value, text);
    }

    private JsonObject ofPlainText(String text, BadRequestException problem) {
        ToolParameter only = onlyParameter();
        String start = text.stripLeading();
        boolean meantAsJson = start.startsWith("{") || start.startsWith("[");
        if (only != null && (isText(only) || !meantAsJson)) {
            return JsonObject.of(only.name(), text);
        }
        if (start.isEmpty()) {
            return JsonObject.EMPTY;
        }
        throw refused(meantAsJson ? "it looks like JSON but is none: " + problem.getMessage() : "it is plain text");
    }

    /** @param text the text that the value was read from; null if it was none */
    private JsonObject ofValue(JsonValue value, @Nullable String text) {
        if (value instanceof JsonObject object) {
            return ofObject(object);
        }
        ToolParameter only = onlyParameter();
        if (only != null) {
            return JsonObject.of(only.name(), text != null && isText(only) ? text : value);
        }
        if (value == JsonNull.NULL) {
            return JsonObject.EMPTY;
        }
        throw refused("it is a JSON " + value.kind());
    }

    /** An object is meant as the arguments, unless the one parameter holds objects and the object names no parameter. */
    private JsonObject ofObject(JsonObject object) {
        ToolParameter only = object.isEmpty() ? null : onlyParameter();
        if (only == null || only.type() != ToolParameterType.OBJECT && only.type() != ToolParameterType.ANY) {
            return object;
        }
        boolean named = object.names().stream()
                .anyMatch(name -> tool.entity().parameter(name).isPresent());
        return named ? object : JsonObject.of(only.name(), object);
    }

    private static boolean isText(ToolParameter parameter) {
        return TEXTS.contains(parameter.type()) && !parameter.multiple();
    }

    /** The one parameter that is left for the body; null if there is none, or more. */
    private @Nullable ToolParameter onlyParameter() {
        ToolParameter only = null;
        for (ToolParameter parameter : tool.llmParameters()) {
            boolean open = !formValues.has(parameter.name());
            if (open && only != null) {
                return null;
            }
            only = open ? parameter : only;
        }
        return only;
    }

    private BadRequestException refused(String problem) {
        return ToolErrors.argument("the body cannot be read as arguments: " + problem + ". It has to be " + ACCEPTED);
    }

    /** The text of bytes, streams, files and whatever Camel converts. */
    private static String textOf(Object body, Message message) {
        CamelContext context = message.getExchange().getContext();
        String text = convertible(body, context)
                ? context.getTypeConverter().tryConvertTo(String.class, message.getExchange(), body)
                : null;
        if (text == null) {
            // its class, not its value: that may be anything
            throw ToolErrors.argument("the body is a " + body.getClass().getName() + ": it has to be " + ACCEPTED);
        }
        return text;
    }

    /** Camel makes text of any object by its toString, as a last resort; that is no argument. */
    private static boolean convertible(Object body, CamelContext context) {
        return body instanceof CharSequence
                || body instanceof WrappedFile<?>
                || context.getTypeConverterRegistry().lookup(String.class, body.getClass()) != null;
    }
}
