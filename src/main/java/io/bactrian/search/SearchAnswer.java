package io.bactrian.search;

import java.util.List;

/**
 * The answer to a question.
 *
 * @param query the question
 * @param model the model that compared
 * @param results passages, best first
 */
public record SearchAnswer(String query, String model, List<Result> results) {

    /** Copies the list. */
    public SearchAnswer {
        results = List.copyOf(results);
    }

    /**
     * A passage found.
     *
     * @param rank its place, from 1
     * @param score how near it is to the question, -1 to 1
     * @param source the document's path in the repository
     * @param heading the headings it stands under
     * @param text the passage
     */
    public record Result(int rank, double score, String source, String heading, String text) {}
}
