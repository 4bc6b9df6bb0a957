package io.bactrian.tool.builtin.text;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkLength;
import static io.bactrian.tool.builtin.support.ArgumentChecks.checkRange;
import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.bactrian.core.json.JsonObject;
import io.bactrian.tool.builtin.support.Answer;
import io.bactrian.tool.builtin.support.LinearRegex;
import java.util.ArrayList;
import java.util.List;

/** Finds and replaces by regular expressions in the syntax of RE2. */
final class RegexTools {

    static final int LONGEST = 1_000_000;
    static final int MOST_MATCHES = 1_000;

    private static final int LONGEST_RESULT = 2_000_000;
    private static final String TEXT = "text";

    private RegexTools() {}

    /**
     * How a pattern is read.
     *
     * @param ignoreCase whether letters match in any case
     * @param multiline whether {@code ^} and {@code $} are the ends of lines
     * @param dotAll whether a point matches a line end too
     */
    record Flags(boolean ignoreCase, boolean multiline, boolean dotAll) {

        static final Flags NONE = new Flags(false, false, false);

        int bits() {
            return (ignoreCase ? Pattern.CASE_INSENSITIVE : 0)
                    | (multiline ? Pattern.MULTILINE : 0)
                    | (dotAll ? Pattern.DOTALL : 0);
        }
    }

    static Answer find(String text, String pattern, Flags flags, long most) {
        checkLength(TEXT, text, LONGEST);
        checkRange("max_matches", most, 1, MOST_MATCHES);
        LinearRegex regex = LinearRegex.compile("pattern", pattern, flags.bits());
        Matcher matcher = regex.matcher(text);
        List<JsonObject> matches = new ArrayList<>();
        List<String> found = new ArrayList<>();
        Characters place = new Characters(text);
        boolean more = false;
        long size = 0;
        while (matcher.find()) {
            size += size(matcher);
            if (size > LONGEST_RESULT) {
                throw refused("pattern", "finds more than " + LONGEST_RESULT + " characters; match less of the text");
            }
            if (matches.size() == most) {
                more = true;
                break;
            }
            found.add(matcher.group());
            matches.add(match(regex, matcher, place));
        }
        String shown = found.isEmpty() ? "no match" : String.join("\n", found);
        return new Answer(
                more ? shown + "\n(there are more than " + most + " matches)" : shown,
                JsonObject.builder()
                        .put("matches", matches)
                        .put("count", matches.size())
                        .put("more", more)
                        .build());
    }

    private static long size(Matcher matcher) {
        long size = 0;
        for (int i = 0; i <= matcher.groupCount(); i++) {
            size += matcher.end(i) - matcher.start(i);
        }
        return size;
    }

    private static JsonObject match(LinearRegex regex, Matcher matcher, Characters place) {
        List<Object> groups = new ArrayList<>();
        for (int i = 1; i <= matcher.groupCount(); i++) {
            groups.add(matcher.group(i));
        }
        JsonObject.Builder named = JsonObject.builder();
        regex.namedGroups().forEach((name, number) -> named.put(name, matcher.group(number)));
        return JsonObject.builder()
                .put("match", matcher.group())
                .put("start", place.count(matcher.start()))
                .put("end", place.count(matcher.end()))
                .put("groups", groups)
                .put("named_groups", named.build())
                .build();
    }

    static Answer replace(String text, String pattern, String replacement, boolean literal, Flags flags) {
        checkLength(TEXT, text, LONGEST);
        LinearRegex regex = LinearRegex.compile("pattern", pattern, flags.bits());
        Matcher matcher = regex.matcher(text);
        Replacement parts = literal
                ? Replacement.literal(replacement)
                : Replacement.parse(replacement, matcher.groupCount(), regex.namedGroups());
        StringBuilder out = new StringBuilder(text.length());
        int count = 0;
        int at = 0;
        while (matcher.find()) {
            out.append(text, at, matcher.start());
            parts.appendTo(out, matcher);
            at = matcher.end();
            count++;
            checkResult(out.length());
        }
        out.append(text, at, text.length());
        checkResult(out.length());
        return new Answer(out.toString(), JsonObject.of("text", out, "replaced", count));
    }

    private static void checkResult(int length) {
        if (length > LONGEST_RESULT) {
            throw refused("replacement", "makes the text longer than " + LONGEST_RESULT + " characters");
        }
    }

    /** Counts characters up to ascending places: positions in a String count halves of characters. */
    private static final class Characters {

        private final String text;
        private int at;
        private int counted;

        Characters(String text) {
            this.text = text;
        }

        int count(int place) {
            counted += text.codePointCount(at, place);
            at = place;
            return counted;
        }
    }
}
