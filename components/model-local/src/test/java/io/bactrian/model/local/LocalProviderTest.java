package io.bactrian.model.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.model.DialectEnvironment;
import io.bactrian.core.model.ModelDialect;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderEntity;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LocalProviderTest {

    private final ProviderEntity provider = Calls.provider(Path.of("unused"));

    @Test
    void isCalledLocalLikeItsDialect() {
        assertThat(provider.provider().value()).isEqualTo("local");
        assertThat(provider.dialect()).isEqualTo("local");
        assertThat(provider.label()).isNotBlank();
        assertThat(provider.otelName()).isNotBlank();
        assertThat(Calls.dialect(Path.of("unused")).name()).isEqualTo("local");
    }

    @Test
    void asksForNoCredential() {
        assertThat(provider.providerCredentialSchema().asksForNothing()).isTrue();
        assertThat(provider.providerCredentialSchema().fields()).isEmpty();
        assertThat(provider.modelCredentialSchema()).isNull();
    }

    @Test
    void declaresOneEmbeddingModelAndTakesNoOther() {
        AIModelEntity model = provider.modelOrTemplate(ModelType.TEXT_EMBEDDING, "all-minilm-l6-v2")
                .orElseThrow();

        assertThat(provider.models()).containsExactly(model);
        assertThat(provider.supportedModelTypes()).containsExactly(ModelType.TEXT_EMBEDDING);
        assertThat(model.contextWindow()).hasValue(256);
        assertThat(model.maxChunks()).isEqualTo(2048);
        assertThat(model.openRules()).isFalse();
        assertThat(provider.customizable()).isFalse();
        assertThat(provider.modelOrTemplate(ModelType.TEXT_EMBEDDING, "bge-small"))
                .isEmpty();
        assertThat(provider.modelOrTemplate(ModelType.LLM, "all-minilm-l6-v2")).isEmpty();
    }

    @Test
    void asksForNoFolderBeforeAModelIsAsked() {
        DialectEnvironment unreadable = new DialectEnvironment() {
            @Override
            public <T> Optional<T> find(Class<T> type) {
                throw new AssertionError("nothing is needed yet");
            }

            @Override
            public Optional<String> setting(String name) {
                throw new AssertionError("nothing is needed yet");
            }

            @Override
            public Path dataFolder() {
                throw new AssertionError("no folder is needed yet");
            }
        };

        List<ModelDialect> dialects = new LocalDialectFactory().dialects(unreadable);
        dialects.forEach(ModelDialect::close);

        assertThat(dialects).hasSize(1);
        assertThat(new LocalDialectFactory().providers(unreadable)).hasSize(1);
    }
}
