package io.bactrian.cli;

import io.bactrian.core.config.ModelReference;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import org.jspecify.annotations.Nullable;

/**
 * A model as it is typed: {@code PROVIDER/MODEL}; the provider ends at the first slash.
 *
 * @param provider the provider
 * @param model the model's name
 */
record ModelName(ProviderId provider, String model) {

    static ModelName parse(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            throw new IllegalArgumentException("a model is written PROVIDER/MODEL, such as openai/gpt-4o-mini");
        }
        ModelName name = new ModelName(new ProviderId(text.substring(0, slash)), text.substring(slash + 1));
        // checks the name's characters
        name.target(ModelType.LLM, null);
        return name;
    }

    InvocationTarget.Model target(ModelType type, io.bactrian.core.credential.@Nullable CredentialName credential) {
        return new InvocationTarget.Model(provider, model, type, credential);
    }

    ModelReference reference() {
        return new ModelReference(provider, model);
    }

    @Override
    public String toString() {
        return provider + "/" + model;
    }
}
