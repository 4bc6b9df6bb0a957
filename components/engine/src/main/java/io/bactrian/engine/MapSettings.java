package io.bactrian.engine;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings in a map, for use without a Camel context. Understands the placeholders {@code {{env:NAME}}},
 * {@code {{sys:NAME}}} and {@code {{other.setting}}}, each with an optional default behind a colon.
 */
public final class MapSettings implements Settings {

    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\{\\{\\s*(env:|sys:)?([^{}:\\s]+)\\s*(?::([^{}]*))?}}");
    private static final int DEEPEST = 8;

    /** What only a Camel context resolves: taking one of these for a setting with a default would give a wrong value. */
    private static final Set<String> CAMEL_ONLY = Set.of(
            "aws",
            "azure",
            "bean",
            "configmap",
            "cyberark",
            "gcp",
            "hashicorp",
            "ibm",
            "secret",
            "service",
            "service.host",
            "service.name",
            "service.port",
            "springboot");

    private final TreeMap<String, String> values;
    private final Environment environment;
    private final UnaryOperator<String> camel;

    /** Looks names up in the process's environment. */
    @FunctionalInterface
    public interface Environment {
        /** The variable's value; null if it is not set. */
        @Nullable
        String get(String name);
    }

    /**
     * @param values settings by full name
     * @param environment the process's environment, {@code System::getenv}
     */
    public MapSettings(Map<String, String> values, Environment environment) {
        this(values, environment, placeholder -> {
            throw new IllegalArgumentException("'" + placeholder.replaceFirst(":.*", ":…}}")
                    + "' is resolved only by a running Camel context: here use {{env:NAME}}");
        });
    }

    /**
     * @param values settings by full name
     * @param environment the process's environment, {@code System::getenv}
     * @param camel what a placeholder of Camel's own, such as {@code {{aws:NAME}}}, stands for
     */
    public MapSettings(Map<String, String> values, Environment environment, UnaryOperator<String> camel) {
        this.values = new TreeMap<>(values);
        this.environment = environment;
        this.camel = camel;
    }

    @Override
    public Optional<String> find(String name) {
        return SettingNames.spellings(name)
                .filter(values::containsKey)
                .findFirst()
                .map(values::get)
                .map(this::resolve)
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    @Override
    public Map<String, String> startingWith(String prefix) {
        Map<String, String> found = new TreeMap<>();
        values.tailMap(prefix).entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .forEach(entry -> found.put(entry.getKey(), resolve(entry.getValue())));
        return found;
    }

    @Override
    public String resolve(String text) {
        return resolve(text, 0);
    }

    private String resolve(String text, int depth) {
        if (!text.contains("{{")) {
            return text;
        }
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("placeholders refer to each other in a circle");
        }
        UnaryOperator<String> nested = value -> resolve(value, depth + 1);
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        ofCamel(match)
                                ? camel.apply(match.group())
                                : nested.apply(value(match.group(1), match.group(2), match.group(3)))));
    }

    private boolean ofCamel(MatchResult match) {
        return match.group(1) == null
                && match.group(3) != null
                && CAMEL_ONLY.contains(match.group(2))
                && !values.containsKey(match.group(2));
    }

    private String value(@Nullable String kind, String name, @Nullable String otherwise) {
        String value = kind == null
                ? values.get(name)
                : "env:".equals(kind) ? environment.get(name) : System.getProperty(name);
        if (value != null) {
            return value;
        }
        if (otherwise != null) {
            return otherwise;
        }
        throw new IllegalArgumentException("'{{" + (kind == null ? "" : kind) + name + "}}' is not set");
    }
}
