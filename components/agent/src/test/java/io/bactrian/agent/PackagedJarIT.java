package io.bactrian.agent;

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
                "io/bactrian/agent/AgentComponentConfigurer.class",
                "io/bactrian/agent/AgentConfigurationConfigurer.class",
                "io/bactrian/agent/AgentEndpointConfigurer.class",
                "io/bactrian/agent/AgentEndpointUriFactory.class",
                "io/bactrian/agent/AgentConverterLoader.class",
                "META-INF/io/bactrian/agent/agent.json",
                "META-INF/jandex.idx",
                "META-INF/org/apache/camel/dev-console/agent.json",
                "kamelets/agent-action.kamelet.yaml"
            })
    void holds(String entry) {
        assertThat(jar.getEntry(entry)).as(entry).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "component/agent=io.bactrian.agent.AgentComponent",
                "configurer/agent-component=io.bactrian.agent.AgentComponentConfigurer",
                "configurer/agent-endpoint=io.bactrian.agent.AgentEndpointConfigurer",
                "configurer/io.bactrian.agent.AgentConfiguration=io.bactrian.agent.AgentConfigurationConfigurer",
                "urifactory/agent-endpoint=io.bactrian.agent.AgentEndpointUriFactory",
                "send-dynamic/agent=io.bactrian.agent.AgentSendDynamicAware",
                "dev-console/agent=io.bactrian.agent.AgentDevConsole"
            })
    void namesTheClassOfAService(String service) throws IOException {
        String[] parts = service.split("=");

        assertThat(text(SERVICES + parts[0])).contains("class=" + parts[1]);
        assertThat(jar.getEntry(parts[1].replace('.', '/') + ".class")).isNotNull();
    }

    @Test
    void namesTheConverterLoaderAndTheComponent() throws IOException {
        assertThat(text(SERVICES + "TypeConverterLoader")).contains("io.bactrian.agent.AgentConverterLoader");
        assertThat(text(SERVICES + "component.properties")).contains("components=agent");
    }

    @Test
    void hasNoStrayCopiesAtItsRoot() {
        List<String> atRoot = jar.stream()
                .map(entry -> entry.getName())
                .filter(name -> !name.contains("/"))
                .toList();

        assertThat(atRoot).isEmpty();
    }

    private String text(String entry) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getJarEntry(entry))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
