package io.bactrian.support.tool;

import io.bactrian.core.file.FileId;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.invoke.CredentialRef;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.Resolution;
import io.bactrian.core.tool.ToolRequest;
import io.bactrian.core.tool.ToolResult;
import java.util.List;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * Leaves on a message what is known of a call. Only values of our own types get there, never a header of the other side
 * (HDR-13).
 */
final class ToolAnswerHeaders {

    // sorted, as SortedHeaders wants them; the places below are places in here
    private static final String[] ALL = {
        ToolConstants.TOOL_ATTEMPTS,
        ToolConstants.TOOL_CREDENTIAL_ID,
        ToolConstants.TOOL_FILES,
        ToolConstants.TOOL_IGNORED_ARGUMENTS,
        ToolConstants.TOOL_NAME,
        ToolConstants.TOOL_PRICE_CURRENCY,
        ToolConstants.TOOL_PRICE_TOTAL,
        ToolConstants.TOOL_PROVIDER,
        ToolConstants.TOOL_REQUEST_ID,
        ToolConstants.TOOL_TIME_COST,
        ToolConstants.TOOL_TYPE
    };

    private static final int ATTEMPTS = 0;
    private static final int CREDENTIAL_ID = 1;
    private static final int FILES = 2;
    private static final int IGNORED_ARGUMENTS = 3;
    private static final int NAME = 4;
    private static final int PRICE_CURRENCY = 5;
    private static final int PRICE_TOTAL = 6;
    private static final int PROVIDER = 7;
    private static final int REQUEST_ID = 8;
    private static final int TIME_COST = 9;
    private static final int TYPE = 10;

    private ToolAnswerHeaders() {}

    /** The names of all headers that there may be. */
    static List<String> names() {
        return List.of(ALL);
    }

    /** Takes away what an earlier call left: nobody should read it as this one's. */
    static void clear(Message message) {
        if (!message.hasHeaders()) {
            return;
        }
        for (String name : ALL) {
            message.removeHeader(name);
        }
    }

    /**
     * Writes what is known of a call, whether or not it succeeded.
     *
     * @param result what came of it; null if it failed, or comes as a stream
     */
    static void write(Message message, Invocation call, @Nullable ToolResult result) {
        SortedHeaders headers = new SortedHeaders(ALL);
        Invocation current = call.trace().current().orElse(call);
        headers.set(REQUEST_ID, call.claim().requestId().value());
        headers.set(ATTEMPTS, call.trace().attempts());
        if (current.target() instanceof InvocationTarget.Tool target) {
            headers.set(TYPE, target.address().type().text());
            headers.set(PROVIDER, target.address().provider());
            headers.set(NAME, target.address().tool());
        }
        if (current.request() instanceof ToolRequest request && request.resolved() != null) {
            List<String> ignored = request.resolved().bound().ignored();
            if (!ignored.isEmpty()) {
                headers.set(IGNORED_ARGUMENTS, ignored);
            }
        }
        credential(headers, current, call.trace().resolution().orElse(null));
        if (result != null) {
            answer(headers, result);
        }
        headers.writeTo(message);
    }

    private static void credential(SortedHeaders headers, Invocation current, @Nullable Resolution resolution) {
        if (resolution == null || current.candidate() >= resolution.candidates().size()) {
            return;
        }
        CredentialRef ref = resolution.candidates().get(current.candidate());
        if (!ref.id().isEmpty()) {
            headers.set(CREDENTIAL_ID, ref.id());
        }
    }

    private static void answer(SortedHeaders headers, ToolResult result) {
        headers.set(TIME_COST, result.meta().timeCost().toMillis());
        if (result.meta().cost().size() == 1) {
            result.meta().cost().forEach((currency, amount) -> {
                headers.set(PRICE_CURRENCY, currency);
                headers.set(PRICE_TOTAL, amount);
            });
        }
        if (!result.files().isEmpty()) {
            headers.set(
                    FILES,
                    result.files().stream()
                            .map(StoredFile::id)
                            .map(FileId::value)
                            .toList());
        }
    }
}
