package io.bactrian;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, with a Maven and a Java that only say that they were called. */
class LauncherTest {

    @TempDir
    Path folder;

    private Path root;
    private Path tools;

    /** What a start left behind. */
    private record Started(int code, String out, String err) {}

    @BeforeEach
    void layOut() throws IOException {
        root = Files.createDirectories(folder.resolve("check out/bactrian home"));
        tools = Files.createDirectories(folder.resolve("tools"));
        script(root.resolve("bactrian"), Files.readString(Path.of("../bactrian")));
        for (String source : List.of(
                "pom.xml",
                "src/pom.xml",
                "src/main/java/A.java",
                "components/core/pom.xml",
                "components/core/src/main/java/B.java")) {
            Path file = root.resolve(source);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x");
            Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_700_000_000)));
        }
        maven("sleep 1", 0);
        script(tools.resolve("java"), """
                #!/bin/sh
                if [ "$1" = -version ]; then echo 'openjdk version "17.0.15" 2025-04-15' >&2; exit 0; fi
                printf 'JAVA'; for argument in "$@"; do printf ' <%s>' "$argument"; done; echo
                """);
    }

    private void maven(String work, int code) throws IOException {
        script(
                tools.resolve("mvn"),
                "#!/bin/sh\necho called >> '" + folder.resolve("mvn.calls") + "'\n" + work + "\n"
                        + "echo '[INFO] Downloading from central: https://repository/a.jar'\n"
                        + "echo '[INFO] Building Bactrian :: Core 0.1.0-SNAPSHOT   [2/12]'\n"
                        + (code == 0
                                ? "mkdir -p src/target/lib && echo jar > src/target/bactrian-0.1.0.jar\n"
                                : "echo '[ERROR] broken'\n")
                        + "exit " + code + "\n");
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private long mavenCalls() throws IOException {
        Path calls = folder.resolve("mvn.calls");
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    private Process begin(Path launcher, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().remove("JAVA_HOME");
        builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Started end(Process process) throws Exception {
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Started(process.exitValue(), out, err);
    }

    private Started start(String... arguments) throws Exception {
        return end(begin(root.resolve("bactrian"), Map.of(), arguments));
    }

    @Test
    void buildsOnceThenOnlyStarts() throws Exception {
        Started first = start("tenant", "add", "acme", "--name", "Acme Inc.");
        assertThat(first.code()).isZero();
        assertThat(first.err()).contains("building").contains("downloading").contains("Bactrian :: Core");
        assertThat(first.out())
                .startsWith("JAVA ")
                .contains("<-Dbactrian.root=" + root.toRealPath() + ">")
                .endsWith("<-jar> <" + root.toRealPath().resolve("src/target/bactrian-0.1.0.jar")
                        + "> <tenant> <add> <acme> <--name> <Acme Inc.>\n");
        Started second = start("run");
        assertThat(second.err()).isEmpty();
        assertThat(mavenCalls()).isEqualTo(1);
    }

    @Test
    void buildsAgainWhenASourceHasChanged() throws Exception {
        start("run");
        Path source = root.resolve("components/core/src/main/java/B.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.ofEpochSecond(4_000_000_000L)));
        start("run");
        assertThat(mavenCalls()).isEqualTo(2);
        // what is no source does not count
        Files.setLastModifiedTime(source, FileTime.from(Instant.ofEpochSecond(1_700_000_000)));
        Files.writeString(Files.createDirectories(root.resolve("data")).resolve("x"), "x");
        start("run");
        assertThat(mavenCalls()).isEqualTo(2);
    }

    @Test
    void takesEditsDuringABuildForChanges() throws Exception {
        maven("sleep 1; touch pom.xml; sleep 1", 0);
        start("run");
        maven("true", 0);
        start("run");
        assertThat(mavenCalls()).isEqualTo(2);
        start("run");
        assertThat(mavenCalls()).isEqualTo(2);
    }

    @Test
    void letsOnlyOneOfManyFirstStartsBuild() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(begin(root.resolve("bactrian"), Map.of(), "run"));
        }
        for (Process process : processes) {
            Started started = end(process);
            assertThat(started.code()).as(started.err()).isZero();
            assertThat(started.out()).startsWith("JAVA ");
        }
        assertThat(mavenCalls()).isEqualTo(1);
    }

    @Test
    void takesOverTheLockOfAStartThatDied() throws Exception {
        Path lock = Files.createDirectories(root.resolve("src/target/.building"));
        Files.writeString(lock.resolve("pid"), "999999999");
        assertThat(start("run").code()).isZero();
        assertThat(mavenCalls()).isEqualTo(1);
    }

    @Test
    void worksThroughSymbolicLinksFromAnywhere() throws Exception {
        Path link = Files.createSymbolicLink(
                Files.createDirectories(folder.resolve("bin")).resolve("bac"),
                Path.of("../check out/bactrian home/bactrian"));
        Path second = Files.createSymbolicLink(folder.resolve("bac"), link);
        assertThat(end(begin(second, Map.of(), "run")).out()).contains("<-Dbactrian.root=" + root.toRealPath() + ">");
    }

    @Test
    void saysThatTheBuildFailedAndWhereToLook() throws Exception {
        maven("true", 1);
        Started started = start("run");
        assertThat(started.code()).isEqualTo(1);
        assertThat(started.err()).contains("[ERROR] broken").contains("build.log");
        assertThat(started.out()).isEmpty();
        maven("true", 0);
        assertThat(start("run").code()).isZero();
    }

    @Test
    void honorsJavaHomeAndSaysWhenItIsWrong() throws Exception {
        Started wrong = end(begin(root.resolve("bactrian"), Map.of("JAVA_HOME", "/no/such/jdk"), "run"));
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.err()).contains("JAVA_HOME").contains("JDK 17");
        Path jdk = Files.createDirectories(folder.resolve("jdk/bin")).getParent();
        script(jdk.resolve("bin/java"), """
                #!/bin/sh
                if [ "$1" = -version ]; then echo 'openjdk version "11.0.2" 2019-01-15' >&2; exit 0; fi
                echo OTHER
                """);
        Started old = end(begin(root.resolve("bactrian"), Map.of("JAVA_HOME", jdk.toString()), "run"));
        assertThat(old.code()).isEqualTo(1);
        assertThat(old.err()).contains("Java 11").contains("JDK 17");
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        for (String tool : List.of(
                "sh",
                "dirname",
                "readlink",
                "ls",
                "grep",
                "head",
                "find",
                "mkdir",
                "cat",
                "sed",
                "rm",
                "tail",
                "tee",
                "mv",
                "sleep")) {
            Files.createSymbolicLink(empty.resolve(tool), toolOfThisMachine(tool));
        }
        Started noJava = end(begin(root.resolve("bactrian"), Map.of("PATH", empty.toString()), "run"));
        assertThat(noJava.code()).isEqualTo(1);
        assertThat(noJava.err()).contains("Java is missing").contains("JDK 17");
        Files.createSymbolicLink(empty.resolve("java"), tools.resolve("java"));
        Started noMaven = end(begin(root.resolve("bactrian"), Map.of("PATH", empty.toString()), "run"));
        assertThat(noMaven.code()).isEqualTo(1);
        assertThat(noMaven.err()).contains("Maven is missing");
    }

    private static Path toolOfThisMachine(String tool) {
        Path bin = Path.of("/bin", tool);
        return Files.exists(bin) ? bin : Path.of("/usr/bin", tool);
    }
}
