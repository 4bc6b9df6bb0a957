package io.bactrian.core.rule;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one kind that tenants keep. Each change is one transaction, is counted as one of the tenant's
 * ({@link io.bactrian.core.config.ConfigurationSource#version}), and is there for readers of this node when it returns.
 *
 * <p>Errors: {@link BadRequestException} with {@code tenant_not_found}, or {@code invalid_param} for a
 * rule that somebody else has changed; {@link io.bactrian.core.error.UnavailableException} with {@code store_unavailable}.
 *
 * @param <R> what kind of rule
 */
public interface RuleStore<R extends NamedRule> {

    /** How many rules of a kind a tenant may have. */
    int MOST = 100;

    /**
     * The rules of a tenant, by name. Reads the store each time.
     *
     * @throws io.bactrian.core.error.MisconfiguredException with {@code misconfigured} if this version does not understand one:
     *     to pass it over would let through what it forbids
     */
    List<RuleRecord<R>> rules(TenantId tenant);

    /**
     * Adds a rule, or puts it in the place of the one of its name.
     *
     * @param wanted what is to be there; its tenant is the given one, its version is of no account
     * @param read what was read under that name; null for nothing. Refused if it is not that any more
     * @return what is there now
     */
    RuleRecord<R> put(TenantId tenant, RuleRecord<R> wanted, @Nullable RuleRecord<R> read);

    /**
     * Removes a rule.
     *
     * @param read what was read. Refused if it is not that any more
     * @return false if there is none of that name
     */
    boolean remove(TenantId tenant, RuleRecord<R> read);

    /** The refusal of a change to what somebody else has changed. */
    static BadRequestException changed(TenantId tenant, String name) {
        return new BadRequestException(
                ErrorCode.INVALID_PARAM,
                "rule '" + name + "' of tenant '" + tenant + "' has changed since it was read: read it again");
    }
}
