package io.bactrian.core.config;

import io.bactrian.core.credential.CredentialId;
import org.jspecify.annotations.Nullable;

/**
 * One of the credentials that calls of a model are spread over ({@code load_balancing_model_configs}). A reference: the
 * values stay where the credential is.
 *
 * @param credential the credential, of the model or of its provider; null for whichever is in force, which is written
 *     {@code __inherit__}
 * @param enabled whether it takes part
 * @param weight its share, from 1 to 1,000, where the strategy knows weights
 */
public record BalancingEntry(@Nullable CredentialId credential, boolean enabled, int weight) {

    /** How the credential in force is written. */
    public static final String INHERIT = "__inherit__";

    /** The greatest weight. */
    public static final int GREATEST_WEIGHT = 1_000;

    /** @throws IllegalArgumentException if the weight is not from 1 to 1,000 */
    public BalancingEntry {
        if (weight < 1 || weight > GREATEST_WEIGHT) {
            throw new IllegalArgumentException("a weight is from 1 to " + GREATEST_WEIGHT);
        }
    }

    /** A credential that takes part with weight 1. */
    public static BalancingEntry of(CredentialId credential) {
        return new BalancingEntry(credential, true, 1);
    }

    /** The credential in force, taking part with weight 1. */
    public static BalancingEntry inherit() {
        return new BalancingEntry(null, true, 1);
    }

    /** The id of the credential, or {@link #INHERIT}. */
    public String key() {
        return credential == null ? INHERIT : credential.value();
    }
}
