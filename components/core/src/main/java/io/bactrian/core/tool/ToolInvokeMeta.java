package io.bactrian.core.tool;

import io.bactrian.core.error.ErrorCode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a call of a tool beside its result.
 *
 * @param tool which tool; null if it was not found
 * @param timeCost how long it took
 * @param error the code of what went wrong; null for nothing
 * @param characters how many characters of text and JSON came of it
 * @param fileBytes how many bytes of files came of it
 * @param cost what the calls that the tool made have cost, by currency (ISO 4217), as far as models have prices; empty if that is
 *     nothing, and of a builtin tool that a route calls
 * @param ignoredArguments the names of what was given and is no parameter of the tool, or not the caller's to give
 */
public record ToolInvokeMeta(
        @Nullable ToolAddress tool,
        Duration timeCost,
        @Nullable ErrorCode error,
        long characters,
        long fileBytes,
        Map<String, BigDecimal> cost,
        List<String> ignoredArguments) {

    /** What is known of a call that made no others. */
    public ToolInvokeMeta(
            @Nullable ToolAddress tool,
            Duration timeCost,
            @Nullable ErrorCode error,
            long characters,
            long fileBytes,
            List<String> ignoredArguments) {
        this(tool, timeCost, error, characters, fileBytes, Map.of(), ignoredArguments);
    }

    /** Copies map and list. */
    public ToolInvokeMeta {
        cost = Map.copyOf(cost);
        ignoredArguments = List.copyOf(ignoredArguments);
    }
}
