package io.bactrian.core.manage;

import io.bactrian.core.rule.NamedRule;
import io.bactrian.core.rule.RuleAuthor;
import io.bactrian.core.rule.RuleRecord;
import java.util.Optional;

/**
 * A rule that a tenant keeps to, as people see it.
 *
 * @param rule the rule
 * @param setBy who has set it
 * @param property the property that declares it, with {@code *} for its fields; empty for one that is kept in the store
 * @param managedBy the file that declares it; empty for one that was set by hand, or by properties
 * @param version counts its changes; 0 for one of properties
 * @param <R> what kind of rule
 */
public record RuleView<R extends NamedRule>(
        R rule, RuleAuthor setBy, Optional<String> property, Optional<String> managedBy, long version) {

    static <R extends NamedRule> RuleView<R> of(RuleRecord<R> kept) {
        return new RuleView<>(
                kept.rule(), kept.setBy(), Optional.empty(), Optional.ofNullable(kept.managedBy()), kept.version());
    }

    static <R extends NamedRule> RuleView<R> declared(R rule, String prefix) {
        return new RuleView<>(rule, RuleAuthor.OPERATOR, Optional.of(prefix + rule.name() + ".*"), Optional.empty(), 0);
    }
}
