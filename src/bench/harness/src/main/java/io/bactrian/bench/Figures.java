package io.bactrian.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Named numbers: what a worker answers to a command, on one line. */
final class Figures {

    private final Map<String, Double> values = new LinkedHashMap<>();

    Figures with(String name, double value) {
        values.put(name, value);
        return this;
    }

    Figures withTimes(String prefix, long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return with(prefix + "P50", micros(sorted, 0.5)).with(prefix + "P99", micros(sorted, 0.99));
    }

    private static double micros(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(sorted.length * share))] / 1e3;
    }

    double get(String name) {
        Double value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("no figure '" + name + "' in " + values.keySet());
        }
        return value;
    }

    Optional<Double> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    Map<String, Double> all() {
        return new TreeMap<>(values);
    }

    static Figures parse(String line) {
        Figures figures = new Figures();
        for (String field : line.strip().split("\\s+")) {
            int equals = field.indexOf('=');
            figures.with(field.substring(0, equals), Double.parseDouble(field.substring(equals + 1)));
        }
        return figures;
    }

    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(figure -> figure.getKey() + "=" + figure.getValue())
                .collect(Collectors.joining(" "));
    }
}
