package io.bactrian.core.access;

/** A name with {@code *} for any characters. Case counts. Immutable. */
public final class Wildcard {

    private final String text;
    private final String[] parts;

    /** The pattern of a text. */
    public Wildcard(String text) {
        this.text = text;
        this.parts = text.split("\\*", -1);
    }

    /** Whether it holds no {@code *}. */
    public boolean isExact() {
        return parts.length == 1;
    }

    /** Whether the name is the pattern's pieces with anything between them; linear in the name. */
    public boolean matches(String name) {
        if (parts.length == 1) {
            return name.equals(text);
        }
        String first = parts[0];
        String last = parts[parts.length - 1];
        if (!name.startsWith(first) || !name.endsWith(last) || name.length() < first.length() + last.length()) {
            return false;
        }
        int from = first.length();
        int end = name.length() - last.length();
        for (int i = 1; i < parts.length - 1; i++) {
            int found = name.indexOf(parts[i], from);
            if (found < 0 || found + parts[i].length() > end) {
                return false;
            }
            from = found + parts[i].length();
        }
        return true;
    }

    /** Whether it matches all that another does: a {@code *} of the other is only covered by a {@code *} of this one. */
    public boolean covers(Wildcard other) {
        return matches(other.text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Wildcard wildcard && wildcard.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
