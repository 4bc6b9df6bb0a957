package io.bactrian.core.tool;

import java.util.Locale;

/** Who makes use of a tool; the values are those of Dify's {@code ToolInvokeFrom}. */
public enum ToolInvokeFrom {
    /** A route. */
    WORKFLOW,
    /** A model, by way of an agent. */
    AGENT,
    /** A plugin that calls back. */
    PLUGIN;

    /** The value as written. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
