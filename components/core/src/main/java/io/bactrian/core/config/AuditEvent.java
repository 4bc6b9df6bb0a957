package io.bactrian.core.config;

import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened and must be found again.
 *
 * @param at when
 * @param tenant whose; null for what concerns the installation
 * @param actor who: a user, {@code operator}, a file's name
 * @param action what was done, as {@code noun.verb}: {@code credential.update}
 * @param subject to what, by id or name; never a secret
 * @param outcome {@code done}, or the code of the refusal
 */
public record AuditEvent(
        Instant at, @Nullable TenantId tenant, String actor, String action, String subject, String outcome) {}
