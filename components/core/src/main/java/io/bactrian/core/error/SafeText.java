package io.bactrian.core.error;

/** Whether text may be shown in a log, a table or a message without changing what stands around it (LOG-02). */
public final class SafeText {

    private static final int LONGEST_NAME = 100;

    private SafeText() {}

    /** Whether the text has no control characters, line separators or marks that turn the direction of writing. */
    public static boolean showable(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            // nearly all there is stands between these two
            if ((char) (c - ' ') >= 0x7f - ' ' && disturbs(c)) {
                return false;
            }
        }
        return true;
    }

    /** A name that somebody gave, as it may be repeated: one that is not {@link #showable}, or is long, is not. */
    public static String shown(String name) {
        return name.length() <= LONGEST_NAME && showable(name) ? name : "…";
    }

    private static boolean disturbs(char c) {
        return Character.isISOControl(c)
                || c == '\u2028'
                || c == '\u2029'
                || c == '\u200e'
                || c == '\u200f'
                || c == '\u061c'
                || c >= '\u202a' && c <= '\u202e'
                || c >= '\u2066' && c <= '\u2069';
    }
}
