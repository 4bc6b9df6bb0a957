package io.bactrian.core.manage;

import io.bactrian.core.access.Actor;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.ToolCredential;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what with credentials of tools: the operator and files anything; a tenant's owners and admins what all of the tenant
 * may use, and they may remove what is a single user's; each member what is their own. Nobody else's own ones are seen by any
 * other member, owners and admins excepted (CRED-15).
 */
final class ToolCredentialRights {

    private ToolCredentialRights() {}

    /** Whether the actor knows that a credential is there. */
    static boolean sees(Actor actor, TenantId tenant, ToolCredential credential) {
        if (!(actor instanceof Actor.Member member)) {
            return true;
        }
        return member.tenant().equals(tenant)
                && (member.role().privileged()
                        || credential.onlyFor().isEmpty()
                        || credential.onlyFor().get().equals(member.user()));
    }

    /** Refuses members of other tenants. */
    static void checkMember(Actor actor, TenantId tenant) {
        if (actor instanceof Actor.Member member && !member.tenant().equals(tenant)) {
            throw refused(tenant);
        }
    }

    /**
     * Refuses who may not add, change or choose a credential.
     *
     * @param onlyFor whose it is; null for one that all of the tenant may use
     */
    static void checkChange(Actor actor, TenantId tenant, @Nullable UserId onlyFor) {
        if (!(actor instanceof Actor.Member member)) {
            return;
        }
        checkMember(actor, tenant);
        boolean own = onlyFor != null && onlyFor.equals(member.user());
        boolean shared = onlyFor == null && member.role().privileged();
        if (!own && !shared) {
            throw refused(tenant);
        }
    }

    /** Refuses who may not remove a credential. */
    static void checkRemove(Actor actor, TenantId tenant, @Nullable UserId onlyFor) {
        boolean privileged = actor instanceof Actor.Member member
                && member.tenant().equals(tenant)
                && member.role().privileged();
        if (!privileged) {
            checkChange(actor, tenant, onlyFor);
        }
    }

    private static RefusedException refused(TenantId tenant) {
        return new RefusedException(
                ErrorCode.ACCESS_DENIED,
                "only owners and admins of tenant '" + tenant
                        + "' manage the credentials of its tools; other members manage"
                        + " those that are for their own calls alone");
    }
}
