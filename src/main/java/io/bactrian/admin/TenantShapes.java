package io.bactrian.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bactrian.core.config.TenantRecord;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tenants in JSON. */
final class TenantShapes {

    private TenantShapes() {}

    /** A tenant. */
    @Shape
    @Schema(name = "Tenant")
    record Tenant(
            @JsonProperty(required = true) String id,

            @JsonProperty(required = true) @Schema(description = "What people call it.")
            String name,

            @JsonProperty(required = true) @Schema(description = "Whether its calls are served.")
            boolean enabled) {

        static Tenant of(TenantRecord tenant) {
            return new Tenant(tenant.id().value(), tenant.name(), tenant.enabled());
        }
    }

    /** A tenant to be added. */
    @Shape
    @Schema(name = "NewTenant")
    record NewTenant(
            @JsonProperty(required = true)
            @Schema(description = "A DNS label.", pattern = "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$", example = "acme")
            String id,

            @Schema(description = "What people call it; by default its id.", maxLength = 100) @Nullable
            String name,

            @Schema(description = "Whether its calls are served; by default they are.") @Nullable
            Boolean enabled) {}

    /** What is to change of a tenant. */
    @Shape
    @Schema(name = "TenantChange")
    record TenantChange(
            @Schema(maxLength = 100) @Nullable String name,
            @Nullable Boolean enabled) {}

    /** Some of the tenants. */
    @Shape
    @Schema(name = "TenantList")
    record TenantList(
            @JsonProperty(required = true) List<Tenant> data,

            @Schema(description = "Where the next page begins, if there is one.") @Nullable
            String next) {}
}
