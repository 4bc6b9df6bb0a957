package io.bactrian.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bactrian.core.config.AuditEntry;
import io.bactrian.core.tenant.TenantId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The audit log in JSON. */
final class AuditShapes {

    private AuditShapes() {}

    /** Something that happened. */
    @Shape
    @Schema(name = "AuditEntry")
    record Entry(
            @JsonProperty(required = true) @Schema(description = "Its number; later ones have higher ones.")
            long id,

            @JsonProperty(required = true) Instant at,

            @Schema(description = "Whose; left out for what concerns the installation.") @Nullable
            String tenant,

            @JsonProperty(required = true) @Schema(description = "Who.")
            String actor,

            @JsonProperty(required = true) @Schema(example = "credential.update")
            String action,

            @JsonProperty(required = true) @Schema(description = "To what, by id or name.")
            String subject,

            @JsonProperty(required = true) @Schema(description = "done, or the code of the refusal.")
            String outcome,

            @JsonProperty(required = true)
            @Schema(description = "How often: equal refusals in a row are taken down together.")
            long count) {

        static Entry of(AuditEntry entry) {
            return new Entry(
                    entry.id(),
                    entry.event().at(),
                    Optional.ofNullable(entry.event().tenant())
                            .map(TenantId::value)
                            .orElse(null),
                    entry.event().actor(),
                    entry.event().action(),
                    entry.event().subject(),
                    entry.event().outcome(),
                    entry.event().count());
        }
    }

    /** Some of the audit log, the newest first. */
    @Shape
    @Schema(name = "AuditList")
    record AuditList(
            @JsonProperty(required = true) List<Entry> data,

            @Schema(description = "Where the next page begins, if there is one.") @Nullable
            String next) {}
}
