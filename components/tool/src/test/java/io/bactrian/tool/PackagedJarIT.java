package io.bactrian.tool;

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
                "io/bactrian/tool/ToolComponentConfigurer.class",
                "io/bactrian/tool/ToolEndpointConfigurer.class",
                "io/bactrian/tool/ToolEndpointUriFactory.class",
                "META-INF/io/bactrian/tool/tool.json",
                "META-INF/jandex.idx",
                "META-INF/org/apache/camel/dev-console/tool.json",
                "kamelets/tool-action.kamelet.yaml"
            })
    void holds(String entry) {
        assertThat(jar.getEntry(entry)).as(entry).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "component/tool=io.bactrian.tool.ToolComponent",
                "configurer/tool-component=io.bactrian.tool.ToolComponentConfigurer",
                "configurer/tool-endpoint=io.bactrian.tool.ToolEndpointConfigurer",
                "urifactory/tool-endpoint=io.bactrian.tool.ToolEndpointUriFactory",
                "send-dynamic/tool=io.bactrian.tool.ToolSendDynamicAware",
                "dev-console/tool=io.bactrian.tool.ToolDevConsole"
            })
    void namesTheClassOfAService(String service) throws IOException {
        String[] parts = service.split("=");

        assertThat(text(SERVICES + parts[0])).contains("class=" + parts[1]);
        assertThat(jar.getEntry(parts[1].replace('.', '/') + ".class")).isNotNull();
    }

    @Test
    void namesTheComponent() throws IOException {
        assertThat(text(SERVICES + "component.properties")).contains("components=tool");
    }

    @Test
    void holdsNoKameletOfAnotherRoom() {
        assertThat(jar.stream().map(entry -> entry.getName()).filter(name -> name.endsWith(".kamelet.yaml")))
                .containsExactly("kamelets/tool-action.kamelet.yaml");
    }

    @Test
    void hasNoStrayCopiesAtItsRoot() {
        assertThat(jar.stream().map(entry -> entry.getName()).filter(name -> !name.contains("/")))
                .isEmpty();
    }

    @Test
    void hasNoSecretOption() throws IOException {
        // a secret option would be a place to put keys
        assertThat(text("META-INF/io/bactrian/tool/tool.json"))
                .contains("\"scheme\": \"tool\"")
                .doesNotContain("\"secret\": true");
    }

    @Test
    void namesNoPathOptionLikeItsScheme() throws IOException {
        String json = text("META-INF/io/bactrian/tool/tool.json");

        assertThat(List.of("toolName", "formValues", "address"))
                .allMatch(option -> json.contains("\"" + option + "\": {"));
        assertThat(json).doesNotContain("\"tool\": {");
    }

    private String text(String entry) throws IOException {
        assertThat(jar.getEntry(entry)).as(entry).isNotNull();
        try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
