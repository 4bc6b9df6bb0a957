package io.bactrian.core.tool;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.ProtocolException;

/** The errors that tools end with. Their messages are shown to models and people: no secret, no full URL. */
public final class ToolErrors {

    private ToolErrors() {}

    /** An argument is wrong: the model may correct it. Says which, and what is accepted. */
    public static BadRequestException argument(String message) {
        return new BadRequestException(ErrorCode.TOOL_PARAMETERS_INVALID, message);
    }

    /** The tool could not do it, for a reason that is safe to show. */
    public static InvokeException failed(String message) {
        return new ProtocolException(ErrorCode.TOOL_INVOKE_ERROR, message);
    }

    /** The tool could not do it, for a reason that is safe to show, and would not the next time either. */
    public static InvokeException failedForGood(String message) {
        return new ProtocolException(
                ErrorCode.TOOL_INVOKE_ERROR, message, new ErrorDetails(null, 0, null, null, false), null);
    }

    /** There is no tool of that name for whoever asks. */
    public static BadRequestException notFound(String message) {
        return new BadRequestException(ErrorCode.TOOL_NOT_FOUND, message);
    }
}
