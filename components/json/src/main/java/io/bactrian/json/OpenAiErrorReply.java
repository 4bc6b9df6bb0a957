package io.bactrian.json;

import java.io.Serial;

/** A reply, or an event of a stream, that is an error although its status said otherwise. Checked: whoever reads classifies it. */
public final class OpenAiErrorReply extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient OpenAiError error;

    OpenAiErrorReply(OpenAiError error) {
        // what the server wrote is untrusted and stays out of the message
        super("the reply is an error", null, false, false);
        this.error = error;
    }

    /** What the server says. */
    public OpenAiError error() {
        return error;
    }
}
