package io.bactrian.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Passages with their vectors.
 *
 * @param passages the passages
 * @param vectors one per passage, each of length 1
 */
record PassageIndex(List<Passage> passages, List<float[]> vectors) {

    private static final int BATCH = 16;

    /** Copies the lists. */
    PassageIndex {
        if (passages.size() != vectors.size()) {
            throw new IllegalArgumentException("one vector per passage");
        }
        passages = List.copyOf(passages);
        vectors = List.copyOf(vectors);
    }

    /**
     * A passage and how near it is to a question.
     *
     * @param passage the passage
     * @param score the cosine of the angle between the two, -1 to 1
     */
    record Match(Passage passage, double score) {}

    /** The index of passages, their vectors computed now. */
    static PassageIndex build(List<Passage> passages, Embedder embedder) {
        List<float[]> vectors = new ArrayList<>(passages.size());
        for (int from = 0; from < passages.size(); from += BATCH) {
            List<String> texts = passages.subList(from, Math.min(from + BATCH, passages.size())).stream()
                    .map(Passage::embedded)
                    .toList();
            embedder.embed(texts).forEach(vector -> vectors.add(normalized(vector)));
        }
        return new PassageIndex(passages, vectors);
    }

    /** The passages nearest to a vector, best first; at most so many. */
    List<Match> nearest(float[] question, int most) {
        float[] direction = normalized(question);
        return IntStream.range(0, passages.size())
                .mapToObj(i -> new Match(passages.get(i), dot(direction, vectors.get(i))))
                .sorted(Comparator.comparingDouble(Match::score).reversed())
                .limit(most)
                .toList();
    }

    private static float[] normalized(float[] vector) {
        double length = Math.sqrt(dot(vector, vector));
        float[] unit = vector.clone();
        for (int i = 0; i < unit.length && length > 0; i++) {
            unit[i] = (float) (unit[i] / length);
        }
        return unit;
    }

    private static double dot(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("vectors of different models do not compare");
        }
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
