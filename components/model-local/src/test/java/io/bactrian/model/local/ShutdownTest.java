package io.bactrian.model.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** A process that ends while the model answers: it ends properly, and not by a crash in native code. */
class ShutdownTest {

    @TempDir
    Path folder;

    @RepeatedTest(2)
    void endsProperlyWhileCallsAreAnswered() throws Exception {
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:ErrorFile=" + folder.resolve("crash"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EmbedsUntilTheEnd.class.getName(),
                        folder.resolve("natives").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("the log: %s", log).isZero();
            assertThat(folder.resolve("crash")).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }
}
