package io.bactrian.core.tool;

import java.util.Locale;

/**
 * Which provider of tools: its kind and its name.
 *
 * @param type the kind of its tools
 * @param provider its name
 */
public record ToolProviderName(ToolProviderType type, String provider) implements Comparable<ToolProviderName> {

    /** @throws IllegalArgumentException if the name is none */
    public ToolProviderName {
        ToolIdentity.check("tool provider", provider);
    }

    /**
     * The provider of that text: {@code KIND/NAME}, such as {@code builtin/web}; without a kind, a builtin one.
     *
     * @throws IllegalArgumentException if it names none
     */
    public static ToolProviderName parse(String text) {
        int slash = text.indexOf('/');
        if (slash >= 0) {
            var type = ToolProviderType.of(text.substring(0, slash).toLowerCase(Locale.ROOT));
            if (type.isPresent()) {
                return new ToolProviderName(type.get(), text.substring(slash + 1));
            }
        }
        return new ToolProviderName(ToolProviderType.BUILTIN, text);
    }

    @Override
    public int compareTo(ToolProviderName other) {
        int byType = type.compareTo(other.type);
        return byType == 0 ? provider.compareTo(other.provider) : byType;
    }

    /** As {@code builtin/web}. */
    @Override
    public String toString() {
        return type + "/" + provider;
    }
}
