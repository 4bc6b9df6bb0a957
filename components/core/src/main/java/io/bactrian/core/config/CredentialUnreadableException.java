package io.bactrian.core.config;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A stored credential that cannot be opened. Checked: whoever opens one has to decide what that means. */
public final class CredentialUnreadableException extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    /**
     * @param reason why, naming key ids and settings but no secret
     * @param cause what failed; null for none
     */
    public CredentialUnreadableException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }

    /** Why, in a sentence that is safe to show. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
