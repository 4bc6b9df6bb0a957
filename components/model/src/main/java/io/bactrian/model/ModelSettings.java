package io.bactrian.model;

import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.model.ModelParameters;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.ResponseFormat;
import io.bactrian.core.model.TextEmbeddingRequest.InputType;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint's options say, checked once when it starts.
 *
 * @param address the model; null if each message brings its own
 * @param type what it is to do
 * @param stream whether the answer comes piece by piece
 * @param tenant who pays; null if the exchange says
 * @param credential the credential that pays; null for the one in force
 * @param timeout how long a call may take
 * @param firstTokenTimeout how long a stream may take until its first content; null as the installation says
 * @param systemMessage instructions put before every prompt; null for none
 * @param parameters the model parameters
 * @param stop texts that end the answer; empty for none
 * @param user who is asking, as the provider may learn it; null for nobody in particular
 * @param responseFormat the form of the answer; null for the provider's default
 * @param outputClass what the answer is read into; null to leave it as it is
 * @param inputType what texts to be embedded are; null if the body says, or else documents
 * @param overrides the headers that replace options
 */
record ModelSettings(
        @Nullable ModelAddress address,
        ModelType type,
        boolean stream,
        @Nullable TenantId tenant,
        @Nullable CredentialName credential,
        Duration timeout,
        @Nullable Duration firstTokenTimeout,
        @Nullable PromptMessage systemMessage,
        ModelParameters parameters,
        List<String> stop,
        @Nullable String user,
        @Nullable ResponseFormat responseFormat,
        @Nullable Class<?> outputClass,
        @Nullable InputType inputType,
        HeaderOverrides overrides) {

    ModelSettings {
        stop = List.copyOf(stop);
    }
}
