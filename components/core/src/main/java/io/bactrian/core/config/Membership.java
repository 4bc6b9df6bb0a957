package io.bactrian.core.config;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import org.jspecify.annotations.Nullable;

/** What a store checks of members before it changes them, while nobody else can. */
public final class Membership {

    private Membership() {}

    /**
     * Refuses somebody who is no owner.
     *
     * @param role their role; null for none
     * @throws RefusedException with {@code access_denied}
     */
    public static void requireOwner(TenantId tenant, UserId user, @Nullable Role role) {
        if (role != Role.OWNER) {
            throw new RefusedException(
                    ErrorCode.ACCESS_DENIED, "'" + user + "' is not an owner of tenant '" + tenant + "' any more");
        }
    }

    /**
     * Refuses a change of somebody who is no member.
     *
     * @param there whether they are one
     * @throws BadRequestException with {@code invalid_param}
     */
    public static void requireMember(TenantId tenant, UserId user, boolean there) {
        if (!there) {
            throw notThere(tenant, user);
        }
    }

    /** The error that somebody is no member. */
    public static BadRequestException notThere(TenantId tenant, UserId user) {
        return new BadRequestException(
                ErrorCode.INVALID_PARAM,
                "'" + user + "' is not a member of tenant '" + tenant + "': ./bactrian member list --tenant " + tenant
                        + " shows who is");
    }
}
