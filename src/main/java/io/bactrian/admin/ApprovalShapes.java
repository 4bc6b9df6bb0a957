package io.bactrian.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.UserId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Approvals in JSON. */
final class ApprovalShapes {

    private ApprovalShapes() {}

    /** A call of a tool that waits for a person, or was decided on. */
    @Shape
    @Schema(name = "Approval")
    record Approval(
            @JsonProperty(required = true) String id,

            @JsonProperty(required = true) @Schema(allowableValues = {"pending", "approved", "denied", "used"})
            String status,

            @JsonProperty(required = true) String tool,
            @Nullable String user,
            @Nullable String app,

            @JsonProperty(required = true)
            @Schema(implementation = Object.class, description = "The arguments of the call.")
            JsonNode arguments,

            @JsonProperty(required = true) @Schema(description = "The id of the call.")
            String requestId,

            @JsonProperty(required = true) Instant requestedAt,
            @JsonProperty(required = true) Instant expiresAt,
            @Nullable String decidedBy,
            @Nullable Instant decidedAt) {

        static Approval of(io.bactrian.core.tool.Approval approval) {
            return new Approval(
                    approval.id(),
                    approval.status().text(),
                    approval.tool(),
                    Optional.ofNullable(approval.user()).map(UserId::value).orElse(null),
                    Optional.ofNullable(approval.app()).map(AppId::value).orElse(null),
                    AdminJson.tree(approval.arguments()),
                    approval.requestId(),
                    approval.requestedAt(),
                    approval.expiresAt(),
                    approval.decidedBy(),
                    approval.decidedAt());
        }
    }

    /** Some of the calls that wait. */
    @Shape
    @Schema(name = "ApprovalList")
    record ApprovalList(
            @JsonProperty(required = true) List<Approval> data,

            @Schema(description = "Where the next page begins, if there is one.") @Nullable
            String next) {}
}
