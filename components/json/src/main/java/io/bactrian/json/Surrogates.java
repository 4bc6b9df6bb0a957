package io.bactrian.json;

/** Halves of surrogate pairs: Java's texts may hold them alone, Unicode has no such character. */
final class Surrogates {

    private Surrogates() {}

    static boolean anyAlone(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) {
                continue;
            }
            if (alone(text, i)) {
                return true;
            }
            i++;
        }
        return false;
    }

    /** Whether there is half of a pair at an index that is not within a pair. */
    static boolean alone(CharSequence text, int at) {
        char c = text.charAt(at);
        boolean pair =
                Character.isHighSurrogate(c) && at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
        return Character.isSurrogate(c) && !pair;
    }
}
