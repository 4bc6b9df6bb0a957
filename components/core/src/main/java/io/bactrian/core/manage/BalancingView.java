package io.bactrian.core.manage;

import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.provider.ProviderId;
import java.util.List;
import java.util.Optional;

/**
 * How calls of a model are spread, as it is shown.
 *
 * @param provider the model's provider
 * @param balancing what is set
 * @param entries its entries, in order
 * @param managedBy the file that says so; empty for a person
 */
public record BalancingView(
        ProviderId provider, ModelBalancing balancing, List<Entry> entries, Optional<String> managedBy) {

    /**
     * One of the credentials.
     *
     * @param entry what is set
     * @param name its name; empty for whichever is in force
     * @param scope what it opens; empty for whichever is in force
     */
    public record Entry(BalancingEntry entry, Optional<CredentialName> name, Optional<CredentialScope> scope) {}

    /** Copies the list. */
    public BalancingView {
        entries = List.copyOf(entries);
    }
}
