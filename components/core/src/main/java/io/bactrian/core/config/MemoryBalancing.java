package io.bactrian.core.config;

import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.provider.ModelType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How calls are spread, within a provider's record: the rules of what may be set, apart from where it is kept. */
final class MemoryBalancing {

    private MemoryBalancing() {}

    static ProviderRecord with(ProviderRecord old, ModelBalancing balancing) {
        requireOwn(old, balancing);
        List<ModelBalancing> changed = new ArrayList<>(without(old, balancing.model(), balancing.type()));
        changed.add(balancing);
        return MemoryProviders.withBalancing(old, changed);
    }

    /** The same, unless it has changed since it was read. */
    static ProviderRecord replaced(ProviderRecord old, @Nullable ModelBalancing read, ModelBalancing balancing) {
        ModelBalancing stored =
                old.balancing(balancing.type(), balancing.model()).orElse(null);
        boolean unchanged = stored == null ? read == null : stored.equals(read);
        if (!unchanged) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "how calls of " + old.provider() + "/" + balancing.model() + " (" + balancing.type()
                            + ") are spread has changed since it was read: read it again");
        }
        return with(old, balancing);
    }

    /** What is set for all models but one. */
    static List<ModelBalancing> without(ProviderRecord old, String model, ModelType type) {
        return old.balancing().stream()
                .filter(other -> other.type() != type || !other.model().equals(model))
                .toList();
    }

    /** The record after a credential has gone. */
    static ProviderRecord withoutCredential(ProviderRecord old, CredentialId id) {
        return MemoryProviders.withBalancing(
                old, old.balancing().stream().map(one -> without(one, id)).toList());
    }

    private static ModelBalancing without(ModelBalancing balancing, CredentialId id) {
        return new ModelBalancing(
                balancing.model(),
                balancing.type(),
                balancing.enabled(),
                balancing.strategy(),
                balancing.sticky(),
                balancing.entries().stream()
                        .filter(entry -> !id.equals(entry.credential()))
                        .toList(),
                balancing.fallbacks());
    }

    private static void requireOwn(ProviderRecord record, ModelBalancing balancing) {
        Set<CredentialId> own = new HashSet<>();
        record.credentials().forEach(credential -> own.add(credential.id()));
        record.model(balancing.type(), balancing.model())
                .ifPresent(model -> model.credentials().forEach(credential -> own.add(credential.id())));
        for (BalancingEntry entry : balancing.entries()) {
            if (entry.credential() != null && !own.contains(entry.credential())) {
                // another tenant's id and one that never was get the same answer (CRED-15)
                throw new BadRequestException(
                        ErrorCode.CREDENTIAL_NOT_FOUND,
                        "there is no credential " + entry.credential() + " of " + record.provider()
                                + " or of its model " + balancing.model() + " (" + balancing.type() + ")");
            }
        }
    }
}
