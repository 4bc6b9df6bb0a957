package io.bactrian.core.tool;

import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Credentials of tool providers that live in memory and are gone with the process: what properties declare, and what tests need.
 * Reads take no lock; writes are one after the other.
 */
public final class MemoryToolCredentials implements ToolCredentialStore {

    private final Supplier<CredentialId> ids;
    private final ReentrantLock writing = new ReentrantLock();
    private final ConcurrentMap<Key, List<ToolCredential>> credentials = new ConcurrentHashMap<>();
    private final Map<CredentialId, Renewal> renewals = new ConcurrentHashMap<>();

    private record Key(TenantId tenant, ToolProviderName provider) {}

    private record Renewal(String holder, Instant until) {}

    /** A store whose credentials get random ids. */
    public MemoryToolCredentials() {
        this(() -> new CredentialId(UUID.randomUUID().toString()));
    }

    /** @param ids gives the ids of new credentials; no id twice */
    public MemoryToolCredentials(Supplier<CredentialId> ids) {
        this.ids = ids;
    }

    @Override
    public List<ToolCredential> credentials(TenantId tenant, ToolProviderType type, String provider) {
        return credentials.getOrDefault(new Key(tenant, new ToolProviderName(type, provider)), List.of());
    }

    @Override
    public List<ToolProviderName> providers(TenantId tenant) {
        return credentials.keySet().stream()
                .filter(key -> key.tenant().equals(tenant))
                .map(Key::provider)
                .sorted()
                .toList();
    }

    @Override
    public Optional<ToolCredential> find(TenantId tenant, ToolProviderName provider, CredentialId id) {
        return credentials(tenant, provider.type(), provider.provider()).stream()
                .filter(credential -> credential.stored().id().equals(id))
                .findFirst();
    }

    @Override
    public CredentialId add(TenantId tenant, ToolProviderName provider, NewToolCredential added) {
        CredentialId id = ids.get();
        change(tenant, provider, all -> {
            refuseTaken(all, provider, added.name(), null);
            if (all.size() >= MOST) {
                throw new BadRequestException(
                        ErrorCode.INVALID_PARAM,
                        "there are " + MOST + " credentials of " + provider + ": remove one first");
            }
            boolean first = added.onlyFor() == null && all.stream().noneMatch(ToolCredential::isDefault);
            List<ToolCredential> changed = new ArrayList<>(all);
            changed.add(new ToolCredential(
                    new StoredCredential(id, added.name(), 1, added::values),
                    added.type(),
                    first,
                    added.expiresAt(),
                    added.onlyFor()));
            return changed;
        });
        return id;
    }

    @Override
    public void update(
            TenantId tenant,
            ToolProviderName provider,
            CredentialId id,
            long expectedVersion,
            CredentialName name,
            Credentials values) {
        change(tenant, provider, all -> {
            ToolCredential old = required(all, provider, id);
            if (expectedVersion != 0 && expectedVersion != old.stored().version()) {
                throw new BadRequestException(
                        ErrorCode.INVALID_PARAM,
                        "credential " + id + " has changed since it was read (version "
                                + old.stored().version() + ", not " + expectedVersion + "): read it again");
            }
            refuseTaken(all, provider, name, id);
            return replaced(all, old, next(old, name, values, old.expiresAt().orElse(null)));
        });
    }

    private static ToolCredential next(
            ToolCredential old, CredentialName name, Credentials values, @Nullable Instant expiresAt) {
        return new ToolCredential(
                new StoredCredential(old.stored().id(), name, old.stored().version() + 1, () -> values),
                old.type(),
                old.isDefault(),
                expiresAt,
                old.onlyFor().orElse(null));
    }

    @Override
    public void remove(TenantId tenant, ToolProviderName provider, CredentialId id) {
        change(tenant, provider, all -> {
            ToolCredential old = required(all, provider, id);
            renewals.remove(id);
            return all.stream().filter(other -> other != old).toList();
        });
    }

    @Override
    public void setDefault(TenantId tenant, ToolProviderName provider, CredentialId id) {
        change(tenant, provider, all -> {
            ToolCredential chosen = required(all, provider, id);
            if (chosen.onlyFor().isPresent()) {
                throw new BadRequestException(
                        ErrorCode.INVALID_PARAM,
                        "credential " + id + " of " + provider + " is one user's: it cannot be the default");
            }
            return all.stream()
                    .map(other -> new ToolCredential(
                            other.stored(),
                            other.type(),
                            other == chosen,
                            other.expiresAt().orElse(null),
                            other.onlyFor().orElse(null)))
                    .toList();
        });
    }

    @Override
    public boolean beginRenewal(
            TenantId tenant,
            ToolProviderName provider,
            CredentialId id,
            long version,
            String holder,
            Instant now,
            Instant until) {
        return locked(() -> {
            boolean current = find(tenant, provider, id)
                    .filter(credential -> credential.stored().version() == version)
                    .isPresent();
            Renewal other = renewals.get(id);
            boolean held = other != null && now.isBefore(other.until());
            if (!current || held) {
                return false;
            }
            renewals.put(id, new Renewal(holder, until));
            return true;
        });
    }

    @Override
    public void endRenewal(TenantId tenant, ToolProviderName provider, CredentialId id, String holder) {
        locked(() -> {
            Renewal held = renewals.get(id);
            return held != null
                    && held.holder().equals(holder)
                    && find(tenant, provider, id).isPresent()
                    && renewals.remove(id, held);
        });
    }

    @Override
    public boolean renew(
            TenantId tenant,
            ToolProviderName provider,
            CredentialId id,
            long expectedVersion,
            Credentials values,
            @Nullable Instant expiresAt) {
        return locked(() -> {
            Optional<ToolCredential> old = find(tenant, provider, id)
                    .filter(found -> expectedVersion == 0 || found.stored().version() == expectedVersion);
            old.ifPresent(found -> {
                ToolCredential renewed = next(found, found.stored().name(), values, expiresAt);
                change(tenant, provider, all -> replaced(all, found, renewed));
                renewals.remove(id);
            });
            return old.isPresent();
        });
    }

    private static List<ToolCredential> replaced(List<ToolCredential> all, ToolCredential old, ToolCredential next) {
        return all.stream().map(other -> other == old ? next : other).toList();
    }

    private static ToolCredential required(List<ToolCredential> all, ToolProviderName provider, CredentialId id) {
        return all.stream()
                .filter(other -> other.stored().id().equals(id))
                .findFirst()
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.CREDENTIAL_NOT_FOUND, "there is no credential " + id + " of " + provider));
    }

    private static void refuseTaken(
            List<ToolCredential> all, ToolProviderName provider, CredentialName name, @Nullable CredentialId own) {
        boolean taken = all.stream()
                .anyMatch(other -> other.stored().name().equals(name)
                        && !other.stored().id().equals(own));
        if (taken) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "a credential named '" + name + "' of " + provider + " is there already");
        }
    }

    private void change(TenantId tenant, ToolProviderName provider, UnaryOperator<List<ToolCredential>> change) {
        Key key = new Key(tenant, provider);
        locked(() -> {
            List<ToolCredential> changed = List.copyOf(change.apply(credentials.getOrDefault(key, List.of())));
            return changed.isEmpty() ? credentials.remove(key) != null : credentials.put(key, changed) != null;
        });
    }

    private <T> T locked(Supplier<T> work) {
        writing.lock();
        try {
            return work.get();
        } finally {
            writing.unlock();
        }
    }
}
