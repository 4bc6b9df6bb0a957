package io.bactrian.tool.builtin.jsonpath;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads paths by the grammar of RFC 9535. */
final class QueryParser {

    private static final int DEEPEST = 30;

    private final Cursor in;
    private final ConditionParser conditions;
    private int depth;

    QueryParser(String path) {
        this.in = new Cursor(path);
        this.conditions = new ConditionParser(in, this);
    }

    /** Reads the whole path. */
    Query path() {
        if (!in.looksAt("$")) {
            throw in.refused("a path begins with '$'");
        }
        Query query = query();
        if (!in.atEnd()) {
            throw in.refused("'.', '..' or '[' is expected" + in.found());
        }
        return query;
    }

    /** Reads a query that begins here with {@code $} or {@code @}. */
    Query query() {
        boolean relative = in.next() == '@';
        List<Query.Segment> segments = new ArrayList<>();
        int mark = in.mark();
        in.skipBlanks();
        while (in.looksAt("[") || in.looksAt(".")) {
            segments.add(segment());
            mark = in.mark();
            in.skipBlanks();
        }
        // blanks belong to a path only between its steps
        in.reset(mark);
        return new Query(relative, segments);
    }

    private Query.Segment segment() {
        if (in.take("..")) {
            return new Query.Segment(true, in.looksAt("[") ? bracketed() : List.of(shorthand()));
        }
        if (in.take(".")) {
            return new Query.Segment(false, List.of(shorthand()));
        }
        return new Query.Segment(false, bracketed());
    }

    private Selector shorthand() {
        return in.take("*") ? new Selector.Wildcard() : new Selector.Name(in.shorthandName());
    }

    private List<Selector> bracketed() {
        in.expect("[");
        List<Selector> selectors = new ArrayList<>();
        do {
            in.skipBlanks();
            selectors.add(selector());
            in.skipBlanks();
        } while (in.take(","));
        in.expect("]");
        return selectors;
    }

    private Selector selector() {
        char c = in.peek();
        if (c == '\'' || c == '"') {
            return new Selector.Name(Strings.quoted(in));
        }
        if (in.take("*")) {
            return new Selector.Wildcard();
        }
        if (in.take("?")) {
            return filter();
        }
        if (c == '-' || c == ':' || Cursor.isDigit(c)) {
            return indexOrSlice();
        }
        throw in.refused("a name in quotes, a number, a range, '*' or '?' is expected" + in.found());
    }

    private Selector filter() {
        enter();
        in.skipBlanks();
        Selector.Filter filter = new Selector.Filter(conditions.condition());
        depth--;
        return filter;
    }

    private Selector indexOrSlice() {
        @Nullable Long start = in.looksAt(":") ? null : (Long) in.integer();
        int mark = in.mark();
        in.skipBlanks();
        if (!in.take(":")) {
            in.reset(mark);
            if (start == null) {
                throw in.refused("a number or a range is expected" + in.found());
            }
            return new Selector.Index(start);
        }
        Long end = bound();
        in.skipBlanks();
        Long step = in.take(":") ? bound() : null;
        return new Selector.Slice(start, end, step == null ? 1 : step);
    }

    private @Nullable Long bound() {
        in.skipBlanks();
        return in.looksAt("-") || Cursor.isDigit(in.peek()) ? (Long) in.integer() : null;
    }

    void enter() {
        if (++depth > DEEPEST) {
            throw in.refused("nested more than " + DEEPEST + " deep");
        }
    }

    void leave() {
        depth--;
    }
}
