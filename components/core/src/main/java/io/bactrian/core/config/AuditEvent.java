package io.bactrian.core.config;

import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened and must be found again.
 *
 * @param at when; of several the first
 * @param tenant whose; null for what concerns the installation
 * @param actor who: a user, {@code operator}, a file's name
 * @param action what was done, as {@code noun.verb}: {@code credential.update}
 * @param subject to what, by id or name; never a secret
 * @param outcome {@code done}, or the code of the refusal
 * @param count how often, 1 or more: equal refusals that follow each other closely are taken down together
 */
public record AuditEvent(
        Instant at,
        @Nullable TenantId tenant,
        String actor,
        String action,
        String subject,
        String outcome,
        long count) {

    /** Something that happened once. */
    public AuditEvent(
            Instant at, @Nullable TenantId tenant, String actor, String action, String subject, String outcome) {
        this(at, tenant, actor, action, subject, outcome, 1);
    }

    /** @throws IllegalArgumentException if it happened less than once */
    public AuditEvent {
        if (count < 1) {
            throw new IllegalArgumentException("what is taken down happened once or more often");
        }
    }
}
