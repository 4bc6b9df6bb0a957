package io.bactrian.bench;

import java.util.Locale;

/** What the mock answers; named in the first segment of the path, so that a subject chooses it by its base address. */
public enum Scenario {
    /** A whole answer of about 1.4 KB. */
    SMALL(0, 1_400),
    /** A whole answer of about 10 KB. */
    LARGE(0, 10_000),
    /** {@link #SMALL}, 50 ms after the request. */
    DELAYED(0, 1_400),
    /** 100 pieces, all there at once: what is measured is the reading. */
    BURST100(100, 0),
    /** 1,000 pieces, all there at once. */
    BURST1000(1_000, 0),
    /** 100 pieces, sent one by one. */
    FLUSH100(100, 0),
    /** 1,000 pieces, sent one by one. */
    FLUSH1000(1_000, 0),
    /** The first piece, 3 ms of silence, then the other nineteen: what is measured is the way to the first. */
    FIRST(20, 0),
    /** The first piece, and then nothing until the other side closes. */
    HOLD(20, 0);

    private final int pieces;
    private final int bytes;

    Scenario(int pieces, int bytes) {
        this.pieces = pieces;
        this.bytes = bytes;
    }

    /** How many pieces with content a streamed answer has; 0 for a whole one. */
    public int pieces() {
        return pieces;
    }

    /** How large the body of a whole answer is, roughly. */
    int bytes() {
        return bytes;
    }

    /** As it stands in a path and in commands. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The scenario of that text. */
    public static Scenario of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
