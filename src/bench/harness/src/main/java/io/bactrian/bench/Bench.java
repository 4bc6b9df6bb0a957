package io.bactrian.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Measures and writes down: {@code Bench [quick|full|tiny] [only=SECTION,…] [jdk=25,17] [record] [folder=FOLDER]}. Dashes
 * before a word do no harm. Results go to {@code results/}; with {@code record} also to {@code RESULTS.md} and
 * {@code results.svg}.
 */
public final class Bench {

    /** Of use for work on the product, so it runs by itself only. */
    private static final String PROFILE = "profile";

    private static final Set<String> SECTIONS = Set.of("ask", "tenants", "load", "stream", "hold", "micro", PROFILE);

    private Effort effort = Effort.FULL;
    private Set<String> only = SECTIONS;
    private List<Integer> versions = List.of();
    private boolean record;
    private Path folder = Path.of("").toAbsolutePath();

    private Bench() {}

    /** @param args see the class */
    public static void main(String[] args) throws IOException {
        Bench bench = new Bench();
        bench.read(args);
        bench.run();
        System.exit(0);
    }

    private void read(String[] args) {
        for (int i = 0; i < args.length; i++) {
            String word = args[i].replaceFirst("^-+", "");
            String value = word.contains("=") ? word.substring(word.indexOf('=') + 1) : "";
            switch (word.contains("=") ? word.substring(0, word.indexOf('=')) : word) {
                case "quick" -> effort = Effort.QUICK;
                case "full" -> effort = Effort.FULL;
                case "tiny" -> effort = Effort.TINY;
                case "only" -> only = new TreeSet<>(Arrays.asList(value.split(",")));
                case "jdk" ->
                    versions = Arrays.stream(value.split(","))
                            .map(Integer::valueOf)
                            .toList();
                case "record" -> record = true;
                case "folder" ->
                    folder = Path.of(value.isEmpty() ? args[++i] : value)
                            .toAbsolutePath()
                            .normalize();
                case "" -> {}
                default -> throw new IllegalArgumentException("unknown: " + args[i]);
            }
        }
        if (!SECTIONS.containsAll(only)) {
            throw new IllegalArgumentException("only= takes some of " + new TreeSet<>(SECTIONS));
        }
    }

    private void run() throws IOException {
        long start = System.nanoTime();
        Jvms jvms = new Jvms(folder);
        Path out = Files.createDirectories(folder.resolve("results"));
        Path log = out.resolve("processes.log");
        Files.deleteIfExists(log);
        double loadBefore = Machine.load();
        Sections sections = new Sections(jvms, effort, log.toFile(), step -> progress(step, start));
        if (only.equals(Set.of(PROFILE))) {
            Path profile = out.resolve("profile.txt");
            Files.deleteIfExists(profile);
            sections.profile(profile);
            progress("written to " + profile, start);
            return;
        }
        Results results = new Results();
        for (int version : versions.isEmpty() ? jvms.versions() : versions) {
            section("ask", step -> sections.asks(version, results));
        }
        section("tenants", step -> sections.tenants(results));
        section("load", step -> sections.loads(results));
        section("stream", step -> sections.streams(results));
        section("hold", step -> sections.held(results));
        section("micro", step -> sections.micro(results));
        Report report = new Report(
                results,
                jvms,
                effort,
                Machine.describe(),
                Machine.commit(folder),
                String.format(java.util.Locale.ROOT, "%.2f before, %.2f after", loadBefore, Machine.load()),
                (System.nanoTime() - start) / 1_000_000_000L);
        write(out, "RESULTS.md", report.markdown());
        write(out, "results.svg", new Picture(results, jvms).svg());
        progress("written to " + out, start);
    }

    private void section(String name, Consumer<String> work) {
        if (only.contains(name)) {
            work.accept(name);
        }
    }

    private void write(Path out, String name, String text) throws IOException {
        List<Path> targets = new ArrayList<>(List.of(out.resolve(name)));
        if (record) {
            targets.add(folder.resolve(name));
        }
        for (Path target : targets) {
            Files.writeString(target, text);
        }
    }

    private static void progress(String step, long start) {
        System.out.printf("%4d s  %s%n", (System.nanoTime() - start) / 1_000_000_000L, step);
    }
}
