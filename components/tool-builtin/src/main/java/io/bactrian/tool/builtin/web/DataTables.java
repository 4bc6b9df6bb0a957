package io.bactrian.tool.builtin.web;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.select.NodeVisitor;

/** Tells the tables that hold data from those that lay out a page: their cells hold no blocks, and some row has two of them. */
final class DataTables implements NodeVisitor {

    private static final Set<String> BLOCKS = Set.of(
            "table",
            "p",
            "div",
            "ul",
            "ol",
            "dl",
            "pre",
            "blockquote",
            "section",
            "article",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "form",
            "hr");

    private final Deque<Element> open = new ArrayDeque<>();
    private final Set<Element> layouts = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Element> wide = Collections.newSetFromMap(new IdentityHashMap<>());

    private DataTables() {}

    /** The tables of data within an element, in one look at everything. */
    static Set<Element> in(Element root) {
        DataTables found = new DataTables();
        root.traverse(found);
        found.wide.removeAll(found.layouts);
        return found.wide;
    }

    @Override
    public void head(Node node, int depth) {
        if (!(node instanceof Element element)) {
            return;
        }
        if (!open.isEmpty() && BLOCKS.contains(element.normalName())) {
            layouts.add(open.getFirst());
        }
        if (element.normalName().equals("table")) {
            open.push(element);
        } else if (!open.isEmpty() && element.normalName().equals("tr") && element.childrenSize() > 1) {
            wide.add(open.getFirst());
        }
    }

    @Override
    public void tail(Node node, int depth) {
        if (node instanceof Element element && element.normalName().equals("table")) {
            open.pop();
        }
    }
}
