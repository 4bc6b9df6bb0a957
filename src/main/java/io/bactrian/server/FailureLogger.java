package io.bactrian.server;

import io.bactrian.core.error.InvokeException;
import org.apache.camel.LoggingLevel;
import org.apache.camel.spi.CamelLogger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * How failed exchanges are logged. Camel's own way is an error with its trace for each; but that a tenant's credential is
 * missing or a question is malformed is no error of the installation, and whoever asked has been told.
 */
final class FailureLogger extends CamelLogger {

    private static final int DEEPEST = 20;

    FailureLogger() {
        super(LoggerFactory.getLogger("io.bactrian.failures"), LoggingLevel.ERROR);
    }

    @Override
    public void log(String message, Throwable failure) {
        InvokeException ours = ours(failure);
        if (ours == null) {
            super.log(message, failure);
        } else if (ours.code().httpStatus() < 500) {
            getLog().debug("refused: {}", ours.toString());
        } else {
            getLog().warn("failed: {}", ours.toString());
        }
    }

    private static @Nullable InvokeException ours(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof InvokeException known) {
                return known;
            }
            cause = cause.getCause();
        }
        return null;
    }
}
