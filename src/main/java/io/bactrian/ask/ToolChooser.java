package io.bactrian.ask;

import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.ModelManager;
import io.bactrian.core.model.ModelParameters;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.model.TextEmbeddingRequest.InputType;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/** Ranks tools by how near what they are good for is to a question, by the embedding model inside the JVM. */
final class ToolChooser {

    static final String MODEL = "all-minilm-l6-v2";

    private static final int MOST_KEPT = 10_000;
    private static final int BATCH = 32;
    private static final int MOST_SENTENCES = 6;
    private static final int SHORTEST_SENTENCE = 12;
    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.?!;])\\s");
    private static final InvocationTarget TARGET =
            InvocationTarget.Model.of(new ProviderId("local"), MODEL, ModelType.TEXT_EMBEDDING);

    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<String, float[]> vectors = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, float[]> eldest) {
            return size() > MOST_KEPT;
        }
    };

    /**
     * A tool and how near it is.
     *
     * @param tool the tool
     * @param score the cosine of the two texts' vectors, -1 to 1
     */
    record Match(Tool tool, double score) {}

    /**
     * Ranks tools.
     *
     * @param claim who pays for the model, which is free
     * @param tools the tools
     * @return the nearest first
     */
    List<Match> rank(ModelManager models, CallerClaim claim, List<Tool> tools, String question) {
        Map<String, float[]> known = prepare(models, claim, tools);
        float[] asked = embed(models, claim, List.of(QuestionSpans.explained(question)), InputType.QUERY)
                .get(0);
        List<Match> matches = new ArrayList<>();
        for (Tool tool : tools) {
            double nearest = textsOf(tool).stream()
                    .mapToDouble(text -> cosine(asked, Objects.requireNonNull(known.get(text))))
                    .max()
                    .orElse(0);
            matches.add(new Match(tool, nearest));
        }
        matches.sort(Comparator.comparingDouble(Match::score).reversed());
        return matches;
    }

    /** The vectors of what tools say of themselves; those that are not known yet are made. */
    Map<String, float[]> prepare(ModelManager models, CallerClaim claim, List<Tool> tools) {
        Map<String, float[]> all = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        lock.lock();
        try {
            for (String text : tools.stream()
                    .flatMap(tool -> textsOf(tool).stream())
                    .distinct()
                    .toList()) {
                float[] vector = vectors.get(text);
                if (vector == null) {
                    missing.add(text);
                } else {
                    all.put(text, vector);
                }
            }
        } finally {
            lock.unlock();
        }
        for (int from = 0; from < missing.size(); from += BATCH) {
            List<String> batch = missing.subList(from, Math.min(missing.size(), from + BATCH));
            List<float[]> made = embed(models, claim, batch, InputType.DOCUMENT);
            for (int i = 0; i < batch.size(); i++) {
                all.put(batch.get(i), made.get(i));
            }
        }
        keep(all);
        return all;
    }

    private void keep(Map<String, float[]> all) {
        lock.lock();
        try {
            vectors.putAll(all);
        } finally {
            lock.unlock();
        }
    }

    private static List<float[]> embed(ModelManager models, CallerClaim claim, List<String> texts, InputType type) {
        return models.instance(claim, TARGET)
                .invokeTextEmbedding(new TextEmbeddingRequest(texts, type, ModelParameters.NONE))
                .embeddings();
    }

    /** What a tool is good for, in its own words: all of them, and each of its first sentences, so that none is drowned. */
    private static List<String> textsOf(Tool tool) {
        String name = tool.entity().name().replace('_', ' ') + ": ";
        String description = tool.entity().description().llm();
        List<String> texts = new ArrayList<>();
        texts.add(name + description);
        Arrays.stream(SENTENCE_END.split(description))
                .map(String::strip)
                .filter(sentence -> sentence.length() >= SHORTEST_SENTENCE)
                .limit(MOST_SENTENCES)
                .forEach(texts::add);
        return texts;
    }

    private static double cosine(float[] one, float[] other) {
        double dot = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < one.length; i++) {
            dot += one[i] * other[i];
            first += one[i] * one[i];
            second += other[i] * other[i];
        }
        return first == 0 || second == 0 ? 0 : dot / Math.sqrt(first * second);
    }

    /** The one text that a tool needs; empty if it needs nothing. */
    static Optional<ToolParameter> neededText(Tool tool) {
        return needed(tool).stream().findFirst();
    }

    /** Whether a tool can be called with a question alone: it needs one text at most, and nothing else. */
    static boolean takesQuestion(Tool tool) {
        List<ToolParameter> needed = needed(tool);
        return needed.isEmpty()
                || needed.size() == 1
                        && (needed.get(0).type() == ToolParameterType.STRING
                                || needed.get(0).type() == ToolParameterType.DATE)
                        && needed.get(0).options().isEmpty();
    }

    private static List<ToolParameter> needed(Tool tool) {
        return tool.entity().parameters().stream()
                .filter(parameter -> parameter.required() && parameter.defaultValue() == null)
                .toList();
    }
}
