package io.bactrian.core.config;

import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of one scope and which of them is in force: the rules of their life, apart from where they are kept.
 *
 * @param active the one in force; null for none
 * @param list all, oldest first
 */
record MemoryCredentials(@Nullable CredentialId active, List<StoredCredential> list) {

    MemoryCredentials {
        list = List.copyOf(list);
    }

    static MemoryCredentials of(ProviderRecord record, CredentialScope scope) {
        if (scope instanceof CredentialScope.OfModel model) {
            return record.model(model.type(), model.model())
                    .map(found -> new MemoryCredentials(found.activeCredential(), found.credentials()))
                    .orElse(new MemoryCredentials(null, List.of()));
        }
        return new MemoryCredentials(record.activeCredential(), record.credentials());
    }

    /** The record with these credentials in that scope. */
    ProviderRecord in(ProviderRecord record, CredentialScope scope) {
        if (scope instanceof CredentialScope.OfModel model) {
            return MemoryProviders.withModels(record, replaced(record.models(), model));
        }
        return MemoryProviders.withCredentials(record, active, list);
    }

    private List<CustomModelRecord> replaced(List<CustomModelRecord> models, CredentialScope.OfModel model) {
        List<CustomModelRecord> changed = new ArrayList<>(models);
        CustomModelRecord own = new CustomModelRecord(model.model(), model.type(), active, list);
        for (int i = 0; i < changed.size(); i++) {
            CustomModelRecord other = changed.get(i);
            if (other.type() == model.type() && other.model().equals(model.model())) {
                changed.set(i, own);
                return changed;
            }
        }
        changed.add(own);
        return changed;
    }

    MemoryCredentials added(CredentialScope scope, StoredCredential credential) {
        refuseTaken(scope, credential.name(), other -> true);
        List<StoredCredential> changed = new ArrayList<>(list);
        changed.add(credential);
        return new MemoryCredentials(active == null ? credential.id() : active, changed);
    }

    MemoryCredentials updated(
            CredentialScope scope, CredentialId id, long expectedVersion, CredentialName name, Credentials values) {
        StoredCredential stored = required(scope, id);
        if (expectedVersion != 0 && expectedVersion != stored.version()) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "credential " + id + " has changed since it was read (version " + stored.version() + ", not "
                            + expectedVersion + "): read it again");
        }
        refuseTaken(scope, name, other -> !other.id().equals(id));
        StoredCredential changed =
                new StoredCredential(id, name, stored.version() + 1, () -> values).withVisibility(stored.visibility());
        return new MemoryCredentials(
                active,
                list.stream().map(other -> other == stored ? changed : other).toList());
    }

    MemoryCredentials rotated(CredentialScope scope, CredentialId id, Credentials values, @Nullable Instant until) {
        StoredCredential stored = required(scope, id);
        StoredCredential changed = new StoredCredential(
                        id,
                        stored.name(),
                        stored.version() + 1,
                        () -> values,
                        until == null ? null : new StoredCredential.Previous(until, stored.opener()))
                .withVisibility(stored.visibility());
        return new MemoryCredentials(
                active,
                list.stream().map(other -> other == stored ? changed : other).toList());
    }

    MemoryCredentials visible(CredentialScope scope, CredentialId id, CredentialVisibility visibility) {
        StoredCredential stored = required(scope, id);
        StoredCredential changed = stored.withVisibility(visibility);
        return new MemoryCredentials(
                active,
                list.stream().map(other -> other == stored ? changed : other).toList());
    }

    /** The credentials after a user has left: they are no longer for them. */
    static List<StoredCredential> without(List<StoredCredential> credentials, UserId user) {
        return credentials.stream()
                .map(credential ->
                        credential.withVisibility(credential.visibility().without(user)))
                .toList();
    }

    MemoryCredentials removed(CredentialScope scope, CredentialId id) {
        StoredCredential stored = required(scope, id);
        return new MemoryCredentials(
                id.equals(active) ? null : active,
                list.stream().filter(other -> other != stored).toList());
    }

    MemoryCredentials activated(CredentialScope scope, CredentialId id) {
        return new MemoryCredentials(required(scope, id).id(), list);
    }

    private StoredCredential required(CredentialScope scope, CredentialId id) {
        Optional<StoredCredential> stored =
                list.stream().filter(other -> other.id().equals(id)).findFirst();
        return stored.orElseThrow(() -> new BadRequestException(
                ErrorCode.CREDENTIAL_NOT_FOUND, "there is no credential " + id + " of " + scope));
    }

    private void refuseTaken(CredentialScope scope, CredentialName name, Predicate<StoredCredential> among) {
        if (list.stream().filter(among).anyMatch(other -> other.name().equals(name))) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "a credential named '" + name + "' of " + scope + " is there already");
        }
    }
}
