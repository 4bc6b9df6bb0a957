package io.bactrian.core.rule;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.SafeText;
import io.bactrian.core.tenant.TenantId;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A rule as it is written, in settings, files, on the command line: texts by the names of their fields. Says what is wrong by
 * field, in the same words wherever it was written.
 */
public final class RuleFields {

    /** The field that names whose rule it is, where that is not said elsewhere. */
    public static final String TENANT = "tenant";

    /** What stands for each tenant, application, model or API key by itself. */
    public static final String EACH = "*";

    private static final Pattern HUMP = Pattern.compile("([a-z])([A-Z])");

    private final String kind;
    private final String name;
    private final Map<String, String> texts;
    private final List<Problem> problems = new ArrayList<>();

    /**
     * Something that is wrong.
     *
     * @param field with which field; null for the rule as a whole, its name among it
     * @param message what is wrong with it, and what it has to be
     */
    public record Problem(@Nullable String field, String message) {}

    private RuleFields(String kind, String name, Map<String, String> texts) {
        this.kind = kind;
        this.name = name;
        this.texts = texts;
    }

    /**
     * A rule as it is written.
     *
     * @param kind what it is: {@code budget}, {@code limit}
     * @param name its name
     * @param texts its fields, which may be named as {@code api-key}, {@code api_key} or {@code apiKey}; those that are blank
     *     count as not given
     */
    public static RuleFields of(String kind, String name, Map<String, String> texts) {
        Map<String, String> given = new LinkedHashMap<>();
        // blank ones too: a field that is not known is told of even if nothing stands in it
        texts.forEach((field, text) -> given.put(withDashes(field), text.strip()));
        return new RuleFields(kind, name, given);
    }

    private static String withDashes(String field) {
        return HUMP.matcher(field.replace('_', '-')).replaceAll("$1-$2").toLowerCase(Locale.ROOT);
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Tells of fields that are none. */
    public void knows(Set<String> fields) {
        for (String field : texts.keySet()) {
            if (!fields.contains(field)) {
                problem(field, "is not known; a " + kind + " has " + new TreeSet<>(fields));
            }
        }
    }

    /** What stands in a field; empty if nothing does. */
    public Optional<String> text(String field) {
        return Optional.ofNullable(texts.get(field)).filter(text -> !text.isEmpty());
    }

    /** What a field means; what is wrong with it is told. Empty if nothing stands in it, or it is wrong. */
    public <T> Optional<T> read(String field, Function<String, T> reader) {
        try {
            return text(field).map(reader);
        } catch (IllegalArgumentException | DateTimeException e) {
            problem(field, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /**
     * Whose rule it is, by the field {@code tenant}: empty for each tenant's.
     *
     * @param otherwise whose it is if the field does not say; null if it has to
     */
    public Optional<TenantId> tenant(@Nullable TenantId otherwise) {
        String text = text(TENANT).orElse(null);
        if (EACH.equals(text)) {
            return Optional.empty();
        }
        if (text == null && otherwise == null) {
            problem(TENANT, "set it, to '*' for each tenant, as there is no default one");
        }
        return read(TENANT, TenantId::new).or(() -> Optional.ofNullable(otherwise));
    }

    /** Says that something is wrong. */
    public void problem(@Nullable String field, String message) {
        Problem problem = new Problem(field, message);
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /** Whether nothing is wrong so far. */
    public boolean fine() {
        return problems.isEmpty();
    }

    /** What is wrong. */
    public List<Problem> problems() {
        return Collections.unmodifiableList(problems);
    }

    /**
     * What was read, if nothing is wrong.
     *
     * @throws BadRequestException with {@code invalid_param}, saying all that is wrong
     */
    public <R> R orRefuse(Optional<R> read) {
        if (!problems.isEmpty() || read.isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    kind + " '" + SafeText.shown(name) + "': "
                            + problems.stream()
                                    .map(problem ->
                                            (problem.field() == null ? "" : problem.field() + " ") + problem.message())
                                    .collect(Collectors.joining("; ")));
        }
        return read.get();
    }
}
