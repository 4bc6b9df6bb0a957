package io.bactrian.bench;

import java.util.Arrays;

/** Takes a streamed answer, checks it piece by piece, and notes when the first piece came. */
public final class Pieces {

    private final String content;
    private final byte[] response;
    private final int firstEnd;
    private final Runnable onFirst;
    private volatile AutoCloseable handle = () -> {};
    private int at;
    private long firstNanos;
    private boolean usage;

    /**
     * @param scenario what is answered
     * @param onFirst run once the first piece is there
     */
    Pieces(Scenario scenario, Runnable onFirst) {
        this.content = Canned.content(scenario);
        this.response = Canned.response(scenario);
        this.firstEnd = Canned.firstPieceEnd(scenario);
        this.onFirst = onFirst;
    }

    /** Begins anew. */
    void begin() {
        at = 0;
        firstNanos = 0;
        usage = false;
    }

    /** How the stream can be cut by another thread; given before the first piece. */
    public void opened(AutoCloseable cut) {
        handle = cut;
    }

    /** The next piece of text; one without text counts for nothing. */
    public void piece(String text) {
        if (text.isEmpty()) {
            return;
        }
        if (at == 0) {
            first();
        }
        if (!content.startsWith(text, at)) {
            throw new IllegalStateException("wrong piece after " + at + " characters");
        }
        at += text.length();
    }

    /** The usage of the whole answer. */
    public void usage(long promptTokens, long completionTokens) {
        if (promptTokens != Canned.PROMPT_TOKENS || completionTokens != Canned.COMPLETION_TOKENS) {
            throw new IllegalStateException("wrong usage: " + promptTokens + " + " + completionTokens);
        }
        usage = true;
    }

    /** The next bytes, for the raw socket; {@code offset} is where they stand in the answer. True when it is complete. */
    public boolean bytes(byte[] received, int offset, int length) {
        if (offset + length > response.length
                || !Arrays.equals(received, 0, length, response, offset, offset + length)) {
            throw new IllegalStateException("wrong bytes at " + offset);
        }
        if (offset < firstEnd && offset + length >= firstEnd) {
            first();
        }
        at = content.length();
        usage = true;
        return offset + length == response.length;
    }

    private void first() {
        firstNanos = System.nanoTime();
        onFirst.run();
    }

    /** Checks that all of it came. */
    void end() {
        if (at != content.length()) {
            throw new IllegalStateException("the answer ended after " + at + " of " + content.length() + " characters");
        }
        if (!usage) {
            throw new IllegalStateException("the answer came without usage");
        }
    }

    long firstNanos() {
        return firstNanos;
    }

    /** Cuts the stream. */
    void cut() throws Exception {
        handle.close();
    }
}
