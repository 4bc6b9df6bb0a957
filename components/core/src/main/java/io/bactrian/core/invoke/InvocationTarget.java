package io.bactrian.core.invoke;

import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.SafeText;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tool.ToolAddress;
import org.jspecify.annotations.Nullable;

/** What is called. */
public sealed interface InvocationTarget {

    /**
     * A model.
     *
     * @param provider its provider
     * @param model its name, as callers know it: may hold {@code / : . @ #} and spaces
     * @param type what it is to do
     * @param credential the one of the tenant's credentials to use; null for the one in force
     */
    record Model(
            ProviderId provider,
            String model,
            ModelType type,
            @Nullable CredentialName credential) implements InvocationTarget {

        /** @throws IllegalArgumentException if the name is blank, longer than 512 characters or holds control characters */
        public Model {
            if (model.isBlank() || model.length() > 512 || !SafeText.showable(model)) {
                throw new IllegalArgumentException(
                        "a model's name has 1 to 512 characters, and no control characters or marks of writing direction");
            }
        }

        /** A model, paid for by the credential in force. */
        public static Model of(ProviderId provider, String model, ModelType type) {
            return new Model(provider, model, type, null);
        }

        @Override
        public String toString() {
            return provider + "/" + model + " (" + type + ")";
        }
    }

    /**
     * The tenant's default model of a type; the tenant phase turns it into a {@link Model}.
     *
     * @param type what it is to do
     */
    record DefaultModel(ModelType type) implements InvocationTarget {
        @Override
        public String toString() {
            return "default model (" + type + ")";
        }
    }

    /**
     * A tool.
     *
     * @param address which one
     * @param credential the one of the tenant's credentials to use; null for the default one
     */
    record Tool(ToolAddress address, @Nullable CredentialName credential) implements InvocationTarget {
        @Override
        public String toString() {
            return address.toString();
        }
    }

    /**
     * The tool that the tenant has under a name; the tenant phase turns it into a {@link Tool}.
     *
     * @param name its bare name, {@code PROVIDER/NAME}, or a whole address
     * @param credential the one of the tenant's credentials to use; null for the default one
     */
    record NamedTool(String name, @Nullable CredentialName credential) implements InvocationTarget {

        /** @throws IllegalArgumentException if the name is blank, longer than 512 characters or holds control characters */
        public NamedTool {
            if (name.isBlank() || name.length() > 512 || !SafeText.showable(name)) {
                throw new IllegalArgumentException(
                        "a tool's name has 1 to 512 characters, and no control characters or marks of writing direction");
            }
        }

        @Override
        public String toString() {
            return "tool:" + name;
        }
    }
}
