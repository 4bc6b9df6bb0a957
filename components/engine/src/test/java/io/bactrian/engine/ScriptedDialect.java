package io.bactrian.engine;

import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialFormSchema;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.FormType;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.model.DialectEnvironment;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelCall;
import io.bactrian.core.model.ModelDialect;
import io.bactrian.core.model.ModelDialectFactory;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ConfigurateMethod;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.provider.ProviderSource;
import io.bactrian.core.tenant.Deadline;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A provider 'echo' whose model answers with the key it was given: shows who paid, without a network. */
final class ScriptedDialect implements ModelDialect, ModelDialectFactory {

    static final ProviderId ECHO = new ProviderId("echo");

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public List<ModelDialect> dialects(DialectEnvironment environment) {
        return List.of(this);
    }

    @Override
    public List<ProviderSource> providers(DialectEnvironment environment) {
        return List.of(() -> List.of(provider()));
    }

    private static ProviderEntity provider() {
        AIModelEntity model = new AIModelEntity(
                "parrot",
                "Parrot",
                ModelType.LLM,
                ConfigurateMethod.PREDEFINED_MODEL,
                Set.of(),
                null,
                null,
                false,
                List.of(),
                true,
                null);
        return new ProviderEntity(
                ECHO,
                "Echo",
                "",
                null,
                "scripted",
                "echo",
                Set.of(ModelType.LLM),
                Set.of(ConfigurateMethod.PREDEFINED_MODEL, ConfigurateMethod.CUSTOMIZABLE_MODEL),
                List.of(model),
                Map.of(ModelType.LLM, model),
                new CredentialForm(List.of(
                        field("api_key", FormType.SECRET_INPUT, true), field("region", FormType.TEXT_INPUT, false))),
                null,
                Map.of());
    }

    private static CredentialFormSchema field(String name, FormType type, boolean required) {
        return new CredentialFormSchema(name, name, type, required, null, List.of(), 0, List.of(), null);
    }

    private static String key(ModelCall call) {
        return call.credentials().secret("api_key").map(Secret::reveal).orElse("no key");
    }

    @Override
    public LlmResult invokeLlm(ModelCall call, LlmRequest request) {
        return new LlmResult(
                "1",
                call.wireModel(),
                new PromptMessage.Assistant(key(call)),
                FinishReason.STOP,
                new TokenUsage(3, 0, 0, 0, 5, 0, 0),
                null,
                null);
    }

    @Override
    public ModelStream streamLlm(ModelCall call, LlmRequest request) {
        Iterator<LlmResultChunk> chunks = List.of(new LlmResultChunk(
                        "1",
                        call.wireModel(),
                        key(call),
                        "",
                        List.of(),
                        FinishReason.STOP,
                        TokenUsage.ofInput(3),
                        null))
                .iterator();
        return new ModelStream() {
            @Override
            public void close() {}

            @Override
            public boolean hasNext() {
                return chunks.hasNext();
            }

            @Override
            public LlmResultChunk next() {
                return chunks.next();
            }
        };
    }

    @Override
    public void validate(ProviderEntity provider, Credentials credentials, Deadline deadline) {}
}
