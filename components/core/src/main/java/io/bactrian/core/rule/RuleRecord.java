package io.bactrian.core.rule;

import org.jspecify.annotations.Nullable;

/**
 * A rule as a store keeps it.
 *
 * @param rule the rule
 * @param setBy who has set it
 * @param managedBy the file that declares it; null for one that was set by hand
 * @param version counts its changes, from 1; 0 for one that is not stored yet
 * @param <R> what kind of rule
 */
public record RuleRecord<R extends NamedRule>(
        R rule, RuleAuthor setBy, @Nullable String managedBy, long version) {

    /** One that is to be stored. */
    public static <R extends NamedRule> RuleRecord<R> of(R rule, RuleAuthor setBy, @Nullable String managedBy) {
        return new RuleRecord<>(rule, setBy, managedBy, 0);
    }

    /** Its name. */
    public String name() {
        return rule.name();
    }

    /** Whether it says the same and is by the same, whatever its version. */
    public boolean sameAs(RuleRecord<R> other) {
        return of(rule, setBy, managedBy).equals(of(other.rule, other.setBy, other.managedBy));
    }
}
