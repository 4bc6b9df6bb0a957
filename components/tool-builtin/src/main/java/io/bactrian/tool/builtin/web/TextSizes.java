package io.bactrian.tool.builtin.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/** How much text each element of a page holds, counted in one look at everything. */
final class TextSizes implements NodeFilter {

    private static final int LONGEST_LABEL = 25;

    /** In the order of the page, and by identity, which is how elements are equal. */
    private final Map<Element, Size> sizes = new LinkedHashMap<>();

    private final Set<Element> leftOut;
    private int links;

    private TextSizes(Set<Element> leftOut) {
        this.leftOut = leftOut;
    }

    /** What is counted of one element. */
    static final class Size {

        private int text;
        private int linked;
        private int paragraphs;
        private boolean main;

        /** Characters of text. */
        int text() {
            return text;
        }

        /** Characters of text in links. */
        int linked() {
            return linked;
        }

        /** Characters of text right in it, or in paragraphs right in it, that are more than labels. */
        int paragraphs() {
            return paragraphs;
        }

        /** Whether it is, or holds, what the page itself calls its main part or an article. */
        boolean main() {
            return main;
        }
    }

    /** The sizes within an element, without those elements that are left out. */
    static TextSizes of(Element root, Set<Element> leftOut) {
        TextSizes sizes = new TextSizes(leftOut);
        root.filter(sizes);
        return sizes;
    }

    /** The element of a kind that has most of something; empty if none has any. */
    Optional<Element> largest(Predicate<Element> kind, ToIntFunction<Size> measure) {
        Element largest = null;
        int most = 0;
        for (Map.Entry<Element, Size> entry : sizes.entrySet()) {
            int size = measure.applyAsInt(entry.getValue());
            if (size > most && kind.test(entry.getKey())) {
                largest = entry.getKey();
                most = size;
            }
        }
        return Optional.ofNullable(largest);
    }

    Size size(Element element) {
        return sizes.computeIfAbsent(element, none -> new Size());
    }

    @Override
    public FilterResult head(Node node, int depth) {
        if (node instanceof Element element && leftOut.contains(element)) {
            return FilterResult.SKIP_ENTIRELY;
        }
        if (node instanceof TextNode text && node.parent() instanceof Element parent) {
            int length = text.text().strip().length();
            size(parent).text += length;
            size(parent).linked += links > 0 ? length : 0;
        } else if (node instanceof Element element && element.normalName().equals("a")) {
            links++;
        }
        return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult tail(Node node, int depth) {
        if (node instanceof Element element) {
            add(element, depth);
        }
        return FilterResult.CONTINUE;
    }

    private void add(Element element, int depth) {
        links -= element.normalName().equals("a") ? 1 : 0;
        Size own = size(element);
        own.main |= isMain(element);
        Element parent = element.parent();
        if (parent == null || depth == 0) {
            return;
        }
        Size above = size(parent);
        above.text += own.text;
        above.linked += own.linked;
        above.main |= own.main;
        int prose = own.text - own.linked;
        above.paragraphs += isParagraph(element) && prose > LONGEST_LABEL ? prose : 0;
    }

    static boolean isMain(Element element) {
        return element.normalName().equals("main")
                || element.normalName().equals("article")
                || element.attr("role").equals("main");
    }

    private static boolean isParagraph(Element element) {
        return switch (element.normalName()) {
            case "p", "pre", "blockquote", "ul", "ol", "dl", "table", "h1", "h2", "h3" -> true;
            default -> false;
        };
    }
}
