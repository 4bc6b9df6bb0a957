package io.bactrian.core.tenant;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a member may do in a tenant; the values are those of Dify's {@code TenantAccountRole}. In the order of what they may do:
 * each may do all that those after it may. What that is says {@code io.bactrian.core.access.Permission}.
 */
public enum Role {
    OWNER,
    ADMIN,
    EDITOR,
    NORMAL,
    DATASET_OPERATOR;

    /** The value as stored and shown: {@code owner}, {@code admin}, {@code editor}, {@code normal}, {@code dataset_operator}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it may do all that another may. */
    public boolean covers(Role other) {
        return ordinal() <= other.ordinal();
    }

    /** The one of two that may do less. */
    public Role lesser(Role other) {
        return covers(other) ? other : this;
    }

    /** The role of that text, if it is one. */
    public static Optional<Role> of(String text) {
        return Arrays.stream(values()).filter(role -> role.text().equals(text)).findFirst();
    }
}
