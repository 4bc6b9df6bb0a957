package io.bactrian.core.invoke;

import io.bactrian.core.config.CredentialVisibility;
import io.bactrian.core.config.CustomModelRecord;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.tenant.UserId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which of a tenant's users see which of its credentials at a provider. Made of what is configured, not of who calls: as many
 * audiences as the credentials make, and one for all whom no private credential is for. Immutable.
 */
final class Audiences {

    private final Audience everybodyElse = Audience.of(Set.of());
    private final Audience managers = Audience.ofManagers();
    private final Map<UserId, Audience> byUser = new HashMap<>();

    Audiences(ProviderRecord custom) {
        List<StoredCredential> privates = Stream.concat(
                        custom.credentials().stream(),
                        custom.models().stream()
                                .map(CustomModelRecord::credentials)
                                .flatMap(List::stream))
                .filter(credential -> credential.visibility().isPrivate())
                .toList();
        Map<UserId, Set<CredentialId>> seen = new HashMap<>();
        for (StoredCredential credential : privates) {
            CredentialVisibility visibility = credential.visibility();
            Stream.concat(Stream.ofNullable(visibility.owner()), visibility.members().stream())
                    .filter(visibility::includes)
                    .forEach(user ->
                            seen.computeIfAbsent(user, one -> new HashSet<>()).add(credential.id()));
        }
        Map<Set<CredentialId>, Audience> distinct = new HashMap<>();
        seen.forEach((user, ids) -> byUser.put(user, distinct.computeIfAbsent(ids, Audience::of)));
    }

    /** The audience that a call's user is in; null for a call that names none. */
    Audience of(@Nullable UserId user) {
        if (user == null || byUser.isEmpty()) {
            return everybodyElse;
        }
        Audience found = byUser.get(user);
        return found == null ? everybodyElse : found;
    }

    /** Whoever manages the tenant's credentials. */
    Audience managers() {
        return managers;
    }
}
