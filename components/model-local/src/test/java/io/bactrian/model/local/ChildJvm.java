package io.bactrian.model.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A JVM of its own with little memory, and with home, data and temporary folders of its own, so that all that it leaves
 * behind can be seen.
 */
final class ChildJvm {

    final Path home;
    final Path temporary;
    Path data;
    private String temporarySetting;
    private List<String> wrapper = List.of();

    ChildJvm(Path base) throws IOException {
        home = Files.createDirectories(base.resolve("home"));
        temporary = Files.createDirectories(base.resolve("tmp"));
        data = base.resolve("data");
        temporarySetting = temporary.toString();
    }

    ChildJvm data(Path folder) {
        data = folder;
        return this;
    }

    ChildJvm temporaryFolder(Path folder) {
        temporarySetting = folder.toString();
        return this;
    }

    ChildJvm wrappedIn(List<String> command) {
        wrapper = command;
        return this;
    }

    /** Runs the probe to its end and gives what it printed, by name. */
    Map<String, String> run(String what, String... options) throws Exception {
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "--enable-native-access=ALL-UNNAMED", "-XX:-UsePerfData"));
        // lives for a second or two
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-Duser.home=" + home, "-Djava.io.tmpdir=" + temporarySetting));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classPath(), Probe.class.getName(), what, data.toString()));
        Path output = Files.createTempFile("probe", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("HOME", home.toString());
        List.of("XDG_CACHE_HOME", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "DJL_CACHE_DIR", "ENGINE_CACHE_DIR")
                .forEach(environment::remove);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES))
                    .as("the probe ends")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        assertThat(process.exitValue()).as(text).isZero();
        return Arrays.stream(text.split("\\R"))
                .filter(line -> line.matches("[a-z]+=.*"))
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    static List<String> filesIn(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(path -> !path.equals(folder))
                    .map(path -> folder.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
