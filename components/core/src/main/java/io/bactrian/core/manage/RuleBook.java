package io.bactrian.core.manage;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Permission;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.error.SafeText;
import io.bactrian.core.rule.NamedRule;
import io.bactrian.core.rule.RuleAuthor;
import io.bactrian.core.rule.RuleRecord;
import io.bactrian.core.rule.RuleStore;
import io.bactrian.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tenants' rules of one kind, as people set and remove them. The operator and files set any; a tenant's owners and admins those
 * that the tenant has set itself, which can only be stricter than the rest, as all hold together. What settings declare is
 * changed nowhere but there. Whatever is done or refused is taken down in the audit log.
 */
final class RuleBook<R extends NamedRule> {

    private final Kind kind;
    private final RuleStore<R> store;
    private final Function<TenantId, List<R>> declared;
    private final AccessControl access;

    /**
     * What a kind of rule is called.
     *
     * @param name in messages and actions of the audit log: {@code budget}
     * @param prefix what properties that declare one begin with: {@code bactrian.budgets.}
     */
    record Kind(String name, String prefix) {}

    /**
     * @param store where they are kept
     * @param declared those of settings that are for a tenant
     * @param access decides who may, and takes down what comes of it
     */
    RuleBook(Kind kind, RuleStore<R> store, Function<TenantId, List<R>> declared, AccessControl access) {
        this.kind = kind;
        this.store = store;
        this.declared = declared;
        this.access = access;
    }

    /** @param reader reads the rule, or says what is wrong with it, to those who may set it */
    RuleView<R> set(Actor actor, TenantId tenant, String name, Supplier<R> reader) {
        return audited(actor, tenant, kind.name() + ".set", name, () -> {
            requireKept(tenant, name);
            R rule = reader.get();
            List<RuleRecord<R>> present = store.rules(tenant);
            RuleRecord<R> read = find(present, name);
            requireOwn(actor, read);
            if (read == null && present.size() >= RuleStore.MOST) {
                throw invalid("tenant '" + tenant + "' has " + present.size() + " " + kind.name()
                        + "s, and may not have more: remove one first");
            }
            return RuleView.of(store.put(tenant, RuleRecord.of(rule, author(actor), managedBy(actor)), read));
        });
    }

    boolean remove(Actor actor, TenantId tenant, String name) {
        return audited(actor, tenant, kind.name() + ".remove", name, () -> {
            RuleRecord<R> read = find(store.rules(tenant), name);
            if (read == null) {
                requireKept(tenant, name);
                return false;
            }
            // also one whose name properties have taken since
            requireOwn(actor, read);
            return store.remove(tenant, read);
        });
    }

    /** All that a tenant keeps to: of settings, then kept, each by name. */
    List<RuleView<R>> list(Actor actor, TenantId tenant) {
        access.require(actor, tenant, Permission.QUOTA_VIEW, kind.name() + "s");
        List<RuleView<R>> all = new ArrayList<>();
        declared.apply(tenant).forEach(rule -> all.add(RuleView.declared(rule, kind.prefix())));
        store.rules(tenant).forEach(rule -> all.add(RuleView.of(rule)));
        return all;
    }

    Optional<RuleView<R>> find(Actor actor, TenantId tenant, String name) {
        return list(actor, tenant).stream()
                .filter(view -> view.rule().name().equals(name))
                .findFirst();
    }

    private @Nullable RuleRecord<R> find(List<RuleRecord<R>> rules, String name) {
        return rules.stream()
                .filter(rule -> rule.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private void requireKept(TenantId tenant, String name) {
        if (declared.apply(tenant).stream().anyMatch(rule -> rule.name().equals(name))) {
            throw invalid(kind.name() + " '" + name + "' is declared by " + kind.prefix() + name
                    + ".* in the settings: change it there, or give this one another name");
        }
    }

    private void requireOwn(Actor actor, @Nullable RuleRecord<R> read) {
        if (read != null && read.setBy() == RuleAuthor.OPERATOR && author(actor) == RuleAuthor.TENANT) {
            throw new RefusedException(
                    ErrorCode.ACCESS_DENIED,
                    kind.name() + " '" + read.name()
                            + "' was set by the operator, who alone changes or removes it: set one"
                            + " of another name to be stricter");
        }
    }

    private static RuleAuthor author(Actor actor) {
        return actor instanceof Actor.Operator || actor instanceof Actor.File ? RuleAuthor.OPERATOR : RuleAuthor.TENANT;
    }

    private static @Nullable String managedBy(Actor actor) {
        return actor instanceof Actor.File file ? file.path() : null;
    }

    private static BadRequestException invalid(String message) {
        return new BadRequestException(ErrorCode.INVALID_PARAM, message);
    }

    private <T> T audited(Actor actor, TenantId tenant, String action, String subject, Supplier<T> work) {
        return access.audited(actor, tenant, Permission.QUOTA_MANAGE, action, SafeText.shown(subject), work);
    }
}
