package io.bactrian.core.config;

import io.bactrian.core.error.FailureClass;
import io.bactrian.core.error.SafeText;
import io.bactrian.core.provider.ProviderId;
import java.util.Set;

/**
 * A model that answers when another one cannot. It is another purse and another permission: its call passes the chain anew.
 *
 * @param provider its provider
 * @param model its name
 * @param on after which failures it is asked
 */
public record ModelFallback(ProviderId provider, String model, Set<FailureClass> on) {

    /** @throws IllegalArgumentException if the name is blank or too long, or no failure is named, or {@code client} is */
    public ModelFallback {
        on = Set.copyOf(on);
        if (model.isBlank() || model.length() > 512 || !SafeText.showable(model)) {
            throw new IllegalArgumentException("a model's name has 1 to 512 characters that can be shown");
        }
        if (on.isEmpty() || on.contains(FailureClass.CLIENT)) {
            throw new IllegalArgumentException(
                    "a fallback is asked after failures of these classes: credential_dead, rate_limited, overloaded,"
                            + " transient, context_length, content_refused, model_not_found");
        }
    }

    /** A model that is asked when all credentials of the other one are out. */
    public static ModelFallback of(ProviderId provider, String model) {
        return new ModelFallback(provider, model, FailureClass.USUAL_FALLBACK);
    }

    @Override
    public String toString() {
        return provider + "/" + model;
    }
}
