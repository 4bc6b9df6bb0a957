package io.bactrian.core.invoke;

import io.bactrian.core.error.ErrorCode;
import java.util.Locale;
import java.util.Optional;

/** Whether a tenant can call a model, and if not, why; the texts are Dify's where it has one. */
public enum ModelStatus {
    ACTIVE,
    NO_CONFIGURE,
    QUOTA_EXCEEDED,
    NO_PERMISSION,
    DISABLED,
    CREDENTIAL_REMOVED,
    UNAVAILABLE;

    /** The value as shown. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static ModelStatus of(Resolution resolution) {
        Optional<ErrorCode> code = resolution.refusal().map(Resolution.Refusal::code);
        if (code.isEmpty()) {
            return ACTIVE;
        }
        return switch (code.get()) {
            case MODEL_DISABLED, PROVIDER_DISABLED -> DISABLED;
            case CREDENTIAL_REMOVED -> CREDENTIAL_REMOVED;
            case PROVIDER_NOT_INITIALIZE -> NO_CONFIGURE;
            case MODEL_CURRENTLY_NOT_SUPPORT, CREDENTIAL_POLICY_VIOLATION -> NO_PERMISSION;
            case PROVIDER_QUOTA_EXCEEDED, QUOTA_NOT_ENFORCED -> QUOTA_EXCEEDED;
            default -> UNAVAILABLE;
        };
    }
}
