package io.bactrian.tool.builtin.jsonpath;

import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** One use of a path on a value. Depth is bounded by that of JSON values, steps by the budget. */
final class Evaluation {

    private final Node root;
    private final Budget budget;
    private final Truth truth;

    Evaluation(Node root, Budget budget) {
        this.root = root;
        this.budget = budget;
        this.truth = new Truth(this, budget);
    }

    /** The nodes that a query leads to, in order. */
    List<Node> nodes(Query query, Node current) {
        List<Node> nodes = List.of(query.relative() ? current : root);
        for (Query.Segment segment : query.segments()) {
            List<Node> next = new ArrayList<>();
            for (Node node : nodes) {
                step(segment, node, next);
            }
            nodes = next;
        }
        return nodes;
    }

    private void step(Query.Segment segment, Node node, List<Node> out) {
        budget.spend(1);
        for (Selector selector : segment.selectors()) {
            select(selector, node, out);
        }
        if (segment.descendant()) {
            for (Node child : children(node)) {
                step(segment, child, out);
            }
        }
    }

    private void select(Selector selector, Node node, List<Node> out) {
        if (selector instanceof Selector.Name name) {
            member(name.name(), node, out);
        } else if (selector instanceof Selector.Index index) {
            element(index.index(), node, out);
        } else if (selector instanceof Selector.Slice slice) {
            slice(slice, node, out);
        } else if (selector instanceof Selector.Filter filter) {
            for (Node child : children(node)) {
                if (truth.holds(filter.condition(), child)) {
                    out.add(child);
                }
            }
        } else {
            out.addAll(children(node));
        }
    }

    private List<Node> children(Node node) {
        List<Node> children = new ArrayList<>();
        if (node.value() instanceof JsonObject object) {
            budget.spend(object.members().size());
            object.members().forEach((name, value) -> children.add(node.member(name, value)));
        } else if (node.value() instanceof JsonArray array) {
            budget.spend(array.elements().size());
            array.elements().forEach(value -> children.add(node.element(children.size(), value)));
        }
        return children;
    }

    private static void member(String name, Node node, List<Node> out) {
        if (node.value() instanceof JsonObject object) {
            object.find(name).ifPresent(value -> out.add(node.member(name, value)));
        }
    }

    private static void element(long index, Node node, List<Node> out) {
        if (!(node.value() instanceof JsonArray array)) {
            return;
        }
        long at = index < 0 ? index + array.elements().size() : index;
        if (at >= 0 && at < array.elements().size()) {
            out.add(node.element((int) at, array.elements().get((int) at)));
        }
    }

    /** RFC 9535 §2.3.4.2.2. */
    private void slice(Selector.Slice slice, Node node, List<Node> out) {
        if (!(node.value() instanceof JsonArray array) || slice.step() == 0) {
            return;
        }
        long length = array.elements().size();
        boolean forward = slice.step() > 0;
        long lowest = forward ? 0 : -1;
        long highest = forward ? length : length - 1;
        long start = bound(
                slice.start() == null ? (forward ? 0 : length - 1) : fromStart(slice.start(), length), lowest, highest);
        long end =
                bound(slice.end() == null ? (forward ? length : -1) : fromStart(slice.end(), length), lowest, highest);
        for (long at = start; forward ? at < end : at > end; at += slice.step()) {
            budget.spend(1);
            out.add(node.element((int) at, array.elements().get((int) at)));
        }
    }

    private static long fromStart(long index, long length) {
        return index < 0 ? index + length : index;
    }

    private static long bound(long value, long least, long most) {
        return Math.min(Math.max(value, least), most);
    }
}
