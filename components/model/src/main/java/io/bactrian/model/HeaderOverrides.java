package io.bactrian.model;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.model.ModelParameters;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ParameterValue;
import io.bactrian.support.BactrianConstants;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** The headers that may replace an endpoint's options; none unless the route's author lists them (HDR-07, HDR-08). */
final class HeaderOverrides {

    private static final HeaderOverrides NONE = new HeaderOverrides(EnumSet.noneOf(Overridable.class));

    private final Set<Overridable> allowed;

    private HeaderOverrides(Set<Overridable> allowed) {
        this.allowed = allowed;
    }

    /** What can be replaced at all. Who pays, with what, whom and where is not here. */
    private enum Overridable {
        MODEL_NAME(BactrianConstants.MODEL_NAME, "modelName", "", null),
        TEMPERATURE(BactrianConstants.MODEL_TEMPERATURE, "temperature", "temperature", ModelType.LLM),
        TOP_P(BactrianConstants.MODEL_TOP_P, "topP", "top_p", ModelType.LLM),
        MAX_TOKENS(BactrianConstants.MODEL_MAX_TOKENS, "maxTokens", "max_tokens", ModelType.LLM),
        SEED(BactrianConstants.MODEL_SEED, "seed", "seed", ModelType.LLM),
        PRESENCE_PENALTY(
                BactrianConstants.MODEL_PRESENCE_PENALTY, "presencePenalty", "presence_penalty", ModelType.LLM),
        FREQUENCY_PENALTY(
                BactrianConstants.MODEL_FREQUENCY_PENALTY, "frequencyPenalty", "frequency_penalty", ModelType.LLM),
        STOP(BactrianConstants.MODEL_STOP, "stop", "", ModelType.LLM),
        DIMENSIONS(BactrianConstants.MODEL_DIMENSIONS, "dimensions", "dimensions", ModelType.TEXT_EMBEDDING);

        private final String header;
        private final String option;
        private final String parameter;
        private final @Nullable ModelType type;

        Overridable(String header, String option, String parameter, @Nullable ModelType type) {
            this.header = header;
            this.option = option;
            this.parameter = parameter;
            this.type = type;
        }

        private static Optional<Overridable> of(String name) {
            return Arrays.stream(values())
                    .filter(one -> one.header.equalsIgnoreCase(name) || one.option.equals(name))
                    .findFirst();
        }
    }

    /**
     * Reads the option.
     *
     * @param list headers, or the options they replace, separated by commas; null or empty for none
     * @throws MisconfiguredException if something else is among them
     */
    static HeaderOverrides parse(@Nullable String list) {
        if (list == null || list.isBlank()) {
            return NONE;
        }
        Set<Overridable> allowed = EnumSet.noneOf(Overridable.class);
        for (String name : list.split(",", -1)) {
            allowed.add(Overridable.of(name.strip()).orElseThrow(HeaderOverrides::notOverridable));
        }
        return new HeaderOverrides(allowed);
    }

    private static MisconfiguredException notOverridable() {
        return new MisconfiguredException(
                ErrorCode.MISCONFIGURED,
                "the option headerOverrides of a model: endpoint lists a header that replaces nothing. It may list "
                        + Arrays.stream(Overridable.values())
                                .map(one -> one.header)
                                .collect(Collectors.joining(", "))
                        + "; tenant, credential, provider and addresses are never taken from a header");
    }

    /** The model that the message asks for; null if it does not, or may not. */
    @Nullable
    String modelName(Message message) {
        Object value = value(message, Overridable.MODEL_NAME);
        return value == null ? null : value.toString();
    }

    /** The texts that end the answer, as the message wants them; null if it does not say, or may not. */
    @Nullable
    List<String> stop(Message message) {
        Object value = value(message, Overridable.STOP);
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).toList();
        }
        return value == null ? null : Parameters.stopTexts("the header " + Overridable.STOP.header, value.toString());
    }

    /** The parameters that the message sets and may set. */
    ModelParameters parameters(Message message, ModelType type) {
        if (allowed.isEmpty()) {
            return ModelParameters.NONE;
        }
        Map<String, ParameterValue> values = new LinkedHashMap<>();
        for (Overridable one : allowed) {
            Object value = one.parameter.isEmpty() || one.type != type ? null : value(message, one);
            if (value != null) {
                values.put(one.parameter, new ParameterValue.Number(number(one, value)));
            }
        }
        return ModelParameters.of(values);
    }

    private @Nullable Object value(Message message, Overridable one) {
        return allowed.contains(one) ? message.getHeader(one.header) : null;
    }

    private static BigDecimal number(Overridable one, Object value) {
        return Parameters.numberOf(value.toString().strip())
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.INVALID_PARAM, "the header " + one.header + " holds something that is no number"));
    }
}
