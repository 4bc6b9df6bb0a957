package io.bactrian.model;

import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.support.DynamicUris;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which model a {@code model:} URI names: {@code PROVIDER/MODEL}, or {@code default} for the tenant's default model. The
 * provider ends at the first slash; all the rest is the model's name, whatever it holds.
 *
 * @param provider the provider; null for the default model
 * @param model the model's name; null for the default model
 */
record ModelAddress(@Nullable ProviderId provider, @Nullable String model) {

    /** The path of the one endpoint that serves all names that are known only when a message comes. */
    static final String DYNAMIC = "*";

    private static final String DEFAULT = "default";

    /**
     * Reads the path of a URI.
     *
     * @param path what stands between {@code model:} and the options, decoded
     * @param modelName the option {@code modelName}, for names that cannot stand in a path; null or empty without it
     * @throws BadRequestException with {@code invalid_param} if it names no model
     */
    static ModelAddress parse(String path, @Nullable String modelName) {
        boolean named = modelName != null && !modelName.isEmpty();
        if (path.equals(DEFAULT) && !named) {
            return new ModelAddress(null, null);
        }
        int slash = path.indexOf('/');
        String provider = slash < 0 ? path : path.substring(0, slash);
        String rest = slash < 0 ? "" : path.substring(slash + 1);
        if (named && !rest.isEmpty()) {
            throw wrong("the model stands in the path and in the option modelName: leave one of them out");
        }
        return of(provider, named ? Objects.requireNonNull(modelName) : rest);
    }

    private static ModelAddress of(String provider, String model) {
        if (model.isBlank()) {
            throw wrong("no model is named");
        }
        try {
            ProviderId id = new ProviderId(provider);
            // checks the name
            InvocationTarget.Model.of(id, model, ModelType.LLM);
            return new ModelAddress(id, model);
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage() == null ? "" : e.getMessage());
        }
    }

    /** The path of a whole URI, decoded as Camel does it. */
    static String pathOf(String uri) {
        try {
            return DynamicUris.path(uri);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private static BadRequestException wrong(String problem) {
        return new BadRequestException(
                ErrorCode.INVALID_PARAM,
                "a model: endpoint is written model:PROVIDER/MODEL, model:PROVIDER?modelName=MODEL or model:default: "
                        + problem);
    }

    /** The same address with another model of the same provider. */
    ModelAddress withModel(String name) {
        if (provider == null) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "a header can replace the model's name only where the endpoint names a provider");
        }
        return of(provider.value(), name);
    }

    /** What is called. */
    InvocationTarget target(ModelType type, @Nullable CredentialName credential) {
        return provider == null || model == null
                ? new InvocationTarget.DefaultModel(type)
                : new InvocationTarget.Model(provider, model, type, credential);
    }

    @Override
    public String toString() {
        return provider == null ? DEFAULT : provider + "/" + model;
    }
}
