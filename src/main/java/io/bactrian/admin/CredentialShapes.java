package io.bactrian.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bactrian.core.manage.CredentialView;
import io.bactrian.core.tenant.UserId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Credentials in JSON. What comes in prints its names and never a value. */
final class CredentialShapes {

    private static final String KINDS =
            "all_team_members, only_me (its owner's) or partial_members (also those of the users listed).";

    private CredentialShapes() {}

    /** A credential, with its secrets hidden. */
    @Shape
    @Schema(name = "Credential")
    record Credential(
            @JsonProperty(required = true) String id,
            @JsonProperty(required = true) String name,

            @JsonProperty(required = true) @Schema(description = "Whether it is in force.")
            boolean active,

            @JsonProperty(required = true) @Schema(description = "Counts its changes, from 1.")
            long version,

            @JsonProperty(required = true) @Schema(description = "Its values; secrets are hidden.")
            Map<String, String> values,

            @Schema(description = "Why it cannot be read.") @Nullable
            String unreadable,

            @Schema(description = "The file that declares it, and is applied again at the next start.") @Nullable
            String managedBy,

            @Schema(description = "Until when the values before them are valid, too.") @Nullable
            Instant previousUntil,

            @Schema(description = "The account that made it, and whose calls may use it in any case.") @Nullable
            String owner,

            @JsonProperty(required = true) @Schema(description = "Whose calls may use it: " + KINDS)
            String visibility,

            @JsonProperty(required = true) @Schema(description = "The users listed for partial_members.")
            List<String> users,

            @JsonProperty(required = true)
            @Schema(description = "False if it is for nobody who is still a member: it has to be shared first.")
            boolean usable) {

        static Credential of(CredentialView view) {
            return new Credential(
                    view.id().value(),
                    view.name().value(),
                    view.active(),
                    view.version(),
                    view.values(),
                    view.unreadable().orElse(null),
                    view.managedBy().orElse(null),
                    view.previousUntil().orElse(null),
                    Optional.ofNullable(view.visibility().owner())
                            .map(UserId::value)
                            .orElse(null),
                    view.visibility().text(),
                    view.visibility().members().stream().map(UserId::value).toList(),
                    view.usable());
        }
    }

    /** A credential to be added. */
    @Shape
    @Schema(name = "NewCredential")
    record NewCredential(
            @Schema(description = "Its name; by default API KEY and a number.", maxLength = 30) @Nullable
            String name,

            @JsonProperty(required = true) @Schema(description = "Its values by the names of the provider's form.")
            Map<String, String> values,

            @Schema(description = "Whether the provider is asked first if they open it; by default it is not.")
            @Nullable
            Boolean validate,

            @Schema(description = "Whose calls may use it: " + KINDS + " By default all.") @Nullable
            String visibility,

            @Schema(description = "The users for partial_members.") @Nullable
            List<String> users) {
        @Override
        public String toString() {
            return "NewCredential" + values.keySet();
        }
    }

    /** The values that a credential is to have. */
    @Shape
    @Schema(name = "CredentialChange")
    record CredentialChange(
            @Schema(description = "Its new name; by default the same.", maxLength = 30) @Nullable
            String name,

            @JsonProperty(required = true)
            @Schema(
                    description =
                            "All its values. A secret given as [__HIDDEN__] stays as it is; what is left out is removed.")
            Map<String, String> values) {
        @Override
        public String toString() {
            return "CredentialChange" + values.keySet();
        }
    }

    /** The values that take the place of others. */
    @Shape
    @Schema(name = "Rotation")
    record Rotation(
            @JsonProperty(required = true)
            @Schema(description = "All its values. A secret given as [__HIDDEN__] stays as it is.")
            Map<String, String> values,

            @Schema(
                    description = "For how many seconds the values before stay valid, too; by default 0.",
                    minimum = "0",
                    maximum = "2592000")
            @Nullable
            Long graceSeconds) {
        @Override
        public String toString() {
            return "Rotation" + values.keySet();
        }
    }

    /** Whose calls may use a credential. */
    @Shape
    @Schema(name = "Sharing")
    record Sharing(
            @JsonProperty(required = true) @Schema(description = KINDS)
            String visibility,

            @Schema(description = "The users for partial_members, all of them.") @Nullable
            List<String> users) {}

    /** Values to be tried out. */
    @Shape
    @Schema(name = "CredentialValues")
    record Values(@JsonProperty(required = true) Map<String, String> values) {
        @Override
        public String toString() {
            return "Values" + values.keySet();
        }
    }

    /** Some of the credentials. */
    @Shape
    @Schema(name = "CredentialList")
    record CredentialList(
            @JsonProperty(required = true) List<Credential> data,

            @Schema(description = "Where the next page begins, if there is one.") @Nullable
            String next) {}
}
