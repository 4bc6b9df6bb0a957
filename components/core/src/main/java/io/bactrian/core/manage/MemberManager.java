package io.bactrian.core.manage;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.Membership;
import io.bactrian.core.config.Page;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.util.Optional;

/**
 * Who is a member of a tenant, and with which role.
 *
 * <p>Admins add members, with no role above their own. Only an owner changes roles and removes members, and nobody does it to
 * themselves: so a tenant keeps an owner whatever its members do. An owner leaves by making another member the owner, which makes
 * the old one an admin. The operator may do anything; so may a file, which declares all members of a tenant.
 */
public final class MemberManager {

    private final ConfigurationStore store;
    private final AccessControl access;

    /**
     * @param store where members are kept
     * @param access decides who may, and takes it down
     */
    public MemberManager(ConfigurationStore store, AccessControl access) {
        this.store = store;
        this.access = access;
    }

    /**
     * Adds a member. The operator makes somebody the owner by it, as by {@link #changeRole}.
     *
     * @throws BadRequestException with {@code tenant_not_found}, or {@code invalid_param} if they are a member already
     * @throws io.bactrian.core.error.RefusedException with {@code access_denied}, also for a role above the actor's own, and for
     *     that of the owner
     */
    public MemberRecord add(Actor actor, TenantId tenant, UserId user, Role role) {
        return access.audited(actor, tenant, Permission.MEMBER_ADD, "member.add", subject(user, role), () -> {
            AccessControl.denialOfGrant(actor, tenant, role).ifPresent(reason -> {
                throw AccessControl.denied(reason);
            });
            if (role == Role.OWNER && actor.actsAs().isPresent()) {
                throw AccessControl.denied(
                        "nobody is added as an owner: an owner hands over to somebody who is a member");
            }
            return added(actor, tenant, new MemberRecord(user, role));
        });
    }

    private MemberRecord added(Actor actor, TenantId tenant, MemberRecord member) {
        if (actor instanceof Actor.Operator
                && member.role() == Role.OWNER
                && store.role(tenant, member.user()).isEmpty()) {
            store.handOver(tenant, null, member.user());
            return member;
        }
        if (!store.addMember(tenant, member)) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "'" + member.user() + "' is a member of tenant '" + tenant + "' already: an owner changes roles");
        }
        return member;
    }

    /**
     * Gives a member another role. Whoever makes another member the owner becomes an admin, and so does any other owner.
     *
     * @throws BadRequestException with {@code invalid_param} if they are not a member
     * @throws io.bactrian.core.error.RefusedException with {@code access_denied}, also for whoever changes themselves
     */
    public MemberRecord changeRole(Actor actor, TenantId tenant, UserId user, Role role) {
        return access.audited(actor, tenant, Permission.MEMBER_MANAGE, "member.role", subject(user, role), () -> {
            if (actor.actsAs().isPresent()) {
                UserId by = other(actor, user);
                if (role == Role.OWNER) {
                    store.handOver(tenant, by, user);
                } else {
                    store.changeMember(tenant, by, user, role);
                }
            } else {
                Membership.requireMember(tenant, user, store.role(tenant, user).isPresent());
                changed(actor, tenant, new MemberRecord(user, role));
            }
            return new MemberRecord(user, role);
        });
    }

    /** A file has the whole list, with as many owners as it says. */
    private void changed(Actor actor, TenantId tenant, MemberRecord member) {
        if (actor instanceof Actor.Operator && member.role() == Role.OWNER) {
            store.handOver(tenant, null, member.user());
        } else {
            store.putMember(tenant, member);
        }
    }

    /**
     * Removes a member. Their API keys are of no use from then on.
     *
     * @throws BadRequestException with {@code invalid_param} if they are not a member
     * @throws io.bactrian.core.error.RefusedException with {@code access_denied}, also for whoever removes themselves
     */
    public void remove(Actor actor, TenantId tenant, UserId user) {
        access.audited(actor, tenant, Permission.MEMBER_MANAGE, "member.remove", user.value(), () -> {
            if (actor.actsAs().isPresent()) {
                store.changeMember(tenant, other(actor, user), user, null);
            } else if (!store.removeMember(tenant, user)) {
                throw Membership.notThere(tenant, user);
            }
            return user;
        });
    }

    /** Some of the members of a tenant. */
    public PageOf<MemberRecord> list(Actor actor, TenantId tenant, Page page) {
        access.require(actor, tenant, Permission.MEMBER_VIEW, "members");
        return store.members(tenant, page);
    }

    /**
     * A member.
     *
     * @throws BadRequestException with {@code invalid_param} if they are not one
     */
    public MemberRecord get(Actor actor, TenantId tenant, UserId user) {
        access.require(actor, tenant, Permission.MEMBER_VIEW, user.value());
        return store.role(tenant, user)
                .map(role -> new MemberRecord(user, role))
                .orElseThrow(() -> Membership.notThere(tenant, user));
    }

    /** Who changes somebody, who has to be somebody else. */
    private static UserId other(Actor actor, UserId user) {
        Optional<UserId> account = actor.account();
        if (account.isEmpty()) {
            throw AccessControl.denied(
                    "only persons change roles and remove members: use an API key of an owner's account");
        }
        if (account.get().equals(user)) {
            throw AccessControl.denied(
                    "nobody changes their own role or removes themselves: an owner makes another member the owner first");
        }
        return account.get();
    }

    private static String subject(UserId user, Role role) {
        return user + " " + role.text();
    }
}
