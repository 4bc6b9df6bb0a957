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

    private static final String[] ALL = {
        ToolConstants.TOOL_NAME,
        ToolConstants.TOOL_PROVIDER,
        ToolConstants.TOOL_TYPE,
        ToolConstants.TOOL_TIME_COST,
        ToolConstants.TOOL_REQUEST_ID,
        ToolConstants.TOOL_ATTEMPTS,
        ToolConstants.TOOL_CREDENTIAL_ID,
        ToolConstants.TOOL_FILES,
        ToolConstants.TOOL_IGNORED_ARGUMENTS
    };

    private ToolAnswerHeaders() {}

    /** Takes away what an earlier call left: nobody should read it as this one's. */
    static void clear(Message message) {
        if (!message.hasHeaders()) {
            return;
        }
        for (String name : ALL) {
            message.removeHeader(name);
        }
    }

    /** Writes what is known of a call, whether or not it succeeded. */
    static void call(Message message, Invocation call) {
        Invocation current = call.trace().current().orElse(call);
        message.setHeader(
                ToolConstants.TOOL_REQUEST_ID, call.claim().requestId().value());
        message.setHeader(ToolConstants.TOOL_ATTEMPTS, call.trace().attempts());
        if (current.target() instanceof InvocationTarget.Tool target) {
            message.setHeader(ToolConstants.TOOL_TYPE, target.address().type().text());
            message.setHeader(ToolConstants.TOOL_PROVIDER, target.address().provider());
            message.setHeader(ToolConstants.TOOL_NAME, target.address().tool());
        }
        if (current.request() instanceof ToolRequest request && request.resolved() != null) {
            List<String> ignored = request.resolved().bound().ignored();
            if (!ignored.isEmpty()) {
                message.setHeader(ToolConstants.TOOL_IGNORED_ARGUMENTS, ignored);
            }
        }
        credential(message, current, call.trace().resolution().orElse(null));
    }

    private static void credential(Message message, Invocation current, @Nullable Resolution resolution) {
        if (resolution == null || current.candidate() >= resolution.candidates().size()) {
            return;
        }
        CredentialRef ref = resolution.candidates().get(current.candidate());
        if (!ref.id().isEmpty()) {
            message.setHeader(ToolConstants.TOOL_CREDENTIAL_ID, ref.id());
        }
    }

    /** Writes what the result says of itself. */
    static void answer(Message message, ToolResult result) {
        message.setHeader(ToolConstants.TOOL_TIME_COST, result.meta().timeCost().toMillis());
        if (!result.files().isEmpty()) {
            message.setHeader(
                    ToolConstants.TOOL_FILES,
                    result.files().stream()
                            .map(StoredFile::id)
                            .map(FileId::value)
                            .toList());
        }
    }
}
