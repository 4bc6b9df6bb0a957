package io.bactrian.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the store is.
 *
 * @param reachable whether the database answered when it was last asked
 * @param lastAnswer when it last answered the look for changes; null if it has not yet
 * @param servesUntil while the database does not answer: until when that which is known of it serves on; null while it
 *     answers
 * @param unreadable how many stored credentials could not be opened when they were last needed
 */
public record StoreHealth(
        boolean reachable,
        @Nullable Instant lastAnswer,
        @Nullable Instant servesUntil,
        int unreadable) {

    /** Whether all is well: the database answers and every credential opens. */
    public boolean healthy() {
        return reachable && unreadable == 0;
    }
}
