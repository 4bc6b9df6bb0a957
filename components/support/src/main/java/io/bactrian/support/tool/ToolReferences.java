package io.bactrian.support.tool;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolProviderType;
import java.util.function.Function;

/** Reads which tool a path names. */
public final class ToolReferences {

    private ToolReferences() {}

    /**
     * The tool of a path {@code PROVIDER/TOOL}: the provider ends at the first slash, all the rest is the tool's name.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ToolReference ofProvider(ToolProviderType type, String path) {
        int slash = path.indexOf('/');
        if (slash < 1 || slash == path.length() - 1) {
            throw new IllegalArgumentException(
                    "a " + type.scheme() + ": endpoint is written " + type.scheme() + ":PROVIDER/TOOL");
        }
        return new ToolReference.Addressed(new ToolAddress(type, path.substring(0, slash), path.substring(slash + 1)));
    }

    /** As a reader of paths reads it, with its refusal as a caller's mistake. */
    static ToolReference of(String scheme, String path, Function<String, ToolReference> reader) {
        try {
            return reader.apply(path);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "the " + scheme + ": URI names no tool: " + e.getMessage());
        }
    }
}
