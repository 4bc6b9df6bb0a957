package io.bactrian.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The jar as it was built holds what Camel generates: without it, results of tools would convert to nothing. */
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

    @Test
    void holdsTheConvertersOfTools() throws IOException {
        assertThat(text(SERVICES + "TypeConverterLoader")).contains("io.bactrian.support.tool.ToolConverterLoader");
        assertThat(jar.getEntry("io/bactrian/support/tool/ToolConverterLoader.class"))
                .isNotNull();
    }

    @Test
    void holdsTheConfigurerOfToolOptions() throws IOException {
        assertThat(text(SERVICES + "configurer/io.bactrian.support.tool.ToolConfiguration"))
                .contains("class=io.bactrian.support.tool.ToolConfigurationConfigurer");
        assertThat(jar.getEntry("io/bactrian/support/tool/ToolConfigurationConfigurer.class"))
                .isNotNull();
    }

    @Test
    void isNoComponentAndHasNothingAtItsRoot() {
        assertThat(jar.stream().map(ZipEntry::getName))
                .noneMatch(name ->
                        !name.contains("/") || name.endsWith("/other.properties") || name.contains("/component/"));
    }

    private String text(String entry) throws IOException {
        assertThat(jar.getEntry(entry)).as(entry).isNotNull();
        try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
