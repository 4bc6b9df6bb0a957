package io.bactrian.core.config;

import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.provider.ModelType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How a tenant's calls of one model are spread over several credentials, and where they go when none is left.
 *
 * @param model the model's name
 * @param type what it does
 * @param enabled whether calls are spread; fallbacks are asked in any case
 * @param strategy how a credential is picked
 * @param sticky whether calls of one conversation stay with one credential, as long as it is there: providers cache prompts by
 *     account
 * @param entries the credentials, in order
 * @param fallbacks other models, in the order they are asked
 */
public record ModelBalancing(
        String model,
        ModelType type,
        boolean enabled,
        BalancingStrategy strategy,
        boolean sticky,
        List<BalancingEntry> entries,
        List<ModelFallback> fallbacks) {

    /** How many credentials one model's calls are spread over at most. */
    public static final int MOST_ENTRIES = 1_000;

    /** How many fallbacks one model has at most. */
    public static final int MOST_FALLBACKS = 16;

    /** @throws IllegalArgumentException if a credential or a fallback is there twice, or there are too many */
    public ModelBalancing {
        entries = List.copyOf(entries);
        fallbacks = List.copyOf(fallbacks);
        if (entries.size() > MOST_ENTRIES || fallbacks.size() > MOST_FALLBACKS) {
            throw new IllegalArgumentException("a model's calls are spread over " + MOST_ENTRIES
                    + " credentials at most, and it has " + MOST_FALLBACKS + " fallbacks at most");
        }
        Set<String> seen = new HashSet<>();
        for (BalancingEntry entry : entries) {
            if (!seen.add(entry.key())) {
                throw new IllegalArgumentException("the credential " + entry.key() + " is there twice");
            }
        }
        for (ModelFallback fallback : fallbacks) {
            if (!seen.add(fallback.toString())) {
                throw new IllegalArgumentException("the fallback " + fallback + " is there twice");
            }
        }
    }

    /** The same without entries whose credential is not among those that are there. */
    ModelBalancing among(Predicate<CredentialId> there) {
        List<BalancingEntry> kept = entries.stream()
                .filter(entry -> entry.credential() == null || there.test(entry.credential()))
                .toList();
        return kept.size() == entries.size()
                ? this
                : new ModelBalancing(model, type, enabled, strategy, sticky, kept, fallbacks);
    }

    /** The entries that take part. */
    public List<BalancingEntry> active() {
        return entries.stream().filter(BalancingEntry::enabled).toList();
    }
}
