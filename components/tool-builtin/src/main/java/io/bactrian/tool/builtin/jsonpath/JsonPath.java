package io.bactrian.tool.builtin.jsonpath;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonValue;
import io.bactrian.tool.builtin.support.ArgumentChecks;
import java.util.List;

/**
 * A JSONPath (RFC 9535), ready to be used on values of core. Made here, since the library at hand reads an older dialect and
 * has no bound on steps. Bounded in length, depth and steps; patterns are matched in linear time (PARSE-07). Thread-safe.
 */
public final class JsonPath {

    /** How long a path may be. */
    public static final int LONGEST = 2_000;

    static final String PARAMETER = "path";

    private static final long STEPS = 1_000_000;

    private final Query query;

    private JsonPath(Query query) {
        this.query = query;
    }

    /**
     * Reads a path.
     *
     * @throws BadRequestException naming the place and what is wrong there
     */
    public static JsonPath parse(String path) {
        ArgumentChecks.checkLength(PARAMETER, path, LONGEST);
        return new JsonPath(new QueryParser(path).path());
    }

    /** Whether it leads to one value at most: it has names and numbers only. */
    public boolean leadsToOne() {
        return query.singular();
    }

    /**
     * What it leads to in a value, in order.
     *
     * @throws BadRequestException if that takes too many steps
     */
    public List<Match> find(JsonValue value) {
        Node root = Node.root(value);
        return new Evaluation(root, new Budget(STEPS))
                .nodes(query, root).stream()
                        .map(node -> new Match(node.path(), node.value()))
                        .toList();
    }

    /**
     * A value that was found.
     *
     * @param path the normalised path to it, such as {@code $['a'][0]}
     * @param value the value
     */
    public record Match(String path, JsonValue value) {}
}
