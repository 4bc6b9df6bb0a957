package io.bactrian.server;

import io.bactrian.core.error.InvokeException;
import io.bactrian.http.Failures;
import org.apache.camel.LoggingLevel;
import org.apache.camel.spi.CamelLogger;
import org.slf4j.LoggerFactory;

/**
 * How failed exchanges are logged. Camel's own way is an error with its trace for each; but that a tenant's credential is
 * missing or a question is malformed is no error of the installation, and whoever asked has been told.
 */
final class FailureLogger extends CamelLogger {

    FailureLogger() {
        super(LoggerFactory.getLogger("io.bactrian.failures"), LoggingLevel.ERROR);
    }

    @Override
    public void log(String message, Throwable failure) {
        InvokeException ours = Failures.ours(failure).orElse(null);
        if (ours == null) {
            super.log(message, failure);
        } else if (ours.code().httpStatus() < 500) {
            getLog().debug("refused: {}", ours.toString());
        } else {
            getLog().warn("failed: {}", ours.toString());
        }
    }
}
