package io.bactrian.model.http;

import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.ModelParameters;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ParameterValue;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.egress.EgressClient;
import io.bactrian.egress.EgressResponse;
import io.bactrian.json.OpenAiJson;
import java.math.BigDecimal;
import java.util.Map;

/** Asks a server whether credentials open it: by its list of models or, where it has none, by the least of questions. */
final class CredentialProbe {

    private static final String NO_MODEL = "bactrian-credential-check";

    private final EgressClient client;
    private final ServerErrors errors;

    CredentialProbe(EgressClient client, ServerErrors errors) {
        this.client = client;
        this.errors = errors;
    }

    void ask(ServerConnection server, Credentials credentials, Deadline deadline) {
        boolean byModels = "models".equals(Quirk.VALIDATE_WITH.of(server.provider(), credentials));
        if (!byModels || !listsModels(server, deadline)) {
            askLittle(server, credentials, deadline);
        }
    }

    /** False if the server has no such list. */
    private boolean listsModels(ServerConnection server, Deadline deadline) {
        try (EgressResponse response = client.send(server.models(deadline))) {
            if (response.status() == 404 || response.status() == 405 || response.status() == 501) {
                return false;
            }
            if (response.status() != 200) {
                throw errors.ofStatus(server, response);
            }
            OpenAiDialect.checkJson(server, response);
            return true;
        }
    }

    private void askLittle(ServerConnection server, Credentials credentials, Deadline deadline) {
        String model = model(server.provider(), credentials);
        LlmRequest least = LlmRequest.ofText("Hi")
                .withParameters(ModelParameters.of(Map.of("max_tokens", new ParameterValue.Number(BigDecimal.ONE))));
        byte[] body = OpenAiJson.writeChatRequest(least, model, server.chatOptions());
        try (EgressResponse response = client.send(server.chat(body, deadline))) {
            if (response.status() == 200) {
                OpenAiDialect.checkJson(server, response);
                return;
            }
            InvokeException error = errors.ofStatus(server, response);
            // who complains of the question has let the questioner in
            boolean letIn = error instanceof BadRequestException
                    || error.code() == ErrorCode.RATE_LIMITED
                    || error.code() == ErrorCode.CONTENT_FILTER;
            if (!letIn) {
                throw error;
            }
            if (error.code() == ErrorCode.MODEL_NOT_FOUND && !NO_MODEL.equals(model)) {
                throw new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        server.name() + " accepts the credential but not the model " + model
                                + " (set validate_model to one it has)");
            }
        }
    }

    private static String model(ProviderEntity provider, Credentials credentials) {
        return credentials
                .text("validate_model")
                .filter(name -> !name.isBlank())
                .or(() -> provider.models().stream()
                        .filter(model -> model.modelType() == ModelType.LLM && !model.deprecated())
                        .map(AIModelEntity::model)
                        .findFirst())
                .orElse(NO_MODEL);
    }
}
