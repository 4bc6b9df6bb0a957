package io.bactrian.core.manage;

import io.bactrian.core.access.Actor;
import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.config.ApiKeyStore;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.Audited;
import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.error.SafeText;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Issues, recognises and withdraws API keys. A key is 256 random bits; only its SHA-256 is kept. */
public final class ApiKeyManager {

    /** What every key begins with, so that scanners for leaked secrets know it. */
    public static final String PREFIX = "bac_";

    private static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 9;
    private static final int LONGEST_KEY = 128;

    private final ApiKeyStore keys;
    private final ConfigurationSource source;
    private final AuditLog audit;
    private final SecureRandom random;
    private final Clock clock;

    /**
     * @param keys where hashes are kept
     * @param source knows tenants and members
     * @param audit takes changes down
     * @param random where keys come from
     * @param clock when they were issued
     */
    public ApiKeyManager(
            ApiKeyStore keys, ConfigurationSource source, AuditLog audit, SecureRandom random, Clock clock) {
        this.keys = keys;
        this.source = source;
        this.audit = audit;
        this.random = random;
        this.clock = clock;
    }

    /**
     * Issues a key.
     *
     * @param name what it is for, 1 to 100 characters
     * @param user the member it acts as; null for the tenant itself
     * @param app the application it is for; null for none
     * @throws BadRequestException with {@code tenant_not_found} or {@code invalid_param}
     */
    public IssuedApiKey issue(Actor actor, TenantId tenant, String name, @Nullable UserId user, @Nullable AppId app) {
        requirePrivileged(actor, tenant);
        if (source.tenant(tenant).isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.TENANT_NOT_FOUND, "there is no tenant '" + tenant + "': ./bactrian tenant add " + tenant);
        }
        if (name.isBlank() || name.length() > 100 || !SafeText.showable(name)) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "an API key's name has 1 to 100 characters and no control characters");
        }
        if (user != null && source.role(tenant, user).isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "the user is not a member of tenant '" + tenant + "': ./bactrian member add USER --tenant "
                            + tenant);
        }
        String key = PREFIX + randomText(KEY_BYTES);
        ApiKeyRecord record =
                new ApiKeyRecord("ak_" + randomText(ID_BYTES), tenant, name, user, app, clock.instant(), null);
        keys.addApiKey(record, sha256(key));
        append(actor, tenant, "apikey.create", record.id(), "done");
        return new IssuedApiKey(record, Secret.of(key));
    }

    /**
     * The key that a caller presented, if it is one of ours and in force. Everything else, be it malformed, unknown,
     * withdrawn or of a tenant that is switched off, gets the same answer.
     */
    public Optional<ApiKeyRecord> authenticate(String presented) {
        if (presented.length() > LONGEST_KEY || !presented.startsWith(PREFIX)) {
            return Optional.empty();
        }
        return keys.apiKey(sha256(presented))
                .filter(record -> record.revokedAt() == null)
                .filter(record -> source.tenant(record.tenant())
                        .filter(tenant -> tenant.enabled())
                        .isPresent());
    }

    /**
     * Withdraws a key at once.
     *
     * @throws BadRequestException with {@code invalid_param} if the tenant has no such key in force
     */
    public void revoke(Actor actor, TenantId tenant, String id) {
        requirePrivileged(actor, tenant);
        if (!keys.revokeApiKey(tenant, id)) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "tenant '" + tenant + "' has no API key of that id in force: ./bactrian apikey list --tenant "
                            + tenant);
        }
        append(actor, tenant, "apikey.revoke", id, "done");
    }

    /** The keys of a tenant, oldest first. */
    public List<ApiKeyRecord> list(TenantId tenant) {
        return keys.apiKeys(tenant);
    }

    private static void requirePrivileged(Actor actor, TenantId tenant) {
        if (actor instanceof Actor.Member member
                && !(member.tenant().equals(tenant) && member.role().privileged())) {
            throw new RefusedException(
                    ErrorCode.ACCESS_DENIED, "only owners and admins of tenant '" + tenant + "' manage its API keys");
        }
    }

    private void append(Actor actor, TenantId tenant, String action, String subject, String outcome) {
        Audited.note(audit, new AuditEvent(clock.instant(), tenant, actor.name(), action, subject, outcome));
    }

    private String randomText(int bytes) {
        byte[] random32 = new byte[bytes];
        random.nextBytes(random32);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random32);
    }

    /** The SHA-256 of a whole key, 64 lower-case hexadecimal digits. */
    static String sha256(String key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
