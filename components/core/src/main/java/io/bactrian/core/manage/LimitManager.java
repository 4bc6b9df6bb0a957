package io.bactrian.core.manage;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.limit.LimitFields;
import io.bactrian.core.limit.RateLimitRule;
import io.bactrian.core.rule.RuleStore;
import io.bactrian.core.tenant.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many calls and tokens tenants may have in a time, and how many calls at once: set, removed and shown. The operator and
 * files set any limit; owners and admins those of their tenant that the operator has not set. Each change and each refusal is
 * taken down in the audit log.
 */
public final class LimitManager {

    /** What the properties that declare limits begin with. */
    public static final String PROPERTIES = "bactrian.limits.";

    private final RuleBook<RateLimitRule> rules;

    /**
     * @param store where they are kept
     * @param declared those of settings
     * @param access decides who may, and takes down what comes of it
     */
    public LimitManager(RuleStore<RateLimitRule> store, List<RateLimitRule> declared, AccessControl access) {
        List<RateLimitRule> ofSettings = List.copyOf(declared);
        this.rules = new RuleBook<>(
                new RuleBook.Kind(LimitFields.KIND, PROPERTIES),
                store,
                tenant -> ofSettings.stream()
                        .filter(rule -> rule.tenant().admits(tenant))
                        .toList(),
                access);
    }

    /**
     * Sets a limit, in place of the one of its name. What counts of that goes on counting.
     *
     * @param fields what stands in its fields, as in properties ({@link LimitFields})
     * @throws io.bactrian.core.error.BadRequestException with {@code invalid_param}, naming the fields that are wrong and what
     *     they have to be, or the property that declares a limit of that name
     * @throws io.bactrian.core.error.RefusedException with {@code access_denied} if the actor may not set it
     */
    public RuleView<RateLimitRule> set(Actor actor, TenantId tenant, String name, Map<String, String> fields) {
        return rules.set(actor, tenant, name, () -> LimitFields.of(tenant, name, fields));
    }

    /** Removes a limit. False if there is none of that name. */
    public boolean remove(Actor actor, TenantId tenant, String name) {
        return rules.remove(actor, tenant, name);
    }

    /** A limit that a tenant keeps to, of settings too. */
    public Optional<RuleView<RateLimitRule>> find(Actor actor, TenantId tenant, String name) {
        return rules.find(actor, tenant, name);
    }

    /** The limits that a tenant keeps to: those of settings first. */
    public List<RuleView<RateLimitRule>> list(Actor actor, TenantId tenant) {
        return rules.list(actor, tenant);
    }
}
