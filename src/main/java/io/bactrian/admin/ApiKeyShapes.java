package io.bactrian.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.UserId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** API keys in JSON. */
final class ApiKeyShapes {

    private ApiKeyShapes() {}

    /** What is known of an API key; the key itself is kept nowhere. */
    @Shape
    @Schema(name = "ApiKey")
    record ApiKey(
            @JsonProperty(required = true) String id,

            @JsonProperty(required = true) @Schema(description = "What it is for.")
            String name,

            @Schema(description = "The member it acts as.") @Nullable
            String user,

            @Schema(description = "The application it is for.") @Nullable
            String app,

            @JsonProperty(required = true) @Schema(description = "What it may do at most; less if its member may.")
            String role,

            @JsonProperty(required = true) @Schema(description = "What it was made for.")
            List<String> scopes,

            @Nullable String createdBy,
            @JsonProperty(required = true) Instant createdAt,

            @Schema(description = "From when on it is not in force any more.") @Nullable
            Instant expiresAt,

            @Schema(description = "When it was withdrawn.") @Nullable
            Instant revokedAt) {

        static ApiKey of(ApiKeyRecord key) {
            return new ApiKey(
                    key.id(),
                    key.name(),
                    Optional.ofNullable(key.user()).map(UserId::value).orElse(null),
                    Optional.ofNullable(key.app()).map(AppId::value).orElse(null),
                    key.role().text(),
                    key.scopes().texts(),
                    key.createdBy(),
                    key.createdAt(),
                    key.expiresAt(),
                    key.revokedAt());
        }
    }

    /** An API key to be made. */
    @Shape
    @Schema(name = "NewApiKey")
    record NewKey(
            @JsonProperty(required = true) @Schema(description = "What it is for.", maxLength = 100)
            String name,

            @Schema(description = "The member it acts as; by default the tenant itself.", maxLength = 256) @Nullable
            String user,

            @Schema(description = "The application it is for.", maxLength = 256) @Nullable
            String app,

            @Schema(
                    description = "What it may do at most; by default normal.",
                    allowableValues = {"owner", "admin", "editor", "normal", "dataset_operator"})
            @Nullable
            String role,

            @Schema(
                    description = "What it is made for; by default models and tools.",
                    example = "[\"models:openai/*\",\"tools\",\"admin:read\"]")
            @Nullable
            List<String> scopes,

            @Schema(description = "From when on it is not in force any more; by default it stays in force.") @Nullable
            Instant expiresAt) {}

    /** A new API key: the one time that the key itself is there. */
    @Shape
    @Schema(name = "IssuedApiKey")
    record IssuedKey(
            @JsonProperty(required = true) ApiKey apiKey,

            @JsonProperty(required = true) @Schema(description = "The key; it is shown this one time.")
            String key) {

        /** Without the key. */
        @Override
        public String toString() {
            return "IssuedKey[" + apiKey.id() + "]";
        }
    }

    /** Some of the API keys. */
    @Shape
    @Schema(name = "ApiKeyList")
    record ApiKeyList(
            @JsonProperty(required = true) List<ApiKey> data,

            @Schema(description = "Where the next page begins, if there is one.") @Nullable
            String next) {}
}
