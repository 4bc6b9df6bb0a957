package io.bactrian.model.http;

import io.bactrian.core.provider.ParameterRule;
import io.bactrian.core.provider.ParameterType;
import io.bactrian.json.YamlNode;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the rules of parameters. */
final class RuleReader {

    private static final Set<String> KEYS = Set.of(
            "name",
            "use_template",
            "label",
            "help",
            "type",
            "required",
            "default",
            "min",
            "max",
            "precision",
            "options");
    private static final List<String> TYPES =
            Arrays.stream(ParameterType.values()).map(ParameterType::text).toList();

    /** Dify's templates: what a rule leaves out is taken from here. */
    private static final Map<String, ParameterRule> TEMPLATES = Map.of(
            "temperature", number(ParameterType.FLOAT, "0.0", "0", "1", 2),
            "top_p", number(ParameterType.FLOAT, "1.0", "0", "1", 2),
            "top_k", number(ParameterType.INT, "50", "1", "100", 0),
            "presence_penalty", number(ParameterType.FLOAT, "0.0", "0", "1", 2),
            "frequency_penalty", number(ParameterType.FLOAT, "0.0", "0", "1", 2),
            "max_tokens", number(ParameterType.INT, "64", "1", "2048", 0),
            "response_format", text(ParameterType.STRING, List.of("JSON", "XML")),
            "json_schema", text(ParameterType.TEXT, List.of()));

    private RuleReader() {}

    private static ParameterRule number(
            ParameterType type, String defaultValue, String min, String max, int precision) {
        return new ParameterRule(
                "", type, false, defaultValue, new BigDecimal(min), new BigDecimal(max), precision, List.of());
    }

    private static ParameterRule text(ParameterType type, List<String> options) {
        return new ParameterRule("", type, false, null, null, null, null, options);
    }

    static ParameterRule rule(YamlNode node) {
        node.map(KEYS);
        ParameterRule template = Choices.one(
                node.get("use_template"),
                name -> Optional.ofNullable(TEMPLATES.get(name)),
                List.copyOf(new TreeSet<>(TEMPLATES.keySet())));
        ParameterRule base = template == null ? text(ParameterType.TEXT, List.of()) : template;
        ParameterType type = template == null
                ? Choices.need(node.get("type"), ParameterType::of, TYPES)
                : Choices.one(node.get("type"), ParameterType::of, TYPES);
        Choices.label(node.get("label"));
        Choices.label(node.get("help"));
        Integer precision = Choices.wholeNumber(node.get("precision"), 0);
        List<String> options = Choices.texts(node.get("options"));
        ParameterRule rule = new ParameterRule(
                node.get("name").requiredText(),
                type == null ? base.type() : type,
                node.get("required").flag().orElse(false),
                or(node.get("default").text(), base.defaultValue()),
                or(node.get("min").number(), base.min()),
                or(node.get("max").number(), base.max()),
                precision == null ? base.precision() : precision,
                options.isEmpty() ? base.options() : options);
        if (rule.min() != null && rule.max() != null && rule.min().compareTo(rule.max()) > 0) {
            node.get("min").problem("is greater than max");
        }
        return rule;
    }

    private static <T> @Nullable T or(Optional<T> given, @Nullable T otherwise) {
        return given.isPresent() ? given.get() : otherwise;
    }
}
