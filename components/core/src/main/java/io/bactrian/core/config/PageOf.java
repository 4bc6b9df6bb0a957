package io.bactrian.core.config;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Part of a long list.
 *
 * @param items what is on the page
 * @param next where the page after it begins; null if there is none
 */
public record PageOf<T>(List<T> items, @Nullable String next) {

    /** Copies the list. */
    public PageOf {
        items = List.copyOf(items);
    }

    /**
     * The page of what was found, of which there is one more than wanted if there are more.
     *
     * @param found what comes after the page's place, in order; one more than the page has if there are
     * @param most how many are wanted
     * @param place tells the place of an entry
     */
    public static <T> PageOf<T> of(List<T> found, int most, Function<T, String> place) {
        if (found.size() <= most) {
            return new PageOf<>(found, null);
        }
        return new PageOf<>(found.subList(0, most), place.apply(found.get(most - 1)));
    }
}
