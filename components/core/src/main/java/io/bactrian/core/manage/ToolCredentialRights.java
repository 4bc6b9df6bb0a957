package io.bactrian.core.manage;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Permission;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.ToolCredential;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what with credentials of tools: the operator and files anything; a tenant's owners and admins what all of the tenant
 * may use, and they may remove what is a single user's; each caller what is their own. Nobody else's own ones are seen by any
 * other member, owners and admins excepted (CRED-15).
 */
final class ToolCredentialRights {

    private ToolCredentialRights() {}

    /** Whether the actor knows that a credential is there. */
    static boolean sees(Actor actor, TenantId tenant, ToolCredential credential) {
        if (AccessControl.denial(actor, tenant, Permission.TOOL_CREDENTIAL_VIEW).isPresent()) {
            return false;
        }
        Optional<UserId> whose = credential.onlyFor();
        boolean seesAll =
                actor.actsAs().map(Permission.TOOL_CREDENTIAL_MANAGE::heldBy).orElse(true);
        return seesAll || whose.isEmpty() || whose.equals(actor.account());
    }

    /**
     * Refuses who may not add, change or choose a credential.
     *
     * @param onlyFor whose it is; null for one that all of the tenant may use
     * @throws io.bactrian.core.error.RefusedException with {@code access_denied}
     */
    static void checkChange(Actor actor, TenantId tenant, @Nullable UserId onlyFor) {
        boolean own = onlyFor != null && Optional.of(onlyFor).equals(actor.account());
        Permission needed = own ? Permission.TOOL_CREDENTIAL_OWN : Permission.TOOL_CREDENTIAL_MANAGE;
        refuse(AccessControl.denial(actor, tenant, needed));
        if (onlyFor != null && !own && actor.actsAs().isPresent()) {
            throw AccessControl.denied(
                    "a credential for one user's calls alone is kept by that user: nobody else of tenant '" + tenant
                            + "' adds or changes it");
        }
    }

    /** Refuses who may not remove a credential. */
    static void checkRemove(Actor actor, TenantId tenant, @Nullable UserId onlyFor) {
        boolean own = onlyFor != null && Optional.of(onlyFor).equals(actor.account());
        Permission needed = own ? Permission.TOOL_CREDENTIAL_OWN : Permission.TOOL_CREDENTIAL_MANAGE;
        refuse(AccessControl.denial(actor, tenant, needed));
    }

    private static void refuse(Optional<String> denial) {
        denial.ifPresent(reason -> {
            throw AccessControl.denied(reason);
        });
    }
}
