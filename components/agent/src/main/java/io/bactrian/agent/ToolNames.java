package io.bactrian.agent;

import io.bactrian.core.tool.ToolPattern;
import java.util.Comparator;
import java.util.function.Function;

/** How exactly patterns name tools. */
final class ToolNames {

    private ToolNames() {}

    /** By how exactly a tool is named, the least first: tags and patterns, then names, then providers' names, then addresses. */
    static <T> Comparator<T> byExactness(Function<T, ToolPattern> pattern) {
        Function<T, String> text = pattern.andThen(ToolPattern::toString);
        return Comparator.<T, Boolean>comparing(one -> pattern.apply(one).isExact())
                .thenComparing(one -> parts(text.apply(one)))
                .thenComparing(one -> text.apply(one).length())
                .thenComparing(text);
    }

    private static long parts(String text) {
        return text.chars().filter(c -> c == '/' || c == ':').count();
    }
}
