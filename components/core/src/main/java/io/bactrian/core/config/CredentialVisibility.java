package io.bactrian.core.config;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whose calls may use a credential of a model provider, and know that it is there. Roles do not count: an owner or admin of the
 * tenant manages a credential that is not for them, and does not use it. Calls that name no user use what is for all.
 */
public sealed interface CredentialVisibility {

    /** For all of the tenant, and nobody's own: what operators and files make unless they say otherwise. */
    CredentialVisibility ALL = new AllTeamMembers(null);

    /** How many users one credential can be for, its owner aside. */
    int MOST_MEMBERS = 1_000;

    /** The user who made it; null for the operator and files. */
    @Nullable
    UserId owner();

    /** The value as written: {@code all_team_members}, {@code only_me}, {@code partial_members}. */
    String text();

    /** The users who are listed; nobody where none need be. */
    default Set<UserId> members() {
        return Set.of();
    }

    /** Whether it is for some users only. */
    default boolean isPrivate() {
        return !(this instanceof AllTeamMembers);
    }

    /** Whether calls of a user may use it; null for calls that name none. */
    boolean includes(@Nullable UserId user);

    /** Those who have to be members of the tenant when it is set: whoever is listed, and the owner whom it is for alone. */
    default Set<UserId> mustBeMembers() {
        return members();
    }

    /** The refusal of a credential for somebody who is no member. */
    static BadRequestException noMember(UserId user, TenantId tenant) {
        return new BadRequestException(
                ErrorCode.INVALID_PARAM,
                "'" + user + "' is no member of tenant '" + tenant
                        + "', so a credential cannot be for them: add them first (./bactrian member add)");
    }

    /** The same without a user who has left; an owner stays the owner. */
    default CredentialVisibility without(UserId user) {
        return this;
    }

    /**
     * For all of the tenant.
     *
     * @param owner the user who made it; null for the operator and files
     */
    record AllTeamMembers(@Nullable UserId owner) implements CredentialVisibility {
        @Override
        public String text() {
            return "all_team_members";
        }

        @Override
        public boolean includes(@Nullable UserId user) {
            return true;
        }
    }

    /**
     * For its owner alone.
     *
     * @param owner the user who made it
     */
    record OnlyMe(UserId owner) implements CredentialVisibility {
        @Override
        public String text() {
            return "only_me";
        }

        @Override
        public boolean includes(@Nullable UserId user) {
            return owner.equals(user);
        }

        @Override
        public Set<UserId> mustBeMembers() {
            return Set.of(owner);
        }
    }

    /**
     * For its owner and those who are listed.
     *
     * @param owner the user who made it; null for the operator and files
     * @param members the others, {@link #MOST_MEMBERS} at most; nobody when all who were listed have left
     */
    record PartialMembers(@Nullable UserId owner, Set<UserId> members) implements CredentialVisibility {

        /** @throws IllegalArgumentException if there are too many */
        public PartialMembers {
            members = sorted(members);
            if (members.size() > MOST_MEMBERS) {
                throw new IllegalArgumentException(
                        "a credential is for " + MOST_MEMBERS + " users at most: make it one for all_team_members");
            }
        }

        private static Set<UserId> sorted(Collection<UserId> users) {
            Set<UserId> sorted = new TreeSet<>(Comparator.comparing(UserId::value));
            sorted.addAll(users);
            return Collections.unmodifiableSet(sorted);
        }

        @Override
        public String text() {
            return "partial_members";
        }

        @Override
        public boolean includes(@Nullable UserId user) {
            return user != null && (user.equals(owner) || members.contains(user));
        }

        @Override
        public CredentialVisibility without(UserId user) {
            if (!members.contains(user)) {
                return this;
            }
            Set<UserId> left = new TreeSet<>(Comparator.comparing(UserId::value));
            left.addAll(members);
            left.remove(user);
            return new PartialMembers(owner, left);
        }
    }
}
