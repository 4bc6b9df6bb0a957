package io.bactrian.core.manage;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.config.ApiKeyStore;
import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.Page;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Issues, recognises and withdraws API keys. A key is 256 random bits; only its SHA-256 is kept.
 *
 * <p>A key acts as a member of its tenant, or as nobody in particular. It may do what both its role and its scopes allow, and no
 * more than its member may at that moment. Editors make keys for themselves, owners and admins for all members and for nobody in
 * particular; none gives a key more than they have.
 */
public final class ApiKeyManager {

    /** What every key begins with, so that scanners for leaked secrets know it. */
    public static final String PREFIX = "bac_";

    private static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 9;
    private static final int LONGEST_KEY = 128;

    private final ApiKeyStore keys;
    private final ConfigurationSource source;
    private final AccessControl access;
    private final SecureRandom random;
    private final Clock clock;

    /**
     * @param keys where hashes are kept
     * @param source knows tenants and members
     * @param access decides who may, and takes it down
     * @param random where keys come from
     * @param clock when they were issued
     */
    public ApiKeyManager(
            ApiKeyStore keys, ConfigurationSource source, AccessControl access, SecureRandom random, Clock clock) {
        this.keys = keys;
        this.source = source;
        this.access = access;
        this.random = random;
        this.clock = clock;
    }

    /**
     * Issues a key.
     *
     * @throws BadRequestException with {@code tenant_not_found} or {@code invalid_param}: also if the member has
     *     {@link ApiKeyStore#MOST_OF_ACCOUNT} keys for the application, or the tenant {@link ApiKeyStore#MOST_OF_TENANT}
     * @throws io.bactrian.core.error.RefusedException with {@code access_denied}, also for more than the actor has
     */
    public IssuedApiKey issue(Actor actor, TenantId tenant, NewApiKey wanted) {
        Permission needed = isOwn(actor, wanted.user()) ? Permission.APIKEY_OWN : Permission.APIKEY_MANAGE;
        String whose = wanted.user() == null ? "for nobody in particular" : "for " + wanted.user();
        ApiKeyRecord record =
                access.checked(actor, tenant, needed, "apikey.create", whose, () -> checked(actor, tenant, wanted));
        return access.audited(actor, tenant, needed, "apikey.create", record.id(), () -> {
            String key = PREFIX + randomText(KEY_BYTES);
            keys.addApiKey(record, sha256(key));
            return new IssuedApiKey(record, Secret.of(key));
        });
    }

    private ApiKeyRecord checked(Actor actor, TenantId tenant, NewApiKey wanted) {
        if (source.tenant(tenant).isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.TENANT_NOT_FOUND, "there is no tenant '" + tenant + "': ./bactrian tenant add " + tenant);
        }
        ApiKeyRules.checkName(wanted.name());
        Optional<Role> ofMember = roleOfMember(tenant, wanted.user());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Instant expiresAt = ApiKeyRules.checkedExpiry(wanted.expiresAt(), now);
        ApiKeyRules.checkScopes(actor, wanted.scopes());
        ApiKeyRules.checkOutlives(maker(actor), expiresAt);
        return new ApiKeyRecord(
                "ak_" + randomText(ID_BYTES),
                tenant,
                wanted.name(),
                wanted.user(),
                wanted.app(),
                ApiKeyRules.role(actor, tenant, wanted.role(), ofMember),
                wanted.scopes(),
                actor.name(),
                now,
                expiresAt,
                null);
    }

    private Optional<Role> roleOfMember(TenantId tenant, @Nullable UserId user) {
        if (user == null) {
            return Optional.empty();
        }
        Optional<Role> role = source.role(tenant, user);
        if (role.isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "the user is not a member of tenant '" + tenant + "': ./bactrian member add USER --tenant "
                            + tenant);
        }
        return role;
    }

    private Optional<ApiKeyRecord> maker(Actor actor) {
        return actor instanceof Actor.Key key ? keys.apiKey(key.tenant(), key.id()) : Optional.empty();
    }

    private static boolean isOwn(Actor actor, @Nullable UserId user) {
        return user != null && actor.account().equals(Optional.of(user));
    }

    /**
     * The key that a caller presented, if it is one of ours and in force. Everything else, be it malformed, unknown,
     * withdrawn, expired or of a tenant that is switched off, gets the same answer.
     */
    public Optional<ApiKeyRecord> authenticate(String presented) {
        if (presented.length() > LONGEST_KEY || !presented.startsWith(PREFIX)) {
            return Optional.empty();
        }
        return keys.apiKey(sha256(presented))
                .filter(record -> record.inForce(clock.instant()))
                .filter(record -> source.tenant(record.tenant())
                        .filter(tenant -> tenant.enabled())
                        .isPresent());
    }

    /**
     * Who acts when a key is used, with the role that is in force now: its own, or its member's if that is less.
     *
     * @throws io.bactrian.core.error.RefusedException with {@code access_denied} if its member is none any more
     */
    public Actor.Key actor(ApiKeyRecord key) {
        UserId user = key.user();
        Role role = key.role();
        if (user != null && source.managesMembers(key.tenant())) {
            role = source.role(key.tenant(), user)
                    .orElseThrow(() -> AccessControl.denied(
                            "the member that the API key acts as is none of tenant '" + key.tenant() + "' any more"))
                    .lesser(key.role());
        }
        return new Actor.Key(key.tenant(), new ApiKeyId(key.id()), user, role, key.scopes());
    }

    /**
     * Withdraws a key at once. To those who may only withdraw their own, others' keys are as if they were not there.
     *
     * @throws BadRequestException with {@code invalid_param} if the tenant has no such key in force
     */
    public void revoke(Actor actor, TenantId tenant, String id) {
        access.audited(actor, tenant, Permission.APIKEY_OWN, "apikey.revoke", id, () -> {
            if (visible(actor, tenant, id, Permission.APIKEY_MANAGE).isEmpty() || !keys.revokeApiKey(tenant, id)) {
                throw new BadRequestException(
                        ErrorCode.INVALID_PARAM,
                        "tenant '" + tenant + "' has no API key of that id in force: ./bactrian apikey list --tenant "
                                + tenant);
            }
            return id;
        });
    }

    /** Keys of a tenant, oldest first: those that act as the actor, or those of all if the actor manages them. */
    public PageOf<ApiKeyRecord> list(Actor actor, TenantId tenant, Page page) {
        access.require(actor, tenant, Permission.APIKEY_VIEW, "API keys");
        if (ApiKeyRules.seesAll(actor)) {
            return keys.apiKeys(tenant, null, page);
        }
        return actor.account()
                .map(own -> keys.apiKeys(tenant, own, page))
                .orElseGet(() -> new PageOf<>(List.of(), null));
    }

    /**
     * A key. One that acts as somebody else is as if it were not there, unless the actor manages them.
     *
     * @throws BadRequestException with {@code invalid_param} if the tenant has no such key
     */
    public ApiKeyRecord get(Actor actor, TenantId tenant, String id) {
        access.require(actor, tenant, Permission.APIKEY_VIEW, id);
        return find(tenant, id)
                .filter(key -> ApiKeyRules.seesAll(actor) || isOwn(actor, key.user()))
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.INVALID_PARAM,
                        "tenant '" + tenant + "' has no API key of that id: ./bactrian apikey list --tenant "
                                + tenant));
    }

    private Optional<ApiKeyRecord> visible(Actor actor, TenantId tenant, String id, Permission all) {
        boolean any = AccessControl.denial(actor, tenant, all).isEmpty();
        return find(tenant, id).filter(key -> any || isOwn(actor, key.user()));
    }

    private Optional<ApiKeyRecord> find(TenantId tenant, String id) {
        try {
            return keys.apiKey(tenant, new ApiKeyId(id));
        } catch (IllegalArgumentException e) {
            // a text that no id can be is that of no key
            return Optional.empty();
        }
    }

    private String randomText(int bytes) {
        byte[] drawn = new byte[bytes];
        random.nextBytes(drawn);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(drawn);
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
