package io.bactrian.core.provider;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rule for one parameter of a model.
 *
 * @param name the parameter, in the spelling of the OpenAI chat API: {@code temperature}, {@code top_p},
 *     {@code max_tokens} …
 * @param type its type
 * @param required whether it must be given
 * @param defaultValue what the provider takes when it is absent, as text; informative, never sent
 * @param min the least value, inclusive; null for none
 * @param max the greatest value, inclusive; null for none
 * @param precision the most decimals of a float; null for any
 * @param options the values allowed; empty for any
 */
public record ParameterRule(
        String name,
        ParameterType type,
        boolean required,
        @Nullable String defaultValue,
        @Nullable BigDecimal min,
        @Nullable BigDecimal max,
        @Nullable Integer precision,
        List<String> options) {

    /** Copies the list. */
    public ParameterRule {
        options = List.copyOf(options);
    }

    /**
     * What is wrong with a value.
     *
     * @return a sentence that names the parameter and the rule, or nothing if the value is fine
     */
    public Optional<String> problemOf(ParameterValue value) {
        return switch (type) {
            case INT, FLOAT ->
                value instanceof ParameterValue.Number number
                        ? problemOfNumber(number.number())
                        : Optional.of(name + " is a number");
            case BOOLEAN ->
                value instanceof ParameterValue.Flag ? Optional.empty() : Optional.of(name + " is true or false");
            case STRING, TEXT ->
                value instanceof ParameterValue.Text text ? problemOfText(text.text()) : Optional.of(name + " is text");
        };
    }

    private Optional<String> problemOfNumber(BigDecimal number) {
        if (type == ParameterType.INT && number.stripTrailingZeros().scale() > 0) {
            return Optional.of(name + " is a whole number");
        }
        if (min != null && number.compareTo(min) < 0) {
            return Optional.of(name + " is at least " + min.toPlainString());
        }
        if (max != null && number.compareTo(max) > 0) {
            return Optional.of(name + " is at most " + max.toPlainString());
        }
        if (precision != null && number.stripTrailingZeros().scale() > precision) {
            return Optional.of(name + " has at most " + precision + " decimals");
        }
        return Optional.empty();
    }

    private Optional<String> problemOfText(String text) {
        return options.isEmpty() || options.contains(text)
                ? Optional.empty()
                : Optional.of(name + " is one of " + options);
    }
}
