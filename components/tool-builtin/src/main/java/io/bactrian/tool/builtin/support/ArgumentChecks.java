package io.bactrian.tool.builtin.support;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.tool.ToolErrors;

/** The checks that many tools make of their arguments, and how they say what is wrong. */
public final class ArgumentChecks {

    private static final int LONGEST_QUOTE = 40;

    private ArgumentChecks() {}

    /**
     * The error of an argument that cannot be used.
     *
     * @param parameter its name
     * @param problem what is wrong and what is accepted
     */
    public static BadRequestException refused(String parameter, String problem) {
        return ToolErrors.argument(parameter + ": " + problem);
    }

    /**
     * Refuses text beyond a length.
     *
     * @throws BadRequestException saying how long it is and may be
     */
    public static void checkLength(String parameter, String value, int most) {
        if (value.length() > most) {
            throw refused(parameter, "has " + value.length() + " characters; at most " + most + " are accepted");
        }
    }

    /**
     * Refuses a number out of bounds.
     *
     * @throws BadRequestException saying what the bounds are
     */
    public static void checkRange(String parameter, long value, long least, long most) {
        if (value < least || value > most) {
            throw refused(parameter, "is " + value + "; accepted are whole numbers from " + least + " to " + most);
        }
    }

    /**
     * A short name out of an argument as it may stand in a message: in quotes, cut after 40 characters, without anything that
     * disturbs the line it stands in. For names of units, zones and the like, never for whole texts or URLs.
     */
    public static String quoted(String value) {
        StringBuilder shown = new StringBuilder("'");
        value.codePoints().limit(LONGEST_QUOTE).forEach(c -> shown.appendCodePoint(disturbs(c) ? '?' : c));
        return shown.append(value.codePointCount(0, value.length()) > LONGEST_QUOTE ? "…'" : "'")
                .toString();
    }

    private static boolean disturbs(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
