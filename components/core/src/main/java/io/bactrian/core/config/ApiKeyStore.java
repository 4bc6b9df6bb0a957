package io.bactrian.core.config;

import io.bactrian.core.tenant.TenantId;
import java.util.List;
import java.util.Optional;

/** API keys by their SHA-256. The whole key is hashed: no prefix of it identifies anything (CACHE-04). */
public interface ApiKeyStore {

    /**
     * Adds a key.
     *
     * @param record what is known of it
     * @param sha256 the SHA-256 of the whole key, 64 lower-case hexadecimal digits
     */
    void addApiKey(ApiKeyRecord record, String sha256);

    /** The key of that hash, revoked or not. */
    Optional<ApiKeyRecord> apiKey(String sha256);

    /** Withdraws a key at once. False if the tenant has none of that id, or it was withdrawn before. */
    boolean revokeApiKey(TenantId tenant, String id);

    /** The keys of a tenant, oldest first. */
    List<ApiKeyRecord> apiKeys(TenantId tenant);
}
