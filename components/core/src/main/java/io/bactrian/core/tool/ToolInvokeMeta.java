package io.bactrian.core.tool;

import io.bactrian.core.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a call of a tool beside its result.
 *
 * @param tool which tool; null if it was not found
 * @param timeCost how long it took
 * @param error the code of what went wrong; null for nothing
 * @param characters how many characters of text and JSON came of it
 * @param fileBytes how many bytes of files came of it
 * @param ignoredArguments the names of what was given and is no parameter of the tool, or not the caller's to give
 */
public record ToolInvokeMeta(
        @Nullable ToolAddress tool,
        Duration timeCost,
        @Nullable ErrorCode error,
        long characters,
        long fileBytes,
        List<String> ignoredArguments) {

    /** Copies the list. */
    public ToolInvokeMeta {
        ignoredArguments = List.copyOf(ignoredArguments);
    }
}
