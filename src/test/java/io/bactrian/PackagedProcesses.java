package io.bactrian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Processes of the runnable as it is shipped, which end with the test that started them. */
final class PackagedProcesses implements AutoCloseable {

    static final Path JAR = Path.of(System.getProperty("bactrian.jar", "target/bactrian-0.1.0-SNAPSHOT.jar"));

    private static final Pattern PORT = Pattern.compile("at http://127\\.0\\.0\\.1:(\\d+)");

    private final List<Process> processes = new ArrayList<>();

    /**
     * Starts one whose standard output and error go to {@code out.log} and {@code err.log} of its home.
     *
     * @param more options of the JVM, which come after the usual ones
     */
    Process start(Path home, List<String> more, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                // lives for seconds: compiling its code twice takes more time than it saves
                "-XX:TieredStopAtLevel=1",
                "-Dh2.bindAddress=127.0.0.1",
                "-Dbactrian.root=" + home));
        command.addAll(more);
        command.addAll(List.of("-jar", JAR.toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("BACTRIAN_HOME", home.resolve("data").toString());
        builder.redirectError(home.resolve("err.log").toFile());
        builder.redirectOutput(home.resolve("out.log").toFile());
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    static String out(Path home) throws IOException {
        Path file = home.resolve("out.log");
        return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
    }

    private static int port(Path home) throws IOException {
        Matcher port = PORT.matcher(out(home));
        return port.find() ? Integer.parseInt(port.group(1)) : 0;
    }

    static int awaitPort(Path home, Process process) throws IOException {
        await().atMost(Duration.ofSeconds(90)).until(() -> port(home) > 0 || !process.isAlive());
        assertThat(process.isAlive())
                .as(() -> {
                    try {
                        return Files.readString(home.resolve("err.log"));
                    } catch (IOException e) {
                        return e.toString();
                    }
                })
                .isTrue();
        return port(home);
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
