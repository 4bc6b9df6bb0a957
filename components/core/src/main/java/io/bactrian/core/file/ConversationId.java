package io.bactrian.core.file;

import io.bactrian.core.error.SafeText;

/**
 * The id of the conversation that a file belongs to, as the installation names it.
 *
 * @param value 1 to 256 characters without control characters
 */
public record ConversationId(String value) {

    private static final int LONGEST = 256;

    /** @throws IllegalArgumentException if the value is blank, too long or holds control characters */
    public ConversationId {
        if (value.isBlank() || value.length() > LONGEST || !SafeText.showable(value)) {
            throw new IllegalArgumentException("ConversationId needs 1 to " + LONGEST
                    + " characters, without control characters or marks of writing direction");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
