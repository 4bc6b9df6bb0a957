package io.bactrian.core.usage;

/** Who counted the tokens of a call. */
public enum TokenCount {
    /** Its provider. */
    REPORTED("reported"),
    /**
     * This side, as the provider did not say: the bytes of the prompt, and a quarter of the bytes that were handed on of the answer,
     * which is what quotas take such a call to have used.
     */
    ESTIMATED("estimated"),
    /** Nobody: a tool was called, or nothing was answered. */
    NONE("none");

    private final String text;

    TokenCount(String text) {
        this.text = text;
    }

    /** What it is called where it is kept. */
    public String text() {
        return text;
    }
}
