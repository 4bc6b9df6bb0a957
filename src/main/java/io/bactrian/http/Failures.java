package io.bactrian.http;

import io.bactrian.core.error.InvokeException;
import java.util.Optional;

/** Finds our errors in what Camel has wrapped them in. */
public final class Failures {

    private static final int DEEPEST = 20;

    private Failures() {}

    /** The error of ours that a failure is or wraps. */
    public static Optional<InvokeException> ours(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof InvokeException known) {
                return Optional.of(known);
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }
}
