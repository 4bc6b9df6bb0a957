package io.bactrian.bench;

import java.util.Arrays;

/** Checks every whole answer that a subject gives: its text and its usage. A wrong one ends the run. */
public final class Answer {

    private final String content;
    private final byte[] response;
    private long checked;

    /** The check for a scenario. */
    public Answer(Scenario scenario) {
        this.content = Canned.content(scenario);
        this.response = Canned.response(scenario);
    }

    /** Checks text and usage. */
    public void is(String text, long promptTokens, long completionTokens) {
        if (promptTokens != Canned.PROMPT_TOKENS || completionTokens != Canned.COMPLETION_TOKENS) {
            throw new IllegalStateException("wrong usage: " + promptTokens + " + " + completionTokens);
        }
        textOnly(text);
    }

    /** Checks the text, for a subject that does not hand usage on. */
    public void textOnly(String text) {
        if (!content.equals(text)) {
            throw new IllegalStateException("wrong answer of " + text.length() + " characters");
        }
        checked++;
    }

    /** Checks all bytes, head included, for the raw socket. */
    public void bytes(byte[] received, int length) {
        if (!Arrays.equals(received, 0, length, response, 0, response.length)) {
            throw new IllegalStateException("wrong answer of " + length + " bytes");
        }
        checked++;
    }

    /** How long the whole answer is, head included. */
    public int length() {
        return response.length;
    }

    /** How many answers were checked. */
    long checked() {
        return checked;
    }
}
