package io.bactrian.core.tool;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of tools; the values are those of Dify's {@code ToolProviderType}. */
public enum ToolProviderType {
    BUILTIN("tool-builtin"),
    API("tool-api"),
    MCP("tool-mcp"),
    PLUGIN("tool-plugin"),
    WORKFLOW("tool-workflow");

    private final String scheme;
    private final String text;

    ToolProviderType(String scheme) {
        this.scheme = scheme;
        this.text = name().toLowerCase(Locale.ROOT);
    }

    /** The value as written: {@code builtin}, {@code api}, {@code mcp}, {@code plugin}, {@code workflow}. */
    public String text() {
        return text;
    }

    /** The scheme of the endpoints that call such tools, such as {@code tool-builtin}. */
    public String scheme() {
        return scheme;
    }

    /** The kind of that text, if it is one. */
    public static Optional<ToolProviderType> of(String text) {
        return Arrays.stream(values()).filter(type -> type.text().equals(text)).findFirst();
    }

    @Override
    public String toString() {
        return text();
    }
}
