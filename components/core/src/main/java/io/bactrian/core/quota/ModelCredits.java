package io.bactrian.core.quota;

import io.bactrian.core.provider.ProviderId;
import java.util.Map;

/**
 * How many credits a call of a model costs.
 *
 * @param byModel the credits, by {@code PROVIDER/MODEL}
 */
public record ModelCredits(Map<String, Long> byModel) {

    /** One for each call. */
    public static final ModelCredits ONE_EACH = new ModelCredits(Map.of());

    /** @throws IllegalArgumentException if a number is negative */
    public ModelCredits {
        byModel = Map.copyOf(byModel);
        if (byModel.values().stream().anyMatch(credits -> credits < 0)) {
            throw new IllegalArgumentException("credits are counted from 0");
        }
    }

    /** The credits of a call; 1 unless the model is declared to cost another number. */
    public long of(ProviderId provider, String model) {
        return byModel.isEmpty() ? 1 : byModel.getOrDefault(provider + "/" + model, 1L);
    }
}
