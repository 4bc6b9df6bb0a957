package io.bactrian.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Passages with their vectors.
 *
 * @param passages the passages
 * @param vectors one per passage, each of length 1
 */
record PassageIndex(List<Passage> passages, List<float[]> vectors) {

    private static final int BATCH = 16;
    private static final double WORDS = 0.25;
    private static final Pattern NO_LETTERS = Pattern.compile("[^a-z0-9_]+");
    private static final Set<String> EMPTY_WORDS = Set.of(
            "the", "and", "for", "how", "what", "which", "who", "does", "can", "are", "with", "from", "that", "this",
            "there", "have", "has", "not", "you", "was", "will", "must", "should", "when", "where", "why", "its");

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

    /**
     * The passages nearest to a question, best first, each text once; at most so many. Nearness of meaning counts most; of two
     * that are about equally near, the one that has more of the question's own words is better.
     *
     * @param vector the vector of the question
     * @param question the question
     */
    List<Match> nearest(float[] vector, String question, int most) {
        float[] direction = normalized(vector);
        Set<String> wanted = words(question);
        Map<String, Match> best = new HashMap<>();
        for (int i = 0; i < passages.size(); i++) {
            Passage passage = passages.get(i);
            double score = (1 - WORDS) * dot(direction, vectors.get(i)) + WORDS * share(wanted, passage);
            best.merge(
                    passage.text(),
                    new Match(passage, score),
                    (one, other) -> one.score() >= other.score() ? one : other);
        }
        return best.values().stream()
                .sorted(Comparator.comparingDouble(Match::score).reversed().thenComparing(match -> match.passage()
                        .text()))
                .limit(most)
                .toList();
    }

    /** How many of the words a passage has, from 0 to 1. */
    private static double share(Set<String> wanted, Passage passage) {
        if (wanted.isEmpty()) {
            return 0;
        }
        Set<String> there = words(passage.embedded());
        return (double) wanted.stream().filter(there::contains).count() / wanted.size();
    }

    /** The words of a text that say something, without what grammar adds to them. */
    private static Set<String> words(String text) {
        return Arrays.stream(NO_LETTERS.split(text.toLowerCase(Locale.ROOT)))
                .filter(word -> word.length() > 2 && !EMPTY_WORDS.contains(word))
                .map(word -> word.length() > 4 && word.endsWith("s") ? word.substring(0, word.length() - 1) : word)
                .collect(Collectors.toSet());
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
