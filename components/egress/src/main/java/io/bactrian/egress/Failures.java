package io.bactrian.egress;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.error.UnavailableException;
import java.io.IOException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.jspecify.annotations.Nullable;

/** What went wrong on the wire, as the error that the rest of the house knows. Names the host, never the path or an address. */
final class Failures {

    private Failures() {}

    static InvokeTimeoutException timeout(ErrorCode code, String host) {
        String what =
                switch (code) {
                    case TIMEOUT_CONNECT -> " did not accept the connection in time (limit: connect, tls)";
                    case TIMEOUT_FIRST_BYTE -> " did not begin to answer in time (limit: firstByte)";
                    case TIMEOUT_FIRST_TOKEN ->
                        " did not send the first token of its answer in time (option firstTokenTimeout, setting"
                                + " bactrian.retry.first-token-timeout)";
                    case TIMEOUT_IDLE -> " fell silent in the middle of its answer (limit: idle)";
                    default -> " did not finish its answer before the deadline of the call";
                };
        return new InvokeTimeoutException(code, host + what);
    }

    static InvokeException ended(Ending ending, String host) {
        return switch (ending) {
            case DEADLINE -> timeout(ErrorCode.DEADLINE_EXCEEDED, host);
            case FIRST_TOKEN -> timeout(ErrorCode.TIMEOUT_FIRST_TOKEN, host);
            case CANCELLED -> new ProtocolException(ErrorCode.CANCELLED, "The call to " + host + " was cancelled");
            case CLOSED ->
                new ProtocolException(ErrorCode.CANCELLED, "The answer of " + host + " was closed before its end");
            case FAILED, COMPLETED ->
                new ProtocolException(ErrorCode.PROTOCOL_ERROR, "The answer of " + host + " has ended already");
        };
    }

    static UnavailableException notConnected(String host, @Nullable IOException cause) {
        return new UnavailableException(
                ErrorCode.CONNECTION_FAILED, host + " does not accept connections", ErrorDetails.NONE, cause);
    }

    static UnavailableException tls(String host, IOException cause) {
        String why = "the handshake failed";
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof CertificateExpiredException || each instanceof CertificateNotYetValidException) {
                why = "its certificate is out of date";
            } else if (mentions(each, "subject alternative", "No name matching", "doesn't match")) {
                why = "its certificate is for another host";
            } else if (mentions(
                    each, "unable to find valid certification path", "Path does not chain", "trustAnchors")) {
                why = "its certificate is not signed by anybody this JVM trusts";
            }
        }
        return new UnavailableException(
                ErrorCode.TLS_FAILED, "No secure connection to " + host + ": " + why, ErrorDetails.NONE, cause);
    }

    private static boolean mentions(Throwable failure, String... texts) {
        String message = failure.getMessage();
        if (message == null) {
            return false;
        }
        for (String text : texts) {
            if (message.contains(text)) {
                return true;
            }
        }
        return false;
    }

    /** No head arrived. */
    static InvokeException beforeHead(String host, Exception cause) {
        if (cause instanceof MessageConstraintException) {
            return headTooLarge(host);
        }
        if (cause instanceof IOException broken) {
            return broken instanceof SSLException
                    ? tls(host, broken)
                    : new UnavailableException(
                            ErrorCode.CONNECTION_LOST,
                            host + " closed the connection before it answered",
                            ErrorDetails.NONE,
                            broken);
        }
        return new ProtocolException(
                ErrorCode.PROTOCOL_ERROR, host + " did not answer in HTTP/1.1", ErrorDetails.NONE, cause);
    }

    static ProtocolException headTooLarge(String host) {
        return tooLarge("The head of the answer of " + host + " is too large (limits: maxHeaderBytes, maxHeaders)");
    }

    static ProtocolException bodyTooLarge(String host, long max) {
        return tooLarge("The answer of " + host + " is larger than " + max + " bytes (limit: maxResponseBytes)");
    }

    static ProtocolException tooLarge(String message) {
        return new ProtocolException(ErrorCode.RESPONSE_TOO_LARGE, message);
    }

    /** The body broke off, or is garbled. */
    static ProtocolException inBody(String host, IOException cause, boolean endSeen) {
        if (cause instanceof MessageConstraintException) {
            return tooLarge("The answer of " + host + " has a chunk line or trailer that is too long");
        }
        boolean garbled = cause instanceof MalformedChunkCodingException
                && !(cause instanceof TruncatedChunkException)
                && !endSeen;
        if (garbled) {
            return new ProtocolException(
                    ErrorCode.PROTOCOL_ERROR,
                    "The answer of " + host + " is not chunked as HTTP/1.1 asks",
                    ErrorDetails.NONE,
                    cause);
        }
        return truncated(host, cause);
    }

    static ProtocolException truncated(String host, @Nullable IOException cause) {
        return new ProtocolException(
                ErrorCode.STREAM_TRUNCATED,
                "The connection to " + host + " broke off in the middle of its answer",
                ErrorDetails.NONE,
                cause instanceof ConnectionClosedException ? null : cause);
    }
}
