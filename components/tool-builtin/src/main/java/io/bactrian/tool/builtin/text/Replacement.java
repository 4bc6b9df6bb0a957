package io.bactrian.tool.builtin.text;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkLength;
import static io.bactrian.tool.builtin.support.ArgumentChecks.quoted;
import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import com.google.re2j.Matcher;
import io.bactrian.core.error.BadRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What stands in the place of a match: text, and groups as {@code $1}, {@code ${1}}, {@code ${name}}; {@code $$} is a dollar. */
final class Replacement {

    private static final String PARAMETER = "replacement";
    private static final int LONGEST = 10_000;
    private static final Pattern REFERENCE = Pattern.compile("\\$(?:(\\$)|(\\d{1,3})|\\{(\\w{1,64})})");

    private final List<Part> parts;

    private Replacement(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    private sealed interface Part {
        record Text(String text) implements Part {}

        record Group(int number) implements Part {}
    }

    static Replacement literal(String text) {
        checkLength(PARAMETER, text, LONGEST);
        return new Replacement(List.of(new Part.Text(text)));
    }

    /** @throws BadRequestException if a group is not there */
    static Replacement parse(String text, int groups, Map<String, Integer> names) {
        checkLength(PARAMETER, text, LONGEST);
        List<Part> parts = new ArrayList<>();
        java.util.regex.Matcher reference = REFERENCE.matcher(text);
        int at = 0;
        while (reference.find()) {
            parts.add(new Part.Text(text.substring(at, reference.start())));
            parts.add(
                    reference.group(1) != null ? new Part.Text("$") : new Part.Group(number(reference, groups, names)));
            at = reference.end();
        }
        parts.add(new Part.Text(text.substring(at)));
        return new Replacement(parts);
    }

    private static int number(java.util.regex.Matcher reference, int groups, Map<String, Integer> names) {
        String name = reference.group(2) == null ? reference.group(3) : reference.group(2);
        boolean digits = name.length() <= 3 && name.chars().allMatch(c -> c >= '0' && c <= '9');
        Integer number = digits ? Integer.valueOf(name) : names.get(name);
        if (number == null || number > groups) {
            throw refused(
                    PARAMETER,
                    "the pattern has no group " + quoted(name) + "; it has " + groups + " groups"
                            + (names.isEmpty() ? "" : " and the names " + String.join(", ", names.keySet()))
                            + ". Write $$ for a dollar, or set literal to true");
        }
        return number;
    }

    void appendTo(StringBuilder out, Matcher matcher) {
        for (Part part : parts) {
            if (part instanceof Part.Text text) {
                out.append(text.text());
            } else if (part instanceof Part.Group group && matcher.start(group.number()) >= 0) {
                // a group that took no part in the match is nothing
                out.append(matcher.group(group.number()));
            }
        }
    }
}
