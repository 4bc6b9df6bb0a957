package io.bactrian.core.manage;

import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.error.FailureClass;
import io.bactrian.core.provider.ProviderId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Balancing as it is written in settings, files and commands. Names may hold nearly anything, so each separator is looked for
 * where no name ends by chance:
 *
 * <ul>
 *   <li>a credential is {@code NAME} or {@code NAME:WEIGHT}; the weight is what stands behind the last colon, if that is
 *       digits alone;
 *   <li>a model is {@code PROVIDER/MODEL}; the provider ends at the first slash, and all that follows is the model's name;
 *   <li>a fallback is a model, then, if need be, the failures after which it is asked: {@code [CLASS|CLASS]};
 *   <li>lists have commas between;
 *   <li>a name that holds what would end it stands in double quotes, and a double quote in those is written twice:
 *       {@code "team:1":3}, {@code "openai/odd, [1]"[rate_limited]}.
 * </ul>
 *
 * <p>All throw {@link IllegalArgumentException} with what is wrong and how it is written.
 */
public final class BalancingText {

    /** How long a list may be: far beyond the most credentials that there may be. */
    private static final int LONGEST = 100_000;

    private static final Pattern WEIGHTED = Pattern.compile("(.*):\\s*([0-9]{1,9})", Pattern.DOTALL);
    private static final Pattern WEIGHT = Pattern.compile("\\s*:\\s*([0-9]{1,9})\\s*");
    private static final Pattern FALLBACK = Pattern.compile("([^\\[\\]]*)(?:\\[([^\\[\\]]*)])?");
    private static final String CREDENTIAL_FORM = "a credential is written NAME or NAME:WEIGHT, such as main:3";
    private static final String FALLBACK_FORM =
            "a fallback is written PROVIDER/MODEL or PROVIDER/MODEL[CLASS|CLASS], such as openai/gpt-4o[context_length];"
                    + " a name with brackets or commas stands in double quotes";

    private BalancingText() {}

    /**
     * An item of a list.
     *
     * @param quoted what stands in double quotes at its beginning, without them; null if nothing does
     * @param rest what else there is
     */
    private record Item(@Nullable String quoted, String rest) {}

    /** Credentials with commas between. */
    public static List<BalancingPlan.Entry> credentials(String list) {
        return items(list).stream().map(BalancingText::credential).toList();
    }

    /** A credential, which may hold commas. */
    public static BalancingPlan.Entry credential(String text) {
        return credential(item(text));
    }

    /** Fallbacks with commas between. */
    public static List<ModelFallback> fallbacks(String list) {
        return items(list).stream().map(BalancingText::fallback).toList();
    }

    /** A fallback. */
    public static ModelFallback fallback(String text) {
        return fallback(item(text));
    }

    /** A fallback and the failures after which it is asked; those after which fallbacks usually are, if there are none. */
    public static ModelFallback fallback(String model, List<String> classes) {
        ModelReference reference = model(model);
        return classes.isEmpty()
                ? ModelFallback.of(reference.provider(), reference.model())
                : new ModelFallback(reference.provider(), reference.model(), failures(classes));
    }

    /** A model by name. */
    public static ModelReference model(String text) {
        String stripped = text.strip();
        int slash = stripped.indexOf('/');
        if (slash <= 0 || slash == stripped.length() - 1) {
            throw new IllegalArgumentException(
                    "'" + stripped + "': a model is written PROVIDER/MODEL, such as openai/gpt-4o-mini");
        }
        return new ModelReference(
                new ProviderId(stripped.substring(0, slash).strip()),
                stripped.substring(slash + 1).strip());
    }

    private static Set<FailureClass> failures(List<String> classes) {
        Set<FailureClass> failures = EnumSet.noneOf(FailureClass.class);
        for (String text : classes) {
            Optional<FailureClass> found = FailureClass.of(text.strip());
            if (found.isEmpty()) {
                throw new IllegalArgumentException("'" + text.strip() + "' is no class of failures, there are "
                        + Arrays.stream(FailureClass.values())
                                .filter(one -> one != FailureClass.CLIENT)
                                .toList());
            }
            failures.add(found.get());
        }
        return failures;
    }

    private static BalancingPlan.Entry credential(Item item) {
        if (item.quoted() != null) {
            Matcher weight = WEIGHT.matcher(item.rest());
            if (item.rest().isBlank()) {
                return named(item.quoted(), "1");
            }
            if (!weight.matches()) {
                throw new IllegalArgumentException(
                        "'" + item.rest().strip() + "' behind \"" + item.quoted() + "\": " + CREDENTIAL_FORM);
            }
            return named(item.quoted(), weight.group(1));
        }
        Matcher weighted = WEIGHTED.matcher(item.rest().strip());
        return weighted.matches()
                ? named(weighted.group(1).strip(), weighted.group(2))
                : named(item.rest().strip(), "1");
    }

    private static BalancingPlan.Entry named(String name, String weight) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a credential's name is missing: " + CREDENTIAL_FORM);
        }
        return new BalancingPlan.Entry(name, true, Integer.parseInt(weight));
    }

    private static ModelFallback fallback(Item item) {
        Matcher form = FALLBACK.matcher(item.rest().strip());
        boolean fits = form.matches() && (item.quoted() == null || form.group(1).isEmpty());
        if (!fits) {
            throw new IllegalArgumentException("'" + item.rest().strip() + "': " + FALLBACK_FORM);
        }
        String classes = form.group(2);
        return fallback(
                item.quoted() == null ? form.group(1) : item.quoted(),
                classes == null ? List.of() : Arrays.asList(classes.split("\\|", -1)));
    }

    private static List<Item> items(String list) {
        if (list.length() > LONGEST) {
            throw new IllegalArgumentException("a list has " + LONGEST + " characters at most");
        }
        List<Item> items = new ArrayList<>();
        int from = 0;
        while (from <= list.length()) {
            int to = end(list, from);
            items.add(item(list.substring(from, to)));
            from = to + 1;
        }
        return items;
    }

    /** Where an item ends: at the next comma that is not within double quotes that it begins with. */
    private static int end(String list, int from) {
        int start = from;
        while (start < list.length() && Character.isWhitespace(list.charAt(start))) {
            start++;
        }
        boolean quoted = start < list.length() && list.charAt(start) == '"';
        int comma = list.indexOf(',', quoted ? closing(list, start) : start);
        return comma < 0 ? list.length() : comma;
    }

    /** Where the quotes that begin at an index are closed. */
    private static int closing(String text, int opening) {
        int at = opening + 1;
        while (true) {
            int quote = text.indexOf('"', at);
            if (quote < 0) {
                throw new IllegalArgumentException("a double quote is not closed; one in a name is written twice");
            }
            if (!text.startsWith("\"", quote + 1)) {
                return quote;
            }
            at = quote + 2;
        }
    }

    private static Item item(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            throw new IllegalArgumentException("something is missing beside a comma");
        }
        if (!stripped.startsWith("\"")) {
            return new Item(null, stripped);
        }
        int closing = closing(stripped, 0);
        return new Item(stripped.substring(1, closing).replace("\"\"", "\""), stripped.substring(closing + 1));
    }
}
