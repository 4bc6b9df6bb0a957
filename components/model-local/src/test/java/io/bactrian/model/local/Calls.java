package io.bactrian.model.local;

import io.bactrian.core.credential.Credentials;
import io.bactrian.core.model.DialectEnvironment;
import io.bactrian.core.model.ModelCall;
import io.bactrian.core.model.ModelDialect;
import io.bactrian.core.model.ModelDialectFactory;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.RequestId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Calls to the local dialect as the chain makes them. */
final class Calls {

    private Calls() {}

    /** The factory, found as the engine finds it. */
    static ModelDialectFactory factory() {
        return ServiceLoader.load(ModelDialectFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(LocalDialectFactory.class::isInstance)
                .findFirst()
                .orElseThrow();
    }

    static ModelDialect dialect(Path dataFolder) {
        return factory().dialects(environment(dataFolder)).get(0);
    }

    static ProviderEntity provider(Path dataFolder) {
        return factory().providers(environment(dataFolder)).get(0).providers().get(0);
    }

    static DialectEnvironment environment(Path dataFolder) {
        return new DialectEnvironment() {
            @Override
            public <T> Optional<T> find(Class<T> type) {
                return Optional.empty();
            }

            @Override
            public Optional<String> setting(String name) {
                return Optional.empty();
            }

            @Override
            public Path dataFolder() {
                return dataFolder;
            }
        };
    }

    static ModelCall call(String wireModel, Deadline deadline) {
        ProviderEntity provider = LocalProvider.DECLARATION;
        AIModelEntity model =
                provider.model(ModelType.TEXT_EMBEDDING, LocalProvider.MINI_LM).orElseThrow();
        return new ModelCall(provider, model, wireModel, Credentials.NONE, new RequestId("test"), deadline);
    }

    static TextEmbeddingResult embed(ModelDialect dialect, Deadline deadline, List<String> texts) {
        return dialect.invokeTextEmbedding(
                call(LocalProvider.MINI_LM, deadline), TextEmbeddingRequest.ofDocuments(texts));
    }

    static TextEmbeddingResult embed(ModelDialect dialect, String... texts) {
        return embed(dialect, Deadline.in(Duration.ofMinutes(5)), List.of(texts));
    }

    static double cosine(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (double) one[i] * other[i];
        }
        return sum;
    }
}
