package io.bactrian.model.http;

import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.ModelCall;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.egress.EgressClient;
import io.bactrian.egress.EgressLimits;
import io.bactrian.egress.EgressPolicy;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.FaultServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** A dialect, a server it may call, and calls with a planted key. */
final class Fixture implements AutoCloseable {

    static final Duration SOON = Duration.ofSeconds(20);
    static final Instant NOW = Instant.parse("2026-02-03T10:00:00Z");
    static final LlmRequest QUESTION = LlmRequest.ofText("Hi");

    final CanaryScanner canaries = new CanaryScanner();
    final String key = canaries.plant("api key");
    final FaultServer server = FaultServer.start();
    final EgressClient client = EgressClient.of(EgressPolicy.parse(List.of("127.0.0.1:" + server.port())));
    final OpenAiDialect dialect = new OpenAiDialect(client, EgressLimits.DEFAULT, Clock.fixed(NOW, ZoneOffset.UTC));

    static ProviderEntity provider(String id) {
        return CatalogProviderSource.builtIn().providers().stream()
                .filter(provider -> provider.provider().equals(new ProviderId(id)))
                .findFirst()
                .orElseThrow();
    }

    Credentials credentials() {
        return credentials("/v1");
    }

    Credentials credentials(String path) {
        return Credentials.NONE
                .with("api_key", new CredentialValue.Hidden(Secret.of(key)))
                .with("base_url", new CredentialValue.Text(server.url(path)));
    }

    ModelCall call() {
        return call("openai", ModelType.LLM, "gpt-4o-mini", credentials());
    }

    ModelCall call(Deadline deadline) {
        return call("openai", ModelType.LLM, "gpt-4o-mini", credentials(), deadline);
    }

    ModelCall call(String provider, ModelType type, String model, Credentials credentials) {
        return call(provider, type, model, credentials, Deadline.in(SOON));
    }

    private static ModelCall call(
            String provider, ModelType type, String model, Credentials credentials, Deadline deadline) {
        ProviderEntity entity = provider(provider);
        AIModelEntity declared = entity.modelOrTemplate(type, model).orElseThrow();
        return new ModelCall(entity, declared, model, credentials, new RequestId("test-request"), deadline);
    }

    ModelStream stream() {
        return dialect.streamLlm(call(), QUESTION);
    }

    @Override
    public void close() {
        dialect.close();
        client.close();
        server.close();
    }
}
