package io.bactrian.core.tool;

import io.bactrian.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of a tool: shared by all calls, changed by none.
 *
 * @param identity which tool it is
 * @param description what it is good for
 * @param parameters what it takes, each name once
 * @param outputSchema the JSON Schema of its structured result; null if it does not say
 * @param tags words by which it is found
 * @param retriable whether a call that failed may be made again: true only if doing it twice is as good as once
 * @param approval whether a person is asked before a call; an installation or agent can only be stricter
 * @param timeout how long a call may take at most; null for no limit but the caller's deadline
 * @param version what changes when parameters or result change; empty if nobody counts
 */
public record ToolEntity(
        ToolIdentity identity,
        ToolDescription description,
        List<ToolParameter> parameters,
        @Nullable JsonObject outputSchema,
        List<String> tags,
        boolean retriable,
        ToolApproval approval,
        @Nullable Duration timeout,
        String version) {

    /** @throws IllegalArgumentException if a parameter's name is there twice */
    public ToolEntity {
        parameters = List.copyOf(parameters);
        tags = List.copyOf(tags);
        Set<String> names = new HashSet<>();
        for (ToolParameter parameter : parameters) {
            if (!names.add(parameter.name())) {
                throw new IllegalArgumentException(
                        "tool '" + identity.name() + "' has two parameters '" + parameter.name() + "'");
            }
        }
    }

    /** Starts a declaration. */
    public static Builder of(String provider, String name, String description) {
        return new Builder(ToolIdentity.of(provider, name), ToolDescription.of(description));
    }

    /** Its name within its provider. */
    public String name() {
        return identity.name();
    }

    /** The parameter of that name. */
    public Optional<ToolParameter> parameter(String name) {
        return parameters.stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst();
    }

    /** The parameters that a model gives. */
    public List<ToolParameter> llmParameters() {
        return parameters.stream()
                .filter(parameter -> parameter.form() == ToolParameterForm.LLM)
                .toList();
    }

    /** The same tool with other parameters: for tools whose parameters depend on the tenant. */
    public ToolEntity withParameters(List<ToolParameter> changed) {
        return new ToolEntity(
                identity, description, changed, outputSchema, tags, retriable, approval, timeout, version);
    }

    /** Puts a declaration together. Not thread-safe. */
    public static final class Builder {

        private ToolIdentity identity;
        private ToolDescription description;
        private final List<ToolParameter> parameters = new ArrayList<>();
        private @Nullable JsonObject outputSchema;
        private List<String> tags = List.of();
        private boolean retriable;
        private ToolApproval approval = ToolApproval.AUTO;
        private @Nullable Duration timeout;
        private String version = "";

        private Builder(ToolIdentity identity, ToolDescription description) {
            this.identity = identity;
            this.description = description;
        }

        /** Author, label and icon. */
        public Builder identity(ToolIdentity given) {
            identity = given;
            return this;
        }

        /** Other words for people than for models. */
        public Builder description(ToolDescription given) {
            description = given;
            return this;
        }

        /** Adds a parameter. */
        public Builder parameter(ToolParameter.Builder parameter) {
            return parameter(parameter.build());
        }

        /** Adds a parameter. */
        public Builder parameter(ToolParameter parameter) {
            parameters.add(parameter);
            return this;
        }

        /** Adds parameters. */
        public Builder parameters(List<ToolParameter> added) {
            parameters.addAll(added);
            return this;
        }

        /** The JSON Schema of its structured result. */
        public Builder outputSchema(@Nullable JsonObject schema) {
            outputSchema = schema;
            return this;
        }

        /** Words by which it is found. */
        public Builder tags(List<String> words) {
            tags = words;
            return this;
        }

        /** A call that failed may be made again. */
        public Builder retriable(boolean again) {
            retriable = again;
            return this;
        }

        /** Whether a person is asked before a call. */
        public Builder approval(ToolApproval wanted) {
            approval = wanted;
            return this;
        }

        /** How long a call may take at most. */
        public Builder timeout(@Nullable Duration most) {
            timeout = most;
            return this;
        }

        /** What changes when parameters or result change. */
        public Builder version(String given) {
            version = given;
            return this;
        }

        /**
         * The declaration.
         *
         * @throws IllegalArgumentException as {@link ToolEntity}
         */
        public ToolEntity build() {
            return new ToolEntity(
                    identity, description, parameters, outputSchema, tags, retriable, approval, timeout, version);
        }
    }
}
