package io.bactrian.core.tool;

import io.bactrian.core.error.SafeText;
import org.jspecify.annotations.Nullable;

/**
 * Which tool it is.
 *
 * @param author who made it; empty if nobody says
 * @param name its name within its provider: 1 to 128 characters, none of control or of writing direction (LOG-02)
 * @param label what people see
 * @param provider the provider it belongs to
 * @param icon an icon: a URL path, or text such as an emoji; null for none
 */
public record ToolIdentity(
        String author,
        String name,
        I18nText label,
        String provider,
        @Nullable String icon) {

    /** @throws IllegalArgumentException if the name or the provider is none */
    public ToolIdentity {
        check("tool", name);
        check("tool provider", provider);
    }

    /** A tool by its two names. */
    public static ToolIdentity of(String provider, String name) {
        return new ToolIdentity("", name, I18nText.of(name), provider, null);
    }

    static void check(String what, String name) {
        if (name.isBlank() || name.length() > 128 || !SafeText.showable(name)) {
            throw new IllegalArgumentException("a " + what
                    + " is named by 1 to 128 characters, and no control characters or marks of writing direction");
        }
    }
}
