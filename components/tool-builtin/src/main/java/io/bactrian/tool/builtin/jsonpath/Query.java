package io.bactrian.tool.builtin.jsonpath;

import java.util.List;

/**
 * A way through a value (RFC 9535 §2.1).
 *
 * @param relative whether it begins at the current node ({@code @}) instead of the root ({@code $})
 * @param segments the steps
 */
record Query(boolean relative, List<Segment> segments) {

    Query {
        segments = List.copyOf(segments);
    }

    /** Whether it can lead to one node at most (RFC 9535 §2.3.5.1). */
    boolean singular() {
        return segments.stream().allMatch(Segment::singular);
    }

    /**
     * A step.
     *
     * @param descendant whether it starts from the node and all that is below it ({@code ..})
     * @param selectors what it picks among the children
     */
    record Segment(boolean descendant, List<Selector> selectors) {

        Segment {
            selectors = List.copyOf(selectors);
        }

        boolean singular() {
            return !descendant
                    && selectors.size() == 1
                    && (selectors.get(0) instanceof Selector.Name || selectors.get(0) instanceof Selector.Index);
        }
    }
}
