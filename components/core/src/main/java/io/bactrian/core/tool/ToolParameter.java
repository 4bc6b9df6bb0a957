package io.bactrian.core.tool;

import io.bactrian.core.error.SafeText;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of a tool.
 *
 * @param name its name: begins with a letter or underscore, 1 to 64 letters, digits, {@code _}, {@code -} and {@code .}
 * @param label what people see
 * @param humanDescription what it is for, for people
 * @param llmDescription what it is for, for a model
 * @param type what it holds
 * @param form who gives it its value
 * @param required whether it must have a value
 * @param defaultValue its value when none is given; null for none
 * @param min the least number allowed; null for no bound
 * @param max the greatest number allowed; null for no bound
 * @param precision how many decimals a number may have: 0 for whole numbers; null for any
 * @param options the values allowed; none for any
 * @param multiple for {@code select}: whether it is a list of the options
 * @param scope narrows what a selector offers; null for all
 * @param schema the JSON Schema of the value; null for what follows from the type
 */
public record ToolParameter(
        String name,
        I18nText label,
        I18nText humanDescription,
        String llmDescription,
        ToolParameterType type,
        ToolParameterForm form,
        boolean required,
        @Nullable JsonValue defaultValue,
        @Nullable BigDecimal min,
        @Nullable BigDecimal max,
        @Nullable Integer precision,
        List<ToolParameterOption> options,
        boolean multiple,
        @Nullable String scope,
        @Nullable JsonObject schema) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,63}");

    // names that would steer the transport rather than the tool if anybody ever made a header of one (HDR-10)
    private static final Set<String> STEERING = Set.of(
            "authorization",
            "proxy-authorization",
            "host",
            "cookie",
            "set-cookie",
            "connection",
            "content-length",
            "transfer-encoding");

    /** @throws IllegalArgumentException if the name is none, or the bounds and options contradict the type */
    public ToolParameter {
        options = List.copyOf(options);
        checkName(name);
        if (multiple && type != ToolParameterType.SELECT && type != ToolParameterType.DYNAMIC_SELECT) {
            throw new IllegalArgumentException("parameter '" + name + "': only a select can be multiple");
        }
        if (type == ToolParameterType.SELECT && options.isEmpty()) {
            throw new IllegalArgumentException("parameter '" + name + "': a select needs options");
        }
        if (min != null && max != null && min.compareTo(max) > 0) {
            throw new IllegalArgumentException("parameter '" + name + "': min is greater than max");
        }
        if (precision != null && precision < 0) {
            throw new IllegalArgumentException("parameter '" + name + "': precision counts decimals, from 0");
        }
    }

    private static void checkName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!NAME.matcher(name).matches() || !SafeText.showable(name)) {
            throw new IllegalArgumentException(
                    "a parameter is named by 1 to 64 letters, digits, '_', '-' and '.', beginning with a letter or '_'");
        }
        if (STEERING.contains(lower) || lower.startsWith("camel") || lower.startsWith("bactrian")) {
            throw new IllegalArgumentException(
                    "a parameter cannot be named '" + name + "': that is a name of the transport's");
        }
    }

    /** Starts a parameter that the model gives. */
    public static Builder llm(String name, ToolParameterType type, String description) {
        return new Builder(name, type, ToolParameterForm.LLM, description);
    }

    /** Starts a parameter that whoever builds the route or agent sets. */
    public static Builder form(String name, ToolParameterType type, String description) {
        return new Builder(name, type, ToolParameterForm.FORM, description);
    }

    /** Puts a parameter together. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private final ToolParameterType type;
        private final ToolParameterForm form;
        private final String description;
        private I18nText label;
        private I18nText humanDescription;
        private boolean required;
        private @Nullable JsonValue defaultValue;
        private @Nullable BigDecimal min;
        private @Nullable BigDecimal max;
        private @Nullable Integer precision;
        private List<ToolParameterOption> options = List.of();
        private boolean multiple;
        private @Nullable String scope;
        private @Nullable JsonObject schema;

        private Builder(String name, ToolParameterType type, ToolParameterForm form, String description) {
            this.name = name;
            this.type = type;
            this.form = form;
            this.description = description;
            this.label = I18nText.of(name);
            this.humanDescription = I18nText.of(description);
        }

        /** It must have a value. */
        public Builder required() {
            return required(true);
        }

        /** Whether it must have a value; by default it need not. */
        public Builder required(boolean must) {
            required = must;
            return this;
        }

        /** Its value when none is given, as for {@link JsonValue#of}. */
        public Builder defaultValue(@Nullable Object value) {
            defaultValue = value == null ? null : JsonValue.of(value);
            return this;
        }

        /** The numbers allowed; null for no bound. */
        public Builder range(@Nullable Number least, @Nullable Number greatest) {
            min = least == null ? null : new BigDecimal(least.toString());
            max = greatest == null ? null : new BigDecimal(greatest.toString());
            return this;
        }

        /** Whole numbers only. */
        public Builder whole() {
            return precision(0);
        }

        /** How many decimals a number may have. */
        public Builder precision(@Nullable Integer decimals) {
            precision = decimals;
            return this;
        }

        /** The values allowed. */
        public Builder options(String... values) {
            return options(Arrays.stream(values).map(ToolParameterOption::of).toList());
        }

        /** The values allowed. */
        public Builder options(List<ToolParameterOption> values) {
            options = values;
            return this;
        }

        /** It is a list of the options. */
        public Builder multiple() {
            multiple = true;
            return this;
        }

        /** Narrows what a selector offers. */
        public Builder scope(@Nullable String narrow) {
            scope = narrow;
            return this;
        }

        /** What people see instead of the name. */
        public Builder label(I18nText shown) {
            label = shown;
            return this;
        }

        /** What people read instead of what the model reads. */
        public Builder humanDescription(I18nText shown) {
            humanDescription = shown;
            return this;
        }

        /** The JSON Schema of the value. */
        public Builder schema(@Nullable JsonObject given) {
            schema = given;
            return this;
        }

        /**
         * The parameter.
         *
         * @throws IllegalArgumentException as {@link ToolParameter}
         */
        public ToolParameter build() {
            return new ToolParameter(
                    name,
                    label,
                    humanDescription,
                    description,
                    type,
                    form,
                    required,
                    defaultValue,
                    min,
                    max,
                    precision,
                    options,
                    multiple,
                    scope,
                    schema);
        }
    }
}
