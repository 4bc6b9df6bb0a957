package io.bactrian.core.manage;

import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.provider.ModelType;
import java.util.List;

/**
 * How calls of a model are to be spread, as a person says it: credentials by name, nothing checked yet.
 *
 * @param model the model's name
 * @param type what it does
 * @param enabled whether calls are spread; fallbacks are asked in any case
 * @param strategy how a credential is picked
 * @param sticky whether calls of one conversation stay with one credential
 * @param entries the credentials, in order
 * @param fallbacks other models, in the order they are asked
 */
public record BalancingPlan(
        String model,
        ModelType type,
        boolean enabled,
        BalancingStrategy strategy,
        boolean sticky,
        List<Entry> entries,
        List<ModelFallback> fallbacks) {

    /**
     * One of the credentials.
     *
     * @param credential its id, its name, or {@link BalancingEntry#INHERIT}
     * @param enabled whether it takes part
     * @param weight its share
     */
    public record Entry(String credential, boolean enabled, int weight) {

        /** One that takes part with weight 1. */
        public static Entry of(String credential) {
            return new Entry(credential, true, 1);
        }
    }

    /** Copies the lists. */
    public BalancingPlan {
        entries = List.copyOf(entries);
        fallbacks = List.copyOf(fallbacks);
    }

    /** The strategy where none is named: weights are there to be kept to. */
    public static BalancingStrategy usualStrategy(List<Entry> entries) {
        return entries.stream().allMatch(entry -> entry.weight() == 1)
                ? BalancingStrategy.ROUND_ROBIN
                : BalancingStrategy.WEIGHTED;
    }
}
