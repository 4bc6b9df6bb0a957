package io.bactrian.cli;

import io.bactrian.core.manage.CredentialSharing;
import io.bactrian.core.tenant.UserId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose calls may use a credential. */
final class CredentialSharingOptions {

    @Option(
            names = "--visibility",
            paramLabel = "VISIBILITY",
            description = "all_team_members, partial_members or, for one that a member has made, only_me.")
    @Nullable
    String visibility;

    @Option(
            names = "--for",
            paramLabel = "USER",
            description = "A member whose calls may use it, for partial_members; can be given again.")
    List<UserId> users = new ArrayList<>();

    /** Whether anything was said. */
    boolean given() {
        return visibility != null || !users.isEmpty();
    }

    CredentialSharing sharing() {
        return CredentialSharing.of(visibility, users);
    }
}
