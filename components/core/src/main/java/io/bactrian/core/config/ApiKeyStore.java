package io.bactrian.core.config;

import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** API keys by their SHA-256. The whole key is hashed: no prefix of it identifies anything (CACHE-04). */
public interface ApiKeyStore {

    /** How many keys in force an account can have for one application, or for none. */
    int MOST_OF_ACCOUNT = 10;

    /** How many keys in force a tenant can have. */
    int MOST_OF_TENANT = 1_000;

    /**
     * Adds a key.
     *
     * @param record what is known of it
     * @param sha256 the SHA-256 of the whole key, 64 lower-case hexadecimal digits
     * @throws io.bactrian.core.error.BadRequestException with {@code invalid_param} if its account has
     *     {@link #MOST_OF_ACCOUNT} keys in force for its application, or its tenant {@link #MOST_OF_TENANT}
     */
    void addApiKey(ApiKeyRecord record, String sha256);

    /** The key of that hash, in force or not. */
    Optional<ApiKeyRecord> apiKey(String sha256);

    /** The tenant's key of that id, in force or not. Cheap: asked for every call with a key, answered from memory. */
    Optional<ApiKeyRecord> apiKey(TenantId tenant, ApiKeyId id);

    /** Withdraws a key at once. False if the tenant has none of that id, or it was withdrawn before. */
    boolean revokeApiKey(TenantId tenant, String id);

    /**
     * The keys of a tenant, in force or not, oldest first.
     *
     * @param of the member that they act as; null for all
     * @throws io.bactrian.core.error.BadRequestException with {@code invalid_param} if the page's place is none
     */
    PageOf<ApiKeyRecord> apiKeys(TenantId tenant, @Nullable UserId of, Page page);
}
