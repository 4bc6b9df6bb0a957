package io.bactrian.core.rule;

import io.bactrian.core.tenant.TenantId;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Where those who keep to rules get a tenant's from.
 *
 * @param <R> what kind of rule
 */
public interface RuleSource<R> {

    /** Counts the changes of a tenant: read for every call, from memory. Whoever reads it first and the rules then has rules as new. */
    long version(TenantId tenant);

    /** The rules of a tenant. Read when the version has changed. */
    List<R> rules(TenantId tenant);

    /** Whether no tenant will ever have any. */
    default boolean empty() {
        return false;
    }

    /** No rules, now and later. */
    static <R> RuleSource<R> none() {
        return new RuleSource<>() {
            @Override
            public long version(TenantId tenant) {
                return 0;
            }

            @Override
            public List<R> rules(TenantId tenant) {
                return List.of();
            }

            @Override
            public boolean empty() {
                return true;
            }
        };
    }

    /** The rules of a source. */
    static <R> RuleSource<R> of(ToLongFunction<TenantId> version, Function<TenantId, List<R>> rules) {
        return new RuleSource<>() {
            @Override
            public long version(TenantId tenant) {
                return version.applyAsLong(tenant);
            }

            @Override
            public List<R> rules(TenantId tenant) {
                return rules.apply(tenant);
            }
        };
    }

    /**
     * The rules of a store.
     *
     * @param version counts the changes of tenants
     */
    static <R extends NamedRule> RuleSource<R> of(ToLongFunction<TenantId> version, RuleStore<R> store) {
        return of(
                version,
                tenant -> store.rules(tenant).stream().map(RuleRecord::rule).toList());
    }
}
