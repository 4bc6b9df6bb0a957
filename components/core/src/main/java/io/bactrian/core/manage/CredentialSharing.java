package io.bactrian.core.manage;

import io.bactrian.core.config.CredentialVisibility;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.UserId;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks for when they say whose calls may use a credential. Whose it is they do not say: that is the account that
 * made it, which it always is for too.
 *
 * @param kind for whom
 * @param users those who are listed, for {@link Kind#PARTIAL_MEMBERS} alone
 */
public record CredentialSharing(Kind kind, Set<UserId> users) {

    /** For all of the tenant. */
    public static final CredentialSharing WITH_ALL = new CredentialSharing(Kind.ALL_TEAM_MEMBERS, Set.of());

    /** For whom a credential is. */
    public enum Kind {
        /** For all of the tenant, and calls that name no user. */
        ALL_TEAM_MEMBERS,
        /** For its owner. */
        ONLY_ME,
        /** For its owner and those who are listed. */
        PARTIAL_MEMBERS;

        /** The value as written. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kind of that text, if it is one. */
        public static Optional<Kind> of(String text) {
            return Arrays.stream(values())
                    .filter(kind -> kind.text().equals(text))
                    .findFirst();
        }
    }

    /** @throws BadRequestException with {@code invalid_param} if the users do not fit the kind, or are too many */
    public CredentialSharing {
        users = Set.copyOf(users);
        if (kind == Kind.PARTIAL_MEMBERS && users.isEmpty()) {
            throw invalid("partial_members are listed: name the users whom the credential is for");
        }
        if (kind != Kind.PARTIAL_MEMBERS && !users.isEmpty()) {
            throw invalid("users are listed for partial_members alone, not for " + kind.text());
        }
        if (users.size() > CredentialVisibility.MOST_MEMBERS) {
            throw invalid("a credential is for " + CredentialVisibility.MOST_MEMBERS
                    + " users at most: make it one for all_team_members");
        }
    }

    /**
     * What was asked for, in texts.
     *
     * @param kind the kind; null for {@code all_team_members}, or {@code partial_members} where users are listed
     * @param users those who are listed
     * @throws BadRequestException with {@code invalid_param} if it is no kind, or the users do not fit it
     */
    public static CredentialSharing of(@Nullable String kind, Collection<UserId> users) {
        if (kind == null) {
            return users.isEmpty() ? WITH_ALL : new CredentialSharing(Kind.PARTIAL_MEMBERS, new HashSet<>(users));
        }
        Kind known = Kind.of(kind)
                .orElseThrow(() -> invalid("the visibility of a credential is "
                        + String.join(
                                ", ",
                                Arrays.stream(Kind.values()).map(Kind::text).toList())));
        return new CredentialSharing(known, new HashSet<>(users));
    }

    /**
     * What that means for a credential.
     *
     * @param owner the account that made it; null for the operator and files
     * @throws BadRequestException with {@code invalid_param} if it is to be for its owner and has none
     */
    public CredentialVisibility by(@Nullable UserId owner) {
        return switch (kind) {
            case ALL_TEAM_MEMBERS ->
                owner == null ? CredentialVisibility.ALL : new CredentialVisibility.AllTeamMembers(owner);
            case PARTIAL_MEMBERS -> new CredentialVisibility.PartialMembers(owner, users);
            case ONLY_ME -> new CredentialVisibility.OnlyMe(owned(owner));
        };
    }

    private static UserId owned(@Nullable UserId owner) {
        if (owner == null) {
            throw invalid("only_me is for credentials that a member has made; this one is the operator's or a file's:"
                    + " make it one for partial_members, and name them");
        }
        return owner;
    }

    private static BadRequestException invalid(String message) {
        return new BadRequestException(ErrorCode.INVALID_PARAM, message);
    }
}
