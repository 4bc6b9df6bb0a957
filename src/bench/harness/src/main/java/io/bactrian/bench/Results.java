package io.bactrian.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All that was measured. A part that was left out is empty. */
final class Results {

    /** Whole answers, by JDK and scenario. */
    final Map<Integer, Map<Scenario, Rounds>> asks = new TreeMap<>(java.util.Comparator.reverseOrder());

    /** Whole answers, by number of tenants. */
    Optional<Rounds> tenants = Optional.empty();

    /** Many callers at once. */
    final List<LoadRow> loads = new ArrayList<>();

    /** Streams, by scenario. */
    final Map<Scenario, Rounds> streams = new LinkedHashMap<>();

    /** How long a cut takes, by subject. */
    final Map<String, Figures> cancels = new LinkedHashMap<>();

    /** Streams held open. */
    final List<HeldRow> held = new ArrayList<>();

    /** The parts one by one. */
    final List<MicroRow> micro = new ArrayList<>();

    /** Bytes of a request on the wire, by subject. */
    final Map<String, Double> requestBytes = new LinkedHashMap<>();

    /** A load; empty if the subject did not get through it. */
    record LoadRow(String id, Scenario scenario, int callers, Optional<Figures> figures) {}

    /** Streams held; empty if the subject did not get them open. */
    record HeldRow(String id, int streams, Optional<Figures> figures) {}

    /** A benchmark. */
    record MicroRow(String name, String params, Figures figures) {}

    Optional<Figures> micro(String name, String params) {
        return micro.stream()
                .filter(row -> row.name().equals(name) && row.params().equals(params))
                .map(MicroRow::figures)
                .findFirst();
    }

    Optional<Figures> held(String id, int streams) {
        return held.stream()
                .filter(row -> row.id().equals(id) && row.streams() == streams)
                .flatMap(row -> row.figures().stream())
                .findFirst();
    }
}
