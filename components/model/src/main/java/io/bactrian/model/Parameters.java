package io.bactrian.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.model.JsonText;
import io.bactrian.core.model.ModelParameters;
import io.bactrian.core.model.ResponseFormat;
import io.bactrian.core.provider.ParameterValue;
import io.bactrian.json.JsonMappers;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Model parameters out of options. */
final class Parameters {

    /** What is no parameter but has an option, a body or a place of its own. */
    private static final Set<String> TAKEN = Set.of(
            "model",
            "messages",
            "input",
            "stream",
            "stream_options",
            "tools",
            "tool_choice",
            "response_format",
            "stop",
            "user",
            "n",
            "encoding_format");

    /** Names under which somebody may try to hand in a key or another address (HDR-15). */
    private static final Pattern SECRET =
            Pattern.compile("key|secret|token$|password|authorization|credential|url|header|proxy");

    private Parameters() {}

    static ModelParameters ofLlm(ModelConfiguration options) {
        Map<String, ParameterValue> values = new LinkedHashMap<>();
        number(values, "temperature", options.getTemperature());
        number(values, "top_p", options.getTopP());
        number(values, "max_tokens", options.getMaxTokens());
        number(values, "seed", options.getSeed());
        number(values, "presence_penalty", options.getPresencePenalty());
        number(values, "frequency_penalty", options.getFrequencyPenalty());
        further(values, options.getAdditionalParameters());
        return ModelParameters.of(values);
    }

    static ModelParameters ofEmbedding(ModelConfiguration options) {
        Map<String, ParameterValue> values = new LinkedHashMap<>();
        number(values, "dimensions", options.getDimensions());
        further(values, options.getAdditionalParameters());
        return ModelParameters.of(values);
    }

    private static void number(Map<String, ParameterValue> values, String name, @Nullable Number value) {
        if (value != null) {
            values.put(name, new ParameterValue.Number(new BigDecimal(value.toString())));
        }
    }

    private static void further(Map<String, ParameterValue> values, Map<String, Object> options) {
        options.forEach((name, value) -> {
            if (TAKEN.contains(name)) {
                throw new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        "the option param." + name + " of a model: endpoint is no model parameter: " + name
                                + " has an option of its own or comes with the body");
            }
            if (SECRET.matcher(name.toLowerCase(Locale.ROOT)).find()) {
                throw new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        "the option param." + name + " of a model: endpoint is refused: keys and addresses are kept"
                                + " in credentials, which credential= names");
            }
            values.put(name, value(name, value));
        });
    }

    /** A value typed as it looks: number, true or false, JSON; text otherwise, and always in double quotes. */
    private static ParameterValue value(String name, Object value) {
        if (value instanceof Boolean flag) {
            return new ParameterValue.Flag(flag);
        }
        String text = value.toString();
        if (value instanceof Number) {
            return new ParameterValue.Number(new BigDecimal(text));
        }
        String bare = text.strip();
        if (bare.equals("true") || bare.equals("false")) {
            return new ParameterValue.Flag(bare.equals("true"));
        }
        if (bare.length() > 1 && bare.startsWith("\"") && bare.endsWith("\"")) {
            return new ParameterValue.Text(bare.substring(1, bare.length() - 1));
        }
        if (bare.startsWith("{") || bare.startsWith("[")) {
            if (json(bare).isEmpty()) {
                throw new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        "the option param." + name + " of a model: endpoint looks like JSON but is none");
            }
            return new ParameterValue.Json(bare);
        }
        return numberOf(bare).<ParameterValue>map(ParameterValue.Number::new).orElse(new ParameterValue.Text(text));
    }

    static Optional<BigDecimal> numberOf(String text) {
        try {
            // longer ones are ids, not amounts, and 1e999999999 is a trap
            return text.length() > 32 || text.chars().anyMatch(c -> c == 'e' || c == 'E')
                    ? Optional.empty()
                    : Optional.of(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Texts separated by commas, or a JSON array of strings.
     *
     * @param where what holds them, for the message
     */
    static List<String> stopTexts(String where, @Nullable String list) {
        if (list == null || list.isEmpty()) {
            return List.of();
        }
        if (!list.strip().startsWith("[")) {
            return Arrays.stream(list.split(",", -1))
                    .map(String::strip)
                    .filter(text -> !text.isEmpty())
                    .toList();
        }
        List<String> texts = new ArrayList<>();
        JsonNode array = json(list).filter(JsonNode::isArray).orElseThrow(() -> notTexts(where));
        for (JsonNode text : array) {
            if (!text.isTextual()) {
                throw notTexts(where);
            }
            texts.add(text.textValue());
        }
        return texts;
    }

    private static BadRequestException notTexts(String where) {
        return new BadRequestException(
                ErrorCode.INVALID_PARAM, where + " holds texts separated by commas, or a JSON array of strings");
    }

    /** The schema as a form of answer; strict if it allows nothing beyond its properties, which strict providers ask for. */
    static Optional<ResponseFormat.JsonSchema> jsonSchema(String text) {
        return json(text).filter(JsonNode::isObject).map(schema -> {
            boolean closed = schema.path("additionalProperties").isBoolean()
                    && !schema.path("additionalProperties").booleanValue();
            return new ResponseFormat.JsonSchema("answer", new JsonText(text), closed);
        });
    }

    private static Optional<JsonNode> json(String text) {
        try {
            return Optional.ofNullable(JsonMappers.strict().readTree(text));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
