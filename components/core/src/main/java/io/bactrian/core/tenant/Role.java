package io.bactrian.core.tenant;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a member may do in a tenant; the values are those of Dify's {@code TenantAccountRole}. */
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

    /** Whether the role may change credentials and settings. */
    public boolean privileged() {
        return this == OWNER || this == ADMIN;
    }

    /** The role of that text, if it is one. */
    public static Optional<Role> of(String text) {
        return Arrays.stream(values()).filter(role -> role.text().equals(text)).findFirst();
    }
}
