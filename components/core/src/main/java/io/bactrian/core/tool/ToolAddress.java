package io.bactrian.core.tool;

/**
 * Which tool of which provider, as an endpoint's URI names it.
 *
 * @param type its kind
 * @param provider the provider's name; for workflow tools the tool's own name
 * @param tool the tool's name within the provider
 */
public record ToolAddress(ToolProviderType type, String provider, String tool) implements Comparable<ToolAddress> {

    /** @throws IllegalArgumentException if a name is none */
    public ToolAddress {
        ToolIdentity.check("tool provider", provider);
        ToolIdentity.check("tool", tool);
    }

    /** A workflow tool, which is its own provider. */
    public static ToolAddress workflow(String name) {
        return new ToolAddress(ToolProviderType.WORKFLOW, name, name);
    }

    @Override
    public int compareTo(ToolAddress other) {
        int byType = type.compareTo(other.type);
        int byProvider = byType == 0 ? provider.compareTo(other.provider) : byType;
        return byProvider == 0 ? tool.compareTo(other.tool) : byProvider;
    }

    /** As a URI: {@code tool-builtin:time/current_time}, {@code tool-workflow:NAME}. */
    @Override
    public String toString() {
        return type.scheme() + ":" + (type == ToolProviderType.WORKFLOW ? tool : provider + "/" + tool);
    }
}
