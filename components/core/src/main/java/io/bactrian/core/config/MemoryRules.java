package io.bactrian.core.config;

import io.bactrian.core.rule.NamedRule;
import io.bactrian.core.rule.RuleRecord;
import io.bactrian.core.rule.RuleStore;
import io.bactrian.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tenants' rules of one kind, in memory. */
final class MemoryRules<R extends NamedRule> implements RuleStore<R> {

    private final Writing writing;
    private final ConcurrentMap<TenantId, List<RuleRecord<R>>> byTenant = new ConcurrentHashMap<>();

    /** Writes one at a time, and counts what was written. */
    interface Writing {
        /** Does some work for a tenant that has to be there. */
        <T> T change(TenantId tenant, Supplier<T> work);
    }

    MemoryRules(Writing writing) {
        this.writing = writing;
    }

    @Override
    public List<RuleRecord<R>> rules(TenantId tenant) {
        return byTenant.getOrDefault(tenant, List.of());
    }

    @Override
    public RuleRecord<R> put(TenantId tenant, RuleRecord<R> wanted, @Nullable RuleRecord<R> read) {
        return writing.change(tenant, () -> {
            RuleRecord<R> known = unchanged(tenant, wanted.name(), read);
            RuleRecord<R> stored = new RuleRecord<>(
                    wanted.rule(), wanted.setBy(), wanted.managedBy(), known == null ? 1 : known.version() + 1);
            List<RuleRecord<R>> rules = without(tenant, wanted.name());
            rules.add(stored);
            rules.sort(Comparator.comparing(RuleRecord::name));
            byTenant.put(tenant, List.copyOf(rules));
            return stored;
        });
    }

    @Override
    public boolean remove(TenantId tenant, RuleRecord<R> read) {
        return writing.change(tenant, () -> {
            if (find(tenant, read.name()) == null) {
                return false;
            }
            unchanged(tenant, read.name(), read);
            byTenant.put(tenant, List.copyOf(without(tenant, read.name())));
            return true;
        });
    }

    /** Forgets a tenant. Part of a write. */
    void forget(TenantId tenant) {
        byTenant.remove(tenant);
    }

    private @Nullable RuleRecord<R> find(TenantId tenant, String name) {
        return rules(tenant).stream()
                .filter(rule -> rule.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private @Nullable RuleRecord<R> unchanged(TenantId tenant, String name, @Nullable RuleRecord<R> read) {
        RuleRecord<R> known = find(tenant, name);
        if (!Objects.equals(known, read)) {
            throw RuleStore.changed(tenant, name);
        }
        return known;
    }

    private List<RuleRecord<R>> without(TenantId tenant, String name) {
        List<RuleRecord<R>> rules = new ArrayList<>(rules(tenant));
        rules.removeIf(rule -> rule.name().equals(name));
        return rules;
    }
}
