package io.bactrian.admin;

import io.bactrian.core.config.Page;
import io.bactrian.core.config.PageOf;
import java.util.List;
import java.util.function.Function;

/** Pages of lists that are short enough to be read whole. */
final class Paging {

    private Paging() {}

    /**
     * The page of a list that is in the order of its places.
     *
     * @param place tells the place of an item; no two have the same, and later ones have greater ones
     */
    static <T> PageOf<T> ofSorted(List<T> all, Function<T, String> place, Page page) {
        String after = page.after();
        List<T> rest = after == null
                ? all
                : all.stream()
                        .filter(item -> place.apply(item).compareTo(after) > 0)
                        .toList();
        return cut(rest, place, page);
    }

    /**
     * The page of a list in an order of its own: it goes on behind the item of the place, and ends if that is no more.
     *
     * @param place tells the place of an item; no two have the same
     */
    static <T> PageOf<T> ofListed(List<T> all, Function<T, String> place, Page page) {
        String after = page.after();
        int begin = 0;
        if (after != null) {
            List<String> places = all.stream().map(place).toList();
            begin = places.indexOf(after) + 1;
            if (begin == 0) {
                throw Page.noPlace();
            }
        }
        return cut(all.subList(begin, all.size()), place, page);
    }

    private static <T> PageOf<T> cut(List<T> rest, Function<T, String> place, Page page) {
        return PageOf.of(rest, page.most(), place);
    }
}
