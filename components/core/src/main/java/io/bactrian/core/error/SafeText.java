package io.bactrian.core.error;

/** Whether text may be shown in a log, a table or a message without changing what stands around it (LOG-02). */
public final class SafeText {

    private SafeText() {}

    /** Whether the text has no control characters, line separators or marks that turn the direction of writing. */
    public static boolean showable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (disturbs(text.charAt(i))) {
                return false;
            }
        }
        return true;
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
