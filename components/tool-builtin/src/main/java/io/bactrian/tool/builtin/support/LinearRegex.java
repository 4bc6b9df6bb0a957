package io.bactrian.tool.builtin.support;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.bactrian.core.error.BadRequestException;
import java.util.Map;

/**
 * A regular expression in the syntax of RE2, which has no backtracking and so no pattern that takes exponential time
 * (PARSE-07). What is left, long patterns over long texts and many matches that each look far ahead, is bounded by a budget
 * of steps.
 */
public final class LinearRegex {

    /** How long a pattern may be. */
    public static final int LONGEST = 1_000;

    private static final int LARGEST_PROGRAM = 5_000;

    /** Steps of one use, each an instruction at a character: a second or two. */
    private static final long STEPS = 100_000_000;

    private final String parameter;
    private final Pattern pattern;

    private LinearRegex(String parameter, Pattern pattern) {
        this.parameter = parameter;
        this.pattern = pattern;
    }

    /**
     * Compiles a pattern.
     *
     * @param parameter the name of the argument that it is, for messages
     * @param regex the pattern
     * @param flags of {@link Pattern}
     * @throws BadRequestException saying what is wrong with it
     */
    public static LinearRegex compile(String parameter, String regex, int flags) {
        ArgumentChecks.checkLength(parameter, regex, LONGEST);
        if (RegexSize.of(regex) > LARGEST_PROGRAM) {
            throw ArgumentChecks.refused(parameter, "repeats too much; use smaller counts in {…}");
        }
        try {
            return new LinearRegex(parameter, Pattern.compile(regex, flags));
        } catch (PatternSyntaxException wrong) {
            throw ArgumentChecks.refused(
                    parameter,
                    "is no regular expression of RE2: " + wrong.getDescription()
                            + ". Backreferences and look-around are not part of it");
        }
    }

    /** A matcher over a text, which is refused if the search takes more than its budget of steps. */
    public Matcher matcher(CharSequence text) {
        return pattern.matcher(new Budgeted(text, STEPS / pattern.programSize()));
    }

    /** The steps that a look at every character takes. */
    public long cost(CharSequence text) {
        return (long) (text.length() + 1) * pattern.programSize();
    }

    /** The numbers of the groups that have a name. */
    public Map<String, Integer> namedGroups() {
        return pattern.namedGroups();
    }

    /** The pattern as given. */
    @Override
    public String toString() {
        return pattern.pattern();
    }

    /** A text that counts how often it is read. Used by one thread. */
    private final class Budgeted implements CharSequence {

        private final CharSequence text;
        private final long most;
        private long reads;

        Budgeted(CharSequence text, long most) {
            this.text = text;
            this.most = most;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++reads > most) {
                throw ArgumentChecks.refused(
                        parameter, "takes too many steps on this text; use a simpler pattern or a shorter text");
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
