package io.bactrian.model.local;

import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ConfigurateMethod;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The declaration of the provider {@code local}: one embedding model, no credential, no models that users name. */
final class LocalProvider {

    static final String NAME = "local";
    static final String MINI_LM = "all-minilm-l6-v2";

    /** The length the model was trained on, its two special tokens included; longer texts are read in windows. */
    static final int CONTEXT_SIZE = 256;

    /** As many texts as the OpenAI embeddings API takes, so that its clients find no other limit here. */
    static final int MAX_CHUNKS = 2048;

    private static final AIModelEntity MINI_LM_MODEL = new AIModelEntity(
            MINI_LM,
            "all-MiniLM-L6-v2 (quantized)",
            ModelType.TEXT_EMBEDDING,
            ConfigurateMethod.PREDEFINED_MODEL,
            Set.of(),
            CONTEXT_SIZE,
            MAX_CHUNKS,
            false,
            List.of(),
            false,
            null);

    static final ProviderEntity DECLARATION = new ProviderEntity(
            new ProviderId(NAME),
            "Local",
            "Models that run inside this Java process: no key, no network",
            null,
            NAME,
            NAME,
            Set.of(ModelType.TEXT_EMBEDDING),
            Set.of(ConfigurateMethod.PREDEFINED_MODEL),
            List.of(MINI_LM_MODEL),
            Map.of(),
            CredentialForm.EMPTY,
            null,
            Map.of());

    private LocalProvider() {}
}
