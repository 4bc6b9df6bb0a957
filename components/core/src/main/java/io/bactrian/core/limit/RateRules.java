package io.bactrian.core.limit;

import io.bactrian.core.rule.PerTenant;
import io.bactrian.core.rule.RuleSource;
import io.bactrian.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a limiter: those of settings, and those that tenants keep. A rule that a tenant changes goes on counting where it
 * was; one that is removed is remembered while anything of it counts, so that one made anew in its place does not begin at
 * nothing.
 */
final class RateRules {

    private final RateRule[] ofSettings;
    private final RuleSource<RateLimitRule> kept;
    private final PerTenant<RateRule[]> inForce;
    private final Predicate<RateRule> forgotten;
    // also those of tenants that are no longer in force
    private final ConcurrentMap<TenantId, Map<RateRule.Identity, RateRule>> ofTenants = new ConcurrentHashMap<>();

    /**
     * @param limits those of settings
     * @param kept those that tenants keep
     * @param forgotten tidies a rule up that is no longer in force, and tells whether nothing of it counts any more
     */
    RateRules(List<RateLimit> limits, RuleSource<RateLimitRule> kept, Predicate<RateRule> forgotten) {
        this.ofSettings =
                sorted(limits.stream().map(limit -> new RateRule(limit, false)).toList());
        this.kept = kept;
        this.forgotten = forgotten;
        this.inForce = new PerTenant<>(kept::version, this::made);
    }

    /** Permits last: what others wait for most is asked for when nothing else can refuse. */
    private static RateRule[] sorted(List<RateRule> rules) {
        return rules.stream()
                .sorted(Comparator.comparing(rule -> rule.limit().resource()))
                .toArray(RateRule[]::new);
    }

    /** The rules that may be about a tenant's calls. */
    RateRule[] of(TenantId tenant) {
        return kept.empty() ? ofSettings : inForce.of(tenant);
    }

    private RateRule[] made(TenantId tenant) {
        List<RateLimit> limits = kept.rules(tenant).stream()
                .flatMap(rule -> rule.limits().stream())
                .toList();
        if (limits.isEmpty() && !ofTenants.containsKey(tenant)) {
            return ofSettings;
        }
        List<RateRule> all = new ArrayList<>(Arrays.asList(ofSettings));
        ofTenants.compute(tenant, (id, known) -> {
            Map<RateRule.Identity, RateRule> present = changed(limits, known, all);
            return present.isEmpty() ? null : present;
        });
        return sorted(all);
    }

    private Map<RateRule.Identity, RateRule> changed(
            List<RateLimit> limits, @Nullable Map<RateRule.Identity, RateRule> known, List<RateRule> all) {
        Map<RateRule.Identity, RateRule> before = known == null ? Map.of() : known;
        Map<RateRule.Identity, RateRule> present = new HashMap<>();
        for (RateLimit limit : limits) {
            RateRule.Identity identity = RateRule.Identity.of(limit);
            RateRule same = before.get(identity);
            RateRule rule = same == null ? new RateRule(limit, true) : same;
            rule.change(limit);
            present.put(identity, rule);
            all.add(rule);
        }
        before.forEach((identity, rule) -> {
            // not at once: a call may be on its way to it
            if (!present.containsKey(identity) && !(rule.removed() && forgotten.test(rule))) {
                rule.remove();
                present.put(identity, rule);
            }
        });
        return Map.copyOf(present);
    }

    /** All of them, those that are no longer in force among them. */
    void forEach(Consumer<RateRule> action) {
        for (RateRule rule : ofSettings) {
            action.accept(rule);
        }
        ofTenants.values().forEach(rules -> rules.values().forEach(action));
    }
}
