package io.bactrian.core.config;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** API keys in memory. Reads take no lock; whoever writes sees to it that nobody else does. */
final class MemoryApiKeys {

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    private final ConcurrentMap<String, String> idByHash = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, ApiKeyRecord> byId = new ConcurrentHashMap<>();

    static void checkHash(String sha256) {
        if (!SHA_256.matcher(sha256).matches()) {
            throw invalid("an API key is kept as its SHA-256: 64 lower-case hexadecimal digits");
        }
    }

    void add(ApiKeyRecord record, String sha256, Instant now) {
        checkBounds(record, now);
        if (byId.containsKey(record.id()) || idByHash.containsKey(sha256)) {
            throw invalid("that API key is there already");
        }
        byId.put(record.id(), record);
        idByHash.put(sha256, record.id());
    }

    private void checkBounds(ApiKeyRecord added, Instant now) {
        List<ApiKeyRecord> inForce = byId.values().stream()
                .filter(key -> key.tenant().equals(added.tenant()) && key.inForce(now))
                .toList();
        long ofAccount = inForce.stream()
                .filter(key -> Objects.equals(key.user(), added.user()) && Objects.equals(key.app(), added.app()))
                .count();
        ApiKeyBounds.check(added, ofAccount, inForce.size());
    }

    Optional<ApiKeyRecord> find(String sha256) {
        return Optional.ofNullable(idByHash.get(sha256)).map(byId::get);
    }

    Optional<ApiKeyRecord> find(TenantId tenant, ApiKeyId id) {
        return Optional.ofNullable(byId.get(id.value()))
                .filter(key -> key.tenant().equals(tenant));
    }

    boolean revoke(TenantId tenant, String id, Instant now) {
        ApiKeyRecord key = byId.get(id);
        if (key == null || !key.tenant().equals(tenant) || key.revokedAt() != null) {
            return false;
        }
        byId.put(id, key.revoked(now));
        return true;
    }

    void removeAll(TenantId tenant) {
        byId.values().removeIf(key -> key.tenant().equals(tenant));
        idByHash.values().removeIf(id -> !byId.containsKey(id));
    }

    PageOf<ApiKeyRecord> list(TenantId tenant, @Nullable UserId of, Page page) {
        ApiKeyPlace after = page.after() == null ? null : ApiKeyPlace.read(page.after());
        List<ApiKeyRecord> found = byId.values().stream()
                .filter(key -> key.tenant().equals(tenant))
                .filter(key -> of == null || of.equals(key.user()))
                .filter(key -> after == null || after.isBefore(key))
                .sorted(Comparator.comparing(ApiKeyRecord::createdAt).thenComparing(ApiKeyRecord::id))
                .limit(page.most() + 1L)
                .toList();
        return PageOf.of(found, page.most(), ApiKeyPlace::of);
    }

    private static BadRequestException invalid(String message) {
        return new BadRequestException(ErrorCode.INVALID_PARAM, message);
    }
}
