package io.bactrian.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The jar as it was built holds what Camel generates. Without it everything still works, by reflection and slowly, so that
 * nobody would notice that a clean checkout leaves it out.
 */
class PackagedJarIT {

    private static final String SERVICES = "META-INF/services/org/apache/camel/";

    private JarFile jar;

    @BeforeEach
    void openJar() throws IOException {
        jar = new JarFile(Path.of(System.getProperty("packaged.jar")).toFile());
    }

    @AfterEach
    void closeJar() throws IOException {
        jar.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io/bactrian/model/ModelComponentConfigurer.class",
                "io/bactrian/model/ModelConfigurationConfigurer.class",
                "io/bactrian/model/ModelEndpointConfigurer.class",
                "io/bactrian/model/ModelEndpointUriFactory.class",
                "io/bactrian/model/ModelConverterLoader.class",
                "META-INF/io/bactrian/model/model.json",
                "META-INF/jandex.idx",
                "META-INF/org/apache/camel/dev-console/model.json",
                "kamelets/model-chat-action.kamelet.yaml",
                "kamelets/model-embedding-action.kamelet.yaml"
            })
    void holds(String entry) {
        assertThat(jar.getEntry(entry)).as(entry).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "component/model=io.bactrian.model.ModelComponent",
                "configurer/model-component=io.bactrian.model.ModelComponentConfigurer",
                "configurer/model-endpoint=io.bactrian.model.ModelEndpointConfigurer",
                "configurer/io.bactrian.model.ModelConfiguration=io.bactrian.model.ModelConfigurationConfigurer",
                "urifactory/model-endpoint=io.bactrian.model.ModelEndpointUriFactory",
                "send-dynamic/model=io.bactrian.model.ModelSendDynamicAware",
                "dev-console/model=io.bactrian.model.ModelDevConsole"
            })
    void namesTheClassOfAService(String service) throws IOException {
        String[] parts = service.split("=");

        assertThat(text(SERVICES + parts[0])).contains("class=" + parts[1]);
        assertThat(jar.getEntry(parts[1].replace('.', '/') + ".class")).isNotNull();
    }

    @Test
    void namesTheConverterLoaderAndTheComponent() throws IOException {
        assertThat(text(SERVICES + "TypeConverterLoader")).contains("io.bactrian.model.ModelConverterLoader");
        assertThat(text(SERVICES + "component.properties")).contains("components=model");
    }

    @Test
    void hasNoStrayCopiesAtItsRoot() {
        assertThat(jar.stream().map(entry -> entry.getName()).filter(name -> !name.contains("/")))
                .isEmpty();
    }

    @Test
    void hasNoSecretOption() throws IOException {
        // a secret option would be a place to put keys
        assertThat(text("META-INF/io/bactrian/model/model.json"))
                .contains("\"scheme\": \"model\"")
                .doesNotContain("\"secret\": true");
    }

    @Test
    void namesNoPathOptionLikeItsScheme() throws IOException {
        String json = text("META-INF/io/bactrian/model/model.json");

        assertThat(List.of("provider", "modelName")).allMatch(option -> json.contains("\"" + option + "\": {"));
        assertThat(json).doesNotContain("\"model\": {");
    }

    private String text(String entry) throws IOException {
        assertThat(jar.getEntry(entry)).as(entry).isNotNull();
        try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
