package io.bactrian.core.access;

import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.Audited;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolAddress;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The decision on who may do what in a tenant, made here and nowhere else: for the command line, for HTTP, and for calls, whose
 * ACCESS phase asks {@link #denial(Role, TenantId, Permission)}. Each denial is taken down in the audit log.
 */
public final class AccessControl {

    private final AuditLog audit;
    private final Clock clock;

    /**
     * @param audit takes denials down
     * @param clock when they happened
     */
    public AccessControl(AuditLog audit, Clock clock) {
        this.audit = audit;
        this.clock = clock;
    }

    /** Why the actor may not do something in a tenant; empty if they may. Nothing is taken down. */
    public static Optional<String> denial(Actor actor, TenantId tenant, Permission permission) {
        if (actor instanceof Actor.Member member) {
            return member.tenant().equals(tenant)
                    ? denial(member.role(), tenant, permission)
                    : Optional.of(foreign(tenant));
        }
        if (actor instanceof Actor.Key key) {
            return denial(key, tenant, permission);
        }
        // the operator, and files that the operator alone can write
        return Optional.empty();
    }

    private static Optional<String> denial(Actor.Key key, TenantId tenant, Permission permission) {
        if (!key.tenant().equals(tenant)) {
            return Optional.of(foreign(tenant));
        }
        if (!key.scopes().admit(permission)) {
            return Optional.of("the API key was made for " + key.scopes() + ", which does not hold " + permission
                    + ": use a key with the scope " + scopeOf(permission));
        }
        return denial(key.role(), tenant, permission);
    }

    private static String scopeOf(Permission permission) {
        return switch (permission) {
            case MODEL_EMBED, MODEL_INVOKE -> "models";
            case TOOL_INVOKE -> "tools";
            default -> permission.reads() ? "admin:read" : "admin:write";
        };
    }

    /** Why a role may not do something in its tenant; empty if it may. */
    public static Optional<String> denial(Role role, TenantId tenant, Permission permission) {
        if (permission.heldBy(role)) {
            return Optional.empty();
        }
        String who = permission.least().isEmpty()
                ? "whoever runs the installation"
                : Arrays.stream(Role.values())
                        .filter(permission::heldBy)
                        .map(Role::text)
                        .collect(Collectors.joining(" or "));
        return Optional.of("the role " + role.text() + " in tenant '" + tenant + "' does not hold " + permission
                + ": it takes " + who);
    }

    /** Why scopes do not hold calls of a model; empty if they do. */
    public static Optional<String> denialOfModel(Scopes scopes, ProviderId provider, String model) {
        return scopes.admitModel(provider, model)
                ? Optional.empty()
                : Optional.of(
                        outOfScope(scopes, "the model " + provider + "/" + model, "models:" + provider + "/" + model));
    }

    /** Why scopes do not hold calls of a tool; empty if they do. */
    public static Optional<String> denialOfTool(Scopes scopes, ToolAddress tool) {
        return scopes.admitTool(tool)
                ? Optional.empty()
                : Optional.of(outOfScope(scopes, "the tool " + tool, "tools:" + tool.provider() + "/" + tool.tool()));
    }

    private static String outOfScope(Scopes scopes, String what, String needed) {
        return "the API key was made for " + scopes + ", which does not hold " + what
                + ": use another, or a key with the" + " scope " + needed;
    }

    /** Why an actor may not give somebody a role; empty if they may: nobody gives what they do not have. */
    public static Optional<String> denialOfGrant(Actor actor, TenantId tenant, Role given) {
        return actor.actsAs()
                .filter(own -> !own.covers(given))
                .map(own -> "nobody gives a role above their own, which in tenant '" + tenant + "' is " + own.text()
                        + ", not " + given.text());
    }

    /** Why an actor may not make a key for scopes; empty if they may: nobody gives what they do not have. */
    public static Optional<String> denialOfGrant(Actor actor, Scopes given) {
        return actor instanceof Actor.Key key && !key.scopes().cover(given)
                ? Optional.of("an API key makes none for more than it was made for itself: " + key.scopes())
                : Optional.empty();
    }

    /** The error that says no; it is taken down by {@link #audited}, or by whoever catches it. */
    public static RefusedException denied(String reason) {
        return new RefusedException(ErrorCode.ACCESS_DENIED, reason);
    }

    private static String foreign(TenantId tenant) {
        return "only members of tenant '" + tenant + "' do anything there";
    }

    /**
     * Refuses who may not do something, and takes that down.
     *
     * @param subject to what, by id or name; never a secret
     * @throws RefusedException with {@code access_denied}, saying what it takes
     */
    public void require(Actor actor, TenantId tenant, Permission permission, String subject) {
        denial(actor, tenant, permission).ifPresent(reason -> {
            throw refused(actor, tenant, permission.text(), subject, reason);
        });
    }

    /**
     * Refuses all but whoever runs the installation, for what concerns more than one tenant.
     *
     * @param subject what it is about
     * @throws RefusedException with {@code access_denied}
     */
    public void requireOperator(Actor actor, String subject) {
        if (actor instanceof Actor.Member member) {
            require(actor, member.tenant(), Permission.TENANT_MANAGE, subject);
        } else if (actor instanceof Actor.Key key) {
            require(actor, key.tenant(), Permission.TENANT_MANAGE, subject);
        }
    }

    /**
     * The refusal of something that a permission alone does not decide, taken down: a grant above the granter's own, a change of
     * oneself.
     *
     * @param action what was to be done, as {@code noun.verb}
     */
    public RefusedException refused(Actor actor, TenantId tenant, String action, String subject, String reason) {
        note(actor, tenant, action, subject, ErrorCode.ACCESS_DENIED.text());
        return denied(reason);
    }

    /**
     * Does what a permission is needed for, and takes down what came of it, be it done or refused.
     *
     * @param action what is done, as {@code noun.verb}: {@code credential.update}
     */
    public <T> T audited(
            Actor actor, TenantId tenant, Permission permission, String action, String subject, Supplier<T> work) {
        return Audited.run(
                audit,
                outcome -> new AuditEvent(clock.instant(), tenant, actor.name(), action, subject, outcome),
                () -> {
                    denial(actor, tenant, permission).ifPresent(reason -> {
                        throw denied(reason);
                    });
                    return work.get();
                });
    }

    /**
     * Looks at what a permission is needed for, before it is done: as {@link #audited}, but taken down only if it is refused.
     *
     * @param subject to what, in words that stay the same when it is tried again
     */
    public <T> T checked(
            Actor actor, TenantId tenant, Permission permission, String action, String subject, Supplier<T> work) {
        try {
            denial(actor, tenant, permission).ifPresent(reason -> {
                throw denied(reason);
            });
            return work.get();
        } catch (InvokeException e) {
            note(actor, tenant, action, subject, e.code().text());
            throw e;
        }
    }

    private void note(Actor actor, TenantId tenant, String action, String subject, String outcome) {
        Audited.note(audit, new AuditEvent(clock.instant(), tenant, actor.name(), action, subject, outcome));
    }
}
