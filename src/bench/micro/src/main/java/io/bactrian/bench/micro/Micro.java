package io.bactrian.bench.micro;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the benchmarks, each in a process of its own, and prints a line of figures for each. */
public final class Micro {

    private Micro() {}

    /** @param args forks, warm-up rounds, measured rounds, milliseconds a round, and optionally a pattern of names */
    public static void main(String[] args) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(args.length > 4 ? args[4] : "io.bactrian.bench.micro.*")
                .mode(Mode.AverageTime)
                .timeUnit(java.util.concurrent.TimeUnit.NANOSECONDS)
                .forks(Integer.parseInt(args[0]))
                .warmupIterations(Integer.parseInt(args[1]))
                .warmupTime(TimeValue.milliseconds(Long.parseLong(args[3])))
                .measurementIterations(Integer.parseInt(args[2]))
                .measurementTime(TimeValue.milliseconds(Long.parseLong(args[3])))
                .addProfiler(GCProfiler.class)
                .jvmArgs("-Xms1g", "-Xmx3g", "-XX:+UseParallelGC")
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        if ("1".equals(args[0])) {
            // in a hurry: what the disk adds to reads is little, since H2 caches its pages
            options.param("database", "memory");
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        results.forEach(Micro::print);
    }

    private static void print(RunResult result) {
        String benchmark = result.getParams().getBenchmark();
        String name = benchmark
                .substring(benchmark.lastIndexOf('.', benchmark.lastIndexOf('.') - 1) + 1)
                .replace("Benchmark.", ".");
        String params = result.getParams().getParamsKeys().stream()
                .map(key -> result.getParams().getParam(key))
                .collect(Collectors.joining(","));
        Result<?> score = result.getPrimaryResult();
        System.out.printf(
                Locale.ROOT,
                "J %s %s nanos=%.3f error=%.3f bytes=%.1f%n",
                name,
                params.isEmpty() ? "-" : params,
                score.getScore(),
                Double.isNaN(score.getScoreError()) ? 0 : score.getScoreError(),
                allocated(result));
    }

    private static double allocated(RunResult result) {
        for (Map.Entry<String, ?> entry : result.getSecondaryResults().entrySet()) {
            if (entry.getKey().endsWith("gc.alloc.rate.norm") && entry.getValue() instanceof Result<?> found) {
                return found.getScore();
            }
        }
        throw new IllegalStateException("allocations were not counted");
    }
}
