package io.bactrian.core.config;

import io.bactrian.core.error.SafeText;
import io.bactrian.core.tenant.TenantId;

/**
 * A tenant.
 *
 * @param id its id
 * @param name what a person sees, 1 to 100 characters
 * @param enabled whether its calls are served
 */
public record TenantRecord(TenantId id, String name, boolean enabled) {
    /** @throws IllegalArgumentException if the name is blank, too long or holds control characters */
    public TenantRecord {
        if (name.isBlank() || name.length() > 100 || !SafeText.showable(name)) {
            throw new IllegalArgumentException("a tenant's name has 1 to 100 characters and no control characters");
        }
    }
}
