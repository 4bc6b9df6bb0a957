package io.bactrian.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The JDKs of this machine and the command lines of the processes. */
final class Jvms {

    private static final List<Integer> WANTED = List.of(17, 25);

    private final Map<Integer, Path> homes = new TreeMap<>();
    private final Path folder;

    /** @param folder the bench's own folder, built */
    Jvms(Path folder) {
        this.folder = folder;
        for (Path home : candidates()) {
            version(home).filter(WANTED::contains).ifPresent(version -> homes.putIfAbsent(version, home));
        }
        if (homes.isEmpty()) {
            Path own = Path.of(System.getProperty("java.home"));
            homes.put(Runtime.version().feature(), own);
        }
    }

    private static Set<Path> candidates() {
        Set<Path> candidates = new LinkedHashSet<>();
        Optional.ofNullable(System.getenv("JAVA_HOME")).map(Path::of).ifPresent(candidates::add);
        candidates.add(Path.of(System.getProperty("java.home")));
        Path installed = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(installed)) {
            try (DirectoryStream<Path> homes = Files.newDirectoryStream(installed, Files::isDirectory)) {
                homes.forEach(candidates::add);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        return candidates;
    }

    private static Optional<Integer> version(Path home) {
        return Files.isExecutable(home.resolve("bin/java"))
                ? release(home).map(version -> Runtime.Version.parse(version).feature())
                : Optional.empty();
    }

    private static Optional<String> release(Path home) {
        Properties release = new Properties();
        try (var in = Files.newInputStream(home.resolve("release"))) {
            release.load(in);
        } catch (IOException none) {
            return Optional.empty();
        }
        return Optional.ofNullable(release.getProperty("JAVA_VERSION")).map(text -> text.replace("\"", ""));
    }

    /** The JDKs found, newest first. */
    List<Integer> versions() {
        List<Integer> versions = new ArrayList<>(homes.keySet());
        java.util.Collections.reverse(versions);
        return versions;
    }

    int newest() {
        return versions().get(0);
    }

    String describe(int version) {
        return release(homes.get(version)).orElse(Integer.toString(version));
    }

    /** The process of a subject. */
    List<String> worker(int version, Peer peer, int port, int connections) {
        List<String> command = java(version, "-Xms512m", "-Xmx1g");
        command.addAll(peer.options());
        command.addAll(List.of("-cp", classPath(peer.module())));
        command.addAll(List.of(
                "io.bactrian.bench.Worker", peer.type(), Integer.toString(port), Integer.toString(connections)));
        return command;
    }

    /** The process of the mock: always on the newest JDK, so that it is the same for all. */
    List<String> mock(boolean virtual) {
        List<String> command = java(newest(), "-Xms256m", "-Xmx1g");
        command.addAll(
                List.of("-cp", folder.resolve("harness/target/classes").toString(), "io.bactrian.bench.MockServer"));
        if (virtual) {
            command.add("--virtual");
        }
        return command;
    }

    /** The process of the JMH benchmarks. */
    List<String> micro(List<String> arguments) {
        List<String> command = java(newest(), "-Xmx512m");
        command.addAll(List.of("-cp", classPath("micro"), "io.bactrian.bench.micro.Micro"));
        command.addAll(arguments);
        return command;
    }

    private List<String> java(int version, String... options) {
        List<String> command = new ArrayList<>();
        command.add(homes.get(version).resolve("bin/java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-XX:+UseParallelGC", "-Dfile.encoding=UTF-8"));
        if (version >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        return command;
    }

    private String classPath(String module) {
        return folder.resolve(module).resolve("target/classes") + File.pathSeparator + dependencies(module);
    }

    private String dependencies(String module) {
        try {
            return Files.readString(folder.resolve(module).resolve("target/class-path"))
                    .strip();
        } catch (IOException none) {
            throw new UncheckedIOException(module + " is not built: mvn -f src/bench/pom.xml package", none);
        }
    }

    /** The version of a library on a module's class path. */
    String library(String module, String artifact) {
        Matcher version = Pattern.compile("[/\\\\]" + Pattern.quote(artifact) + "-([0-9][^/\\\\]*)\\.jar")
                .matcher(dependencies(module));
        return version.find() ? version.group(1) : "?";
    }
}
