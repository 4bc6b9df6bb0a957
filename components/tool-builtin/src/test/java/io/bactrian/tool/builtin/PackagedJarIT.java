package io.bactrian.tool.builtin;

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
                "io/bactrian/tool/builtin/BuiltinComponentConfigurer.class",
                "io/bactrian/tool/builtin/BuiltinEndpointConfigurer.class",
                "io/bactrian/tool/builtin/BuiltinEndpointUriFactory.class",
                "META-INF/io/bactrian/tool/builtin/tool-builtin.json",
                "META-INF/jandex.idx",
                "META-INF/org/apache/camel/dev-console/tool-builtin.json",
                "kamelets/tool-builtin-action.kamelet.yaml"
            })
    void holds(String entry) {
        assertThat(jar.getEntry(entry)).as(entry).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "component/tool-builtin=io.bactrian.tool.builtin.BuiltinComponent",
                "configurer/tool-builtin-component=io.bactrian.tool.builtin.BuiltinComponentConfigurer",
                "configurer/tool-builtin-endpoint=io.bactrian.tool.builtin.BuiltinEndpointConfigurer",
                "urifactory/tool-builtin-endpoint=io.bactrian.tool.builtin.BuiltinEndpointUriFactory",
                "send-dynamic/tool-builtin=io.bactrian.tool.builtin.BuiltinSendDynamicAware",
                "dev-console/tool-builtin=io.bactrian.tool.builtin.BuiltinDevConsole"
            })
    void namesTheClassOfAService(String service) throws IOException {
        String[] parts = service.split("=");

        assertThat(text(SERVICES + parts[0])).contains("class=" + parts[1]);
        assertThat(jar.getEntry(parts[1].replace('.', '/') + ".class")).isNotNull();
    }

    @Test
    void namesTheComponent() throws IOException {
        assertThat(text(SERVICES + "component.properties")).contains("components=tool-builtin");
    }

    @Test
    void holdsNoKameletOfAnotherRoom() {
        assertThat(jar.stream().map(entry -> entry.getName()).filter(name -> name.endsWith(".kamelet.yaml")))
                .containsExactly("kamelets/tool-builtin-action.kamelet.yaml");
    }

    @Test
    void bringsItsSourcesOfToolsAndLetsAProjectsOwnComeFirst() throws IOException {
        assertThat(text("META-INF/services/io.bactrian.core.tool.ToolProviderFactory")
                        .lines())
                .containsExactly(
                        "io.bactrian.tool.builtin.UserToolFactory", "io.bactrian.tool.builtin.BuiltinToolFactory");
    }

    @Test
    void hasNoStrayCopiesAtItsRoot() {
        assertThat(jar.stream().map(entry -> entry.getName()).filter(name -> !name.contains("/")))
                .isEmpty();
    }

    @Test
    void hasNoSecretOption() throws IOException {
        // a secret option would be a place to put keys
        assertThat(text("META-INF/io/bactrian/tool/builtin/tool-builtin.json"))
                .contains("\"scheme\": \"tool-builtin\"")
                .doesNotContain("\"secret\": true");
    }

    @Test
    void namesNoPathOptionLikeItsScheme() throws IOException {
        String json = text("META-INF/io/bactrian/tool/builtin/tool-builtin.json");

        assertThat(List.of("provider", "toolName", "formValues", "address"))
                .allMatch(option -> json.contains("\"" + option + "\": {"));
        assertThat(json).doesNotContain("\"tool-builtin\": {");
    }

    private String text(String entry) throws IOException {
        assertThat(jar.getEntry(entry)).as(entry).isNotNull();
        try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
