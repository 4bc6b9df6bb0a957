package io.bactrian.model.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What loading the model does to the machine, seen from outside of a JVM that does it for the first time. */
class NativeLoadTest {

    private static final String VECTOR = "384:";

    @TempDir
    Path base;

    private ChildJvm jvm;

    @BeforeEach
    void prepare() throws IOException {
        jvm = new ChildJvm(base);
    }

    @Test
    void unpacksIntoTheDataFolderAndNowhereElse() throws Exception {
        Map<String, String> seen = jvm.run("ask");

        assertThat(seen.get("vector")).startsWith(VECTOR);
        assertThat(ChildJvm.filesIn(jvm.home)).isEmpty();
        assertThat(ChildJvm.filesIn(jvm.temporary)).isEmpty();
        assertThat(ChildJvm.filesIn(jvm.data))
                .anyMatch(file -> file.startsWith("djl") && file.contains("tokenizers"))
                .anyMatch(file -> file.startsWith("onnxruntime") && file.contains("onnxruntime4j_jni"))
                .noneMatch(file -> file.contains("tmp") || file.contains("probe"));
    }

    @Test
    void leavesSystemPropertiesAndContextClassLoaderAsTheyWere() throws Exception {
        Map<String, String> seen = jvm.run("ask");

        assertThat(seen).containsEntry("properties", "[]").containsEntry("loader", "null");
    }

    @Test
    void unpacksOnce() throws Exception {
        jvm.run("ask");
        List<String> first = ChildJvm.filesIn(jvm.data);
        FileTime longAgo = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        for (String file : first) {
            Files.setLastModifiedTime(jvm.data.resolve(file), longAgo);
        }

        assertThat(jvm.run("ask").get("vector")).startsWith(VECTOR);

        assertThat(ChildJvm.filesIn(jvm.data)).isEqualTo(first);
        assertThat(first.stream().map(jvm.data::resolve).filter(Files::isRegularFile))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(Files.getLastModifiedTime(file)).isEqualTo(longAgo));
    }

    @Test
    void worksWhereTheDataFolderCannotBeWrittenAndLeavesNothingBehind() throws Exception {
        Map<String, String> seen = jvm.data(insideOfAFile()).run("ask");

        assertThat(seen.get("vector")).startsWith(VECTOR);
        assertThat(ChildJvm.filesIn(jvm.home)).isEmpty();
        assertThat(ChildJvm.filesIn(jvm.temporary)).isEmpty();
    }

    @Test
    void namesTheSettingWhereNothingCanBeWritten() throws Exception {
        Map<String, String> seen =
                jvm.data(insideOfAFile()).temporaryFolder(insideOfAFile()).run("ask");

        assertThat(seen).containsEntry("refused", "misconfigured");
        assertThat(seen.get("message")).contains("bactrian.data.folder").contains("java.io.tmpdir");
    }

    @Test
    void namesTheTemporaryFolderWhereOnlyThatCannotBeWritten() throws Exception {
        Map<String, String> seen = jvm.temporaryFolder(insideOfAFile()).run("ask");

        assertThat(seen).containsEntry("refused", "misconfigured");
        assertThat(seen.get("message")).contains("java.io.tmpdir");
    }

    @Test
    void opensNoSocketAndNoChannel() throws Exception {
        Map<String, String> seen = jvm.run(
                "ask-and-watch-sockets",
                "-Djava.nio.channels.spi.SelectorProvider=" + ConnectionRecorder.class.getName());

        assertThat(seen.get("vector")).startsWith(VECTOR);
        assertThat(seen).containsEntry("attempts", "[]");
        assertThat(Integer.parseInt(seen.get("control")))
                .as("DJL's call home, made on purpose afterwards, is seen")
                .isPositive();
    }

    /** The kernel sees what native code does, too. Where namespaces are not to be had, the sockets of Java are watched. */
    @Test
    void needsNoNetworkAtAll() throws Exception {
        List<String> withoutNetwork = withoutNetwork();
        Map<String, String> seen = withoutNetwork.isEmpty()
                ? jvm.run("ask-and-watch-sockets")
                : jvm.wrappedIn(withoutNetwork).run("ask-and-watch-kernel");

        assertThat(seen.get("vector")).startsWith(VECTOR);
        assertThat(seen.get("attempts")).isIn("0", "[]");
        assertThat(Integer.parseInt(seen.get("control")))
                .as("an attempt made on purpose is seen")
                .isPositive();
    }

    @Test
    void isLoadedOnceHoweverManyAskFirst() throws Exception {
        Map<String, String> seen = jvm.run("ask-from-32-threads");

        assertThat(seen).containsEntry("models", "1").containsEntry("strays", "[]");
    }

    @Test
    void letsTheJvmEndWhileItIsBeingAsked() throws Exception {
        assertThat(jvm.run("exit-while-asking")).containsEntry("busy", "yes");
    }

    @Test
    void givesTheSameVectorInEveryJvm() throws Exception {
        assertThat(jvm.run("ask").get("vector")).isEqualTo(jvm.run("ask").get("vector"));
    }

    /** Cannot be written by anybody: permissions would not stop root. */
    private Path insideOfAFile() throws IOException {
        Path file = base.resolve("file");
        if (!Files.exists(file)) {
            Files.createFile(file);
        }
        return file.resolve("folder");
    }

    private static List<String> withoutNetwork() throws Exception {
        for (List<String> wrapper : List.of(List.of("unshare", "-n"), List.of("unshare", "-rn"))) {
            if (works(wrapper)) {
                return wrapper;
            }
        }
        return List.of();
    }

    private static boolean works(List<String> wrapper) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(wrapper.get(0), wrapper.get(1), "true").start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
