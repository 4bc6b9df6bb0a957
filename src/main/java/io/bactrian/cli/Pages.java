package io.bactrian.cli;

import io.bactrian.core.config.Page;
import io.bactrian.core.config.PageOf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads long lists to their end, page by page. */
final class Pages {

    private Pages() {}

    /** All entries of a list. */
    static <T> List<T> all(Function<Page, PageOf<T>> list) {
        List<T> all = new ArrayList<>();
        PageOf<T> page = list.apply(new Page(null, Page.LONGEST));
        all.addAll(page.items());
        while (page.next() != null) {
            page = list.apply(new Page(page.next(), Page.LONGEST));
            all.addAll(page.items());
        }
        return all;
    }
}
