package io.bactrian.model.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.FormType;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.model.DialectEnvironment;
import io.bactrian.core.model.ModelParameters;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ConfigurateMethod;
import io.bactrian.core.provider.ModelFeature;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ParameterRule;
import io.bactrian.core.provider.ParameterType;
import io.bactrian.core.provider.ParameterValue;
import io.bactrian.core.provider.ProviderEntity;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogProviderSourceTest {

    private static final String ACME = """
            provider: acme
            label: {en_US: Acme, tr_TR: Akme}
            dialect: openai
            supported_model_types: [llm, text-embedding]
            configurate_methods: [predefined-model, customizable-model]
            help:
              title: {en_US: Get a key}
              url: {en_US: https://acme.example/keys}
            quirks:
              stream_options: false
            provider_credential_schema:
              credential_form_schemas:
                - variable: api_key
                  label: Key
                  type: secret-input
                - variable: region
                  label: Region
                  type: select
                  default: eu
                  options:
                    - {value: eu, label: Europe}
                    - {value: us, label: America, show_on: [{variable: api_key, value: x}]}
            templates:
              llm: {features: [vision]}
              text-embedding: {open_rules: false}
            models:
              - model: acme-1
                model_type: llm
                features: [tool-call]
                deprecated: true
                model_properties: {mode: chat, context_size: 1000}
                parameter_rules:
                  - {name: temperature, use_template: temperature, max: 2}
                  - {name: tone, type: string, options: [soft, hard], required: true}
                pricing: {input: '0.10', output: 0.2, unit: '0.001', currency: EUR}
            """;

    @TempDir
    private Path folder;

    @Test
    void comesWithItsOwnProviders() {
        assertThat(CatalogProviderSource.builtIn().providers())
                .extracting(provider -> provider.provider().value())
                .containsExactly("openai", "openai-compatible");
    }

    @Test
    void listsEveryFileOfTheFolderInItsIndex() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../../config/providers"))) {
            assertThat(CatalogProviderSource.names())
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> file.getFileName().toString()).toList());
        }
    }

    @Test
    void declaresOpenAi() {
        ProviderEntity openai = Fixture.provider("openai");

        assertThat(openai.otelName()).isEqualTo("openai");
        assertThat(openai.customizable()).isTrue();
        assertThat(openai.modelCredentialSchema()).isEqualTo(openai.providerCredentialSchema());
        AIModelEntity mini = openai.model(ModelType.LLM, "gpt-4o-mini").orElseThrow();
        assertThat(mini.features()).contains(ModelFeature.TOOL_CALL, ModelFeature.VISION);
        assertThat(mini.pricing().input()).isEqualByComparingTo("0.15");
        assertThat(mini.contextWindow()).hasValue(128_000);
        assertThat(openai.model(ModelType.TEXT_EMBEDDING, "text-embedding-3-small"))
                .isPresent();
        assertThat(openai.modelOrTemplate(ModelType.LLM, "ft:gpt-4o:acme::1")
                        .orElseThrow()
                        .openRules())
                .isTrue();
        Credentials checked = openai.providerCredentialSchema()
                .check(Credentials.NONE.with("api_key", new CredentialValue.Text("k")));
        assertThat(checked.text("base_url")).contains("https://api.openai.com/v1");
        assertThat(checked.secret("api_key")).isPresent();
    }

    @Test
    void namesAWrongParameter() {
        AIModelEntity mini =
                Fixture.provider("openai").model(ModelType.LLM, "gpt-4o-mini").orElseThrow();

        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> ModelParameters.of(Map.of(
                                "temperature", new ParameterValue.Number(new BigDecimal("2.1")),
                                "temprature", new ParameterValue.Number(BigDecimal.ONE)))
                        .check(mini))
                .withMessageContaining("temperature is at most 2")
                .withMessageContaining("temprature is not a parameter");
    }

    @Test
    void declaresCompatibleServersWithDefaultsForTheirQuirks() {
        ProviderEntity compatible = Fixture.provider("openai-compatible");

        Credentials checked = compatible
                .providerCredentialSchema()
                .check(Credentials.NONE.with("base_url", new CredentialValue.Text("http://localhost:11434/v1")));

        assertThat(checked.text("auth_style")).contains("bearer");
        assertThat(checked.text("stream_options")).contains("true");
        assertThat(checked.names()).doesNotContain("auth_header", "api_key");
        for (Quirk quirk : Quirk.values()) {
            assertThat(quirk.allowed()).contains(checked.text(quirk.text()).orElseThrow());
        }
        assertThat(compatible.modelOrTemplate(ModelType.LLM, "anything/at:all")).isPresent();
        assertThat(compatible.modelOrTemplate(ModelType.TEXT_EMBEDDING, "e")).isPresent();
    }

    @Test
    void addsAProviderWithoutAChangeOfCode() throws IOException {
        Files.writeString(folder.resolve("acme.yaml"), ACME);

        List<ProviderEntity> providers =
                CatalogProviderSource.withFolder(folder).providers();

        assertThat(providers).hasSize(3);
        ProviderEntity acme = providers.get(2);
        assertThat(acme.label()).isEqualTo("Acme");
        assertThat(acme.helpUrl()).isEqualTo("https://acme.example/keys");
        assertThat(acme.otelName()).isEqualTo("acme");
        assertThat(acme.quirks()).containsEntry("stream_options", "false");
        assertThat(acme.configurateMethods()).containsExactlyInAnyOrder(ConfigurateMethod.values());
        assertThat(acme.modelCredentialSchema()).isNull();
        assertThat(acme.providerCredentialSchema()
                        .field("api_key")
                        .orElseThrow()
                        .required())
                .isTrue();
        assertThat(acme.providerCredentialSchema().field("region").orElseThrow().type())
                .isEqualTo(FormType.SELECT);
        AIModelEntity model = acme.model(ModelType.LLM, "acme-1").orElseThrow();
        assertThat(model.deprecated()).isTrue();
        assertThat(model.openRules()).isFalse();
        assertThat(model.pricing().unit()).isEqualByComparingTo("0.001");
        assertThat(model.rule("temperature"))
                .contains(new ParameterRule(
                        "temperature",
                        ParameterType.FLOAT,
                        false,
                        "0.0",
                        BigDecimal.ZERO,
                        BigDecimal.valueOf(2),
                        2,
                        List.of()));
        assertThat(model.rule("tone").orElseThrow().required()).isTrue();
        assertThat(acme.templates().get(ModelType.LLM).openRules()).isTrue();
        assertThat(acme.templates().get(ModelType.TEXT_EMBEDDING).openRules()).isFalse();
    }

    @Test
    void letsTheFolderTakeThePlaceOfAProvider() throws IOException {
        Files.writeString(folder.resolve("mine.yml"), ACME.replace("provider: acme", "provider: openai"));

        assertThat(CatalogProviderSource.withFolder(folder).providers())
                .filteredOn(provider -> provider.provider().value().equals("openai"))
                .singleElement()
                .satisfies(provider -> assertThat(provider.label()).isEqualTo("Acme"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    provider: acme                | provider: Acme Inc              | 1  | provider
                    dialect: openai               | dialekt: openai                 | 3  | dialekt
                    dialect: openai               | dialect: openai\\nfoo: bar     | 4  | foo
                    [llm, text-embedding]         | [llm, smell]                    | 4  | supported_model_types
                    predefined-model              | pre-defined                     | 5  | configurate_methods
                    stream_options: false         | stream_options: maybe           | 10 | stream_options
                    stream_options: false         | steam_options: false            | 10 | steam_options
                    type: secret-input            | type: secret                    | 15 | type
                    default: eu                   | default: asia                   | 19 | default
                    variable: api_key, value: x   | variable: nobody, value: x      | 22 | variable
                    model_type: llm               | model_type: moderation          | 28 | model_type
                    context_size: 1000            | context_size: many              | 31 | context_size
                    context_size: 1000            | contextsize: 1000               | 31 | contextsize
                    use_template: temperature     | use_template: temp              | 33 | use_template
                    type: string                  | type: word                      | 34 | type
                    currency: EUR                 | currency: euro                  | 35 | currency
                    input: '0.10'                 | input: '-1'                     | 35 | input
                    deprecated: true              | deprecated: perhaps             | 30 | deprecated
                    label: Region                 | label: {tr_TR: Bölge}           | 17 | label
                    label: Key                    | label: [Key                     | 15 | not YAML
                    """)
    void saysWhereAFileIsWrong(String right, String wrong, int line, String named) throws IOException {
        Files.writeString(
                folder.resolve("acme.yaml"), ACME.replaceFirst(Pattern.quote(right), wrong.replace("\\n", "\n")));

        assertThatExceptionOfType(MisconfiguredException.class)
                .isThrownBy(() -> CatalogProviderSource.withFolder(folder).providers())
                .satisfies(error -> assertThat(error.getMessage().lines()).anySatisfy(problem -> assertThat(problem)
                        .startsWith(folder.getFileName() + "/acme.yaml:" + line + ": ")
                        .contains(named)));
    }

    @Test
    void tellsAllErrorsOfAllFilesAtOnce() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), ACME.replace("dialect: openai", "dialekt: openai\nfoo: bar"));
        Files.writeString(folder.resolve("b.yaml"), "provider: [");
        Files.writeString(folder.resolve("c.yaml"), "");
        Files.writeString(folder.resolve("d.yaml"), "just text");

        assertThatExceptionOfType(MisconfiguredException.class)
                .isThrownBy(() -> CatalogProviderSource.withFolder(folder).providers())
                .satisfies(error -> assertThat(error.getMessage())
                        .contains("a.yaml:3: dialekt")
                        .contains("a.yaml:4: foo")
                        .contains("dialect: is required")
                        .contains("b.yaml:")
                        .contains("c.yaml:1")
                        .contains("d.yaml:1"));
    }

    @Test
    void refusesTwoFilesForOneProvider() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), ACME);
        Files.writeString(folder.resolve("b.yaml"), ACME);

        assertThatExceptionOfType(MisconfiguredException.class)
                .isThrownBy(() -> CatalogProviderSource.withFolder(folder).providers())
                .withMessageContaining("b.yaml:1")
                .withMessageContaining("acme");
    }

    @Test
    void refusesAFolderThatIsNotThere() {
        assertThatExceptionOfType(MisconfiguredException.class)
                .isThrownBy(() ->
                        CatalogProviderSource.withFolder(folder.resolve("none")).providers())
                .withMessageContaining(CatalogProviderSource.FOLDER);
    }

    @Test
    void takesTheFolderFromTheSetting() throws IOException {
        Files.writeString(folder.resolve("acme.yaml"), ACME);

        assertThat(CatalogProviderSource.of(new Environment(Map.of(CatalogProviderSource.FOLDER, folder.toString())))
                        .providers())
                .hasSize(3);
        assertThat(CatalogProviderSource.of(new Environment(Map.of())).providers())
                .hasSize(2);
    }

    @Test
    void saysWhatTheDialectNeeds() {
        assertThatExceptionOfType(MisconfiguredException.class)
                .isThrownBy(() -> new OpenAiDialectFactory().dialects(new Environment(Map.of())))
                .withMessageContaining("EgressClient");
    }

    private record Environment(Map<String, String> settings) implements DialectEnvironment {
        @Override
        public <T> Optional<T> find(Class<T> type) {
            return Optional.empty();
        }

        @Override
        public Optional<String> setting(String name) {
            return Optional.ofNullable(settings.get(name));
        }

        @Override
        public Path dataFolder() {
            return Path.of("data");
        }
    }
}
