package io.bactrian.tool.builtin.support;

import io.bactrian.core.error.BadRequestException;
import java.util.Arrays;
import java.util.List;

/** Enums whose constants stand for the words that an argument may be. */
public final class Choices {

    /** An enum with the word for each constant. */
    public interface Word {

        /** The word. */
        String text();
    }

    private Choices() {}

    /** The words, in order. */
    public static <E extends Enum<E> & Word> List<String> texts(Class<E> choices) {
        return Arrays.stream(choices.getEnumConstants()).map(Word::text).toList();
    }

    /**
     * The constant of a word.
     *
     * @throws BadRequestException naming the words that there are
     */
    public static <E extends Enum<E> & Word> E of(Class<E> choices, String parameter, String text) {
        for (E choice : choices.getEnumConstants()) {
            if (choice.text().equals(text)) {
                return choice;
            }
        }
        throw ArgumentChecks.refused(parameter, "is one of " + String.join(", ", texts(choices)));
    }
}
