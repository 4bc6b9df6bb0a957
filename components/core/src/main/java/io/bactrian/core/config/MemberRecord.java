package io.bactrian.core.config;

import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.UserId;

/**
 * A member of a tenant.
 *
 * @param user who
 * @param role what they may do
 */
public record MemberRecord(UserId user, Role role) {}
