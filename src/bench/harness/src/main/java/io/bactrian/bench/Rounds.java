package io.bactrian.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * The figures of several subjects in several rounds. Within a round each subject has its turn, so that what the machine
 * does besides hits them all; what is compared is always of one round.
 */
final class Rounds {

    private final Map<String, List<Figures>> figures = new LinkedHashMap<>();

    /** Has each worker run the command once a round, in turn. */
    static Rounds run(int rounds, Map<String, WorkerProcess> workers, String command, long seconds) {
        Rounds all = new Rounds();
        for (int round = 0; round < rounds; round++) {
            workers.forEach((id, worker) ->
                    all.figures.computeIfAbsent(id, key -> new ArrayList<>()).add(worker.ask(command, seconds)));
        }
        return all;
    }

    Set<String> ids() {
        return figures.keySet();
    }

    int count() {
        return figures.values().iterator().next().size();
    }

    double value(String id, String figure, int round) {
        return figures.get(id).get(round).get(figure);
    }

    Spread spread(String id, String figure) {
        return Spread.of(count(), round -> value(id, figure, round));
    }

    /** A subject's figure as a multiple of another's in the same round. */
    Spread ratio(String id, String base, String figure) {
        return Spread.of(count(), round -> value(id, figure, round) / value(base, figure, round));
    }

    /** A subject's figure as a multiple of the least of some others' in the same round. */
    Spread ratioToLeast(String id, List<String> bases, String figure) {
        return Spread.of(count(), round -> value(id, figure, round) / least(bases, figure, round));
    }

    /** By how much a subject's figure exceeds the least of some others' in the same round. */
    Spread overLeast(String id, List<String> bases, String figure) {
        return Spread.of(count(), round -> value(id, figure, round) - least(bases, figure, round));
    }

    /** By how much a subject's figure exceeds another's in the same round. */
    Spread over(String id, String base, String figure) {
        return overLeast(id, List.of(base), figure);
    }

    /** Which of some subjects has the least median. */
    String best(List<String> ids, String figure) {
        ToDoubleFunction<String> median = id -> spread(id, figure).median();
        return ids.stream().min(java.util.Comparator.comparingDouble(median)).orElseThrow();
    }

    private double least(List<String> ids, String figure, int round) {
        return ids.stream().mapToDouble(id -> value(id, figure, round)).min().orElseThrow();
    }

    /** What each of the events beyond the shorter stream's costs more than the same event of the base: the slope. */
    static Spread perEvent(Rounds shorter, Rounds longer, int events, String id, String base, String figure) {
        return Spread.of(
                Math.min(shorter.count(), longer.count()),
                round -> (slope(shorter, longer, id, figure, round) - slope(shorter, longer, base, figure, round))
                        / events);
    }

    private static double slope(Rounds shorter, Rounds longer, String id, String figure, int round) {
        return longer.value(id, figure, round) - shorter.value(id, figure, round);
    }
}
