package io.bactrian.tool.workflow;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tool.Unquoted;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of what a route throws an error that is safe to show: an error of ours as it is, any other by its class, since its message
 * may hold a URL, a key, a row (HDR-16).
 */
final class RouteFailures {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFailures.class);

    private RouteFailures() {}

    /** The error of an exchange that has failed. */
    static InvokeException of(Exchange exchange, Throwable thrown, String tool) {
        // whoever handles errors in the route has logged it when they gave up
        return safe(thrown, tool, exchange.getExchangeExtension().isRedeliveryExhausted());
    }

    /** The error of what was thrown while the route's stream was read. */
    static InvokeException of(Throwable thrown, String tool) {
        return safe(thrown, tool, false);
    }

    private static InvokeException safe(Throwable thrown, String tool, boolean logged) {
        InvokeException known = ObjectHelper.getException(InvokeException.class, thrown);
        if (known != null) {
            return known;
        }
        if (Thread.currentThread().isInterrupted()
                || ObjectHelper.getException(InterruptedException.class, thrown) != null) {
            return new UnavailableException(
                    ErrorCode.CANCELLED,
                    "the call of " + tool + " was cancelled",
                    ErrorDetails.NONE,
                    Unquoted.of(thrown));
        }
        // what others say may quote a key (LOG-01)
        Unquoted unquoted = Unquoted.of(thrown);
        if (logged) {
            LOG.debug("the route of {} failed", tool, unquoted);
        } else {
            LOG.warn("the route of {} failed", tool, unquoted);
        }
        return new ProtocolException(
                ErrorCode.TOOL_INVOKE_ERROR,
                "the tool " + tool + " failed (" + told(thrown).getClass().getSimpleName()
                        + "); the log of the installation says more",
                ErrorDetails.NONE,
                unquoted);
    }

    /** What was wrapped only to get past a method that does not declare it. */
    private static Throwable told(Throwable thrown) {
        boolean wrapper = thrown.getClass() == RuntimeCamelException.class
                || thrown instanceof CamelExecutionException
                || thrown instanceof CompletionException
                || thrown instanceof ExecutionException;
        Throwable cause = thrown.getCause();
        return wrapper && cause != null && cause != thrown ? cause : thrown;
    }
}
