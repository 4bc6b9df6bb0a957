package io.bactrian.tool.workflow;

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
                "io/bactrian/tool/workflow/ToolWorkflowComponentConfigurer.class",
                "io/bactrian/tool/workflow/ToolWorkflowEndpointConfigurer.class",
                "io/bactrian/tool/workflow/ToolWorkflowEndpointUriFactory.class",
                "META-INF/io/bactrian/tool/workflow/tool-workflow.json",
                "META-INF/jandex.idx",
                "META-INF/org/apache/camel/dev-console/tool-workflow.json",
                "META-INF/services/io.bactrian.core.tool.ToolProviderFactory",
                "kamelets/tool-workflow-action.kamelet.yaml",
                "kamelets/tool-workflow-source.kamelet.yaml"
            })
    void holds(String entry) {
        assertThat(jar.getEntry(entry)).as(entry).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "component/tool-workflow=io.bactrian.tool.workflow.ToolWorkflowComponent",
                "configurer/tool-workflow-component=io.bactrian.tool.workflow.ToolWorkflowComponentConfigurer",
                "configurer/tool-workflow-endpoint=io.bactrian.tool.workflow.ToolWorkflowEndpointConfigurer",
                "urifactory/tool-workflow-endpoint=io.bactrian.tool.workflow.ToolWorkflowEndpointUriFactory",
                "send-dynamic/tool-workflow=io.bactrian.tool.workflow.ToolWorkflowSendDynamicAware",
                "dev-console/tool-workflow=io.bactrian.tool.workflow.ToolWorkflowDevConsole"
            })
    void namesTheClassOfAService(String service) throws IOException {
        String[] parts = service.split("=");

        assertThat(text(SERVICES + parts[0])).contains("class=" + parts[1]);
        assertThat(jar.getEntry(parts[1].replace('.', '/') + ".class")).isNotNull();
    }

    @Test
    void namesTheComponent() throws IOException {
        assertThat(text(SERVICES + "component.properties")).contains("components=tool-workflow");
    }

    @Test
    void holdsNoKameletOfAnotherRoom() {
        assertThat(jar.stream().map(entry -> entry.getName()).filter(name -> name.endsWith(".kamelet.yaml")))
                .containsExactlyInAnyOrder(
                        "kamelets/tool-workflow-action.kamelet.yaml", "kamelets/tool-workflow-source.kamelet.yaml");
    }

    @Test
    void hasNoStrayCopiesAtItsRoot() {
        assertThat(jar.stream().map(entry -> entry.getName()).filter(name -> !name.contains("/")))
                .isEmpty();
    }

    @Test
    void hasNoSecretOption() throws IOException {
        // a secret option would be a place to put keys
        assertThat(text("META-INF/io/bactrian/tool/workflow/tool-workflow.json"))
                .contains("\"scheme\": \"tool-workflow\"")
                .doesNotContain("\"secret\": true");
    }

    @Test
    void namesNoPathOptionLikeItsScheme() throws IOException {
        String json = text("META-INF/io/bactrian/tool/workflow/tool-workflow.json");

        assertThat(List.of("toolName", "shortParameters", "parameters", "tenants", "requiredVersion"))
                .allMatch(option -> json.contains("\"" + option + "\": {"));
        assertThat(json).doesNotContain("\"tool-workflow\": {");
    }

    private String text(String entry) throws IOException {
        assertThat(jar.getEntry(entry)).as(entry).isNotNull();
        try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
