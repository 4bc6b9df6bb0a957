package io.bactrian.tool.builtin.web;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/** HTML as text in the manner of Markdown: headings, lists, quotes, code, tables, and links where asked for. Used once. */
final class HtmlRenderer implements NodeFilter {

    private final MarkdownWriter out = new MarkdownWriter();
    private final boolean links;
    private final int most;

    /** The number of the next item for each list that is open; 0 in lists without numbers. */
    private final Deque<Integer> lists = new ArrayDeque<>();

    /** The tables that are open. */
    private final Deque<Element> tables = new ArrayDeque<>();

    private final Set<Element> dataTables;
    private final Set<Element> leftOut;
    private final Set<Element> headed = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean cut;

    private HtmlRenderer(MainContent content, boolean links, int most) {
        this.dataTables = DataTables.in(content.root());
        this.leftOut = content.leftOut();
        this.links = links;
        this.most = most;
    }

    /**
     * What was rendered.
     *
     * @param text the text
     * @param cut whether there is more
     */
    record Rendered(String text, boolean cut) {}

    /**
     * Renders the main part of a page.
     *
     * @param links whether links and images have their URLs
     * @param most characters at most
     */
    static Rendered render(MainContent content, boolean links, int most) {
        HtmlRenderer renderer = new HtmlRenderer(content, links, most);
        content.root().filter(renderer);
        return renderer.rendered();
    }

    private Rendered rendered() {
        String text = out.toString();
        if (text.length() <= most) {
            return new Rendered(text, cut);
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return new Rendered(text.substring(0, end), true);
    }

    @Override
    public FilterResult head(Node node, int depth) {
        if (out.length() > most) {
            cut = true;
            return FilterResult.STOP;
        }
        if (node instanceof TextNode text) {
            out.text(text.getWholeText());
            return FilterResult.CONTINUE;
        }
        if (!(node instanceof Element element)) {
            return FilterResult.CONTINUE;
        }
        return leftOut.contains(element) ? FilterResult.SKIP_ENTIRELY : begin(element);
    }

    private FilterResult begin(Element element) {
        switch (element.normalName()) {
            case "h1", "h2", "h3", "h4", "h5", "h6" -> {
                out.lines(2);
                out.open("#".repeat(element.normalName().charAt(1) - '0') + " ");
            }
            case "br" -> out.lines(1);
            case "hr" -> {
                out.lines(2);
                out.raw("---");
                out.lines(2);
            }
            case "b", "strong" -> out.open("**");
            case "em", "i" -> out.open("*");
            case "code", "kbd", "samp" -> out.open("`");
            case "a" -> beginLink(element);
            case "img" -> image(element);
            case "pre" -> {
                code(element);
                return FilterResult.SKIP_ENTIRELY;
            }
            default -> beginBlock(element);
        }
        return FilterResult.CONTINUE;
    }

    private void beginBlock(Element element) {
        switch (element.normalName()) {
            case "ul", "ol" -> {
                out.lines(lists.isEmpty() ? 2 : 1);
                lists.push(element.normalName().equals("ol") ? start(element) : 0);
            }
            case "li", "dd" -> beginItem(element);
            case "blockquote" -> {
                out.lines(2);
                out.indent("> ");
            }
            case "table" -> {
                out.lines(2);
                tables.push(element);
            }
            case "tr" -> out.lines(1);
            case "td", "th" -> {
                if (inData()) {
                    out.cellBegins();
                } else {
                    out.lines(1);
                }
            }
            case "p", "figure", "dl" -> out.lines(2);
            default -> out.lines(element.isBlock() ? 1 : 0);
        }
    }

    @Override
    public FilterResult tail(Node node, int depth) {
        if (node instanceof Element element) {
            end(element);
        }
        return FilterResult.CONTINUE;
    }

    private void end(Element element) {
        switch (element.normalName()) {
            case "h1", "h2", "h3", "h4", "h5", "h6" -> {
                out.close("");
                out.lines(2);
            }
            case "b", "strong" -> out.close("**");
            case "em", "i" -> out.close("*");
            case "code", "kbd", "samp" -> out.close("`");
            case "a" -> endLink(element);
            case "br", "hr", "img", "pre" -> {
                // done at their beginning
            }
            default -> endBlock(element);
        }
    }

    private void endBlock(Element element) {
        switch (element.normalName()) {
            case "ul", "ol" -> {
                lists.pop();
                out.lines(lists.isEmpty() ? 2 : 1);
            }
            case "li", "dd" -> endItem(element);
            case "blockquote" -> {
                out.outdent();
                out.lines(2);
            }
            case "tr" -> endRow(element);
            case "td", "th" -> {
                if (inData()) {
                    out.cellEnds();
                } else {
                    out.lines(1);
                }
            }
            case "table" -> {
                tables.pop();
                out.lines(2);
            }
            case "p", "figure", "dl" -> out.lines(2);
            default -> out.lines(element.isBlock() ? 1 : 0);
        }
    }

    private static int start(Element list) {
        String start = list.attr("start");
        boolean number =
                !start.isEmpty() && start.length() <= 6 && start.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Math.max(1, Integer.parseInt(start)) : 1;
    }

    private void beginItem(Element item) {
        out.lines(1);
        boolean counted = item.normalName().equals("li") && !lists.isEmpty();
        int number = counted ? lists.pop() : 0;
        if (counted) {
            lists.push(number > 0 ? number + 1 : 0);
        }
        String mark = number > 0 ? number + ". " : "- ";
        out.indent(" ".repeat(mark.length()));
        out.bullet(mark);
    }

    private void endItem(Element item) {
        out.dropBullet();
        out.outdent();
        out.lines(1);
    }

    private void beginLink(Element link) {
        if (links && !target(link, "href").isEmpty()) {
            out.open("[");
        }
    }

    private void endLink(Element link) {
        String target = links ? target(link, "href") : "";
        if (!target.isEmpty()) {
            out.close("](" + target + ")");
        }
    }

    private void image(Element image) {
        String alt = image.attr("alt").strip();
        String target = links ? target(image, "src") : "";
        if (!target.isEmpty()) {
            out.raw("![" + alt.replaceAll("\\s+", " ").replace(']', ' ') + "](" + target + ")");
        } else if (!alt.isEmpty()) {
            out.text(alt);
        }
    }

    /** Links to pages; what runs a program, opens a mail or holds its own data leads nowhere. */
    private static String target(Element element, String attribute) {
        String url = element.absUrl(attribute);
        boolean page = url.startsWith("https://") || url.startsWith("http://");
        return page ? url.replace(" ", "%20").replace(")", "%29") : "";
    }

    private void code(Element pre) {
        String text = pre.wholeText();
        String code = text.startsWith("\n") ? text.substring(1) : text;
        if (code.isBlank()) {
            return;
        }
        out.lines(2);
        out.raw("```");
        out.lines(1);
        out.verbatim(code.stripTrailing());
        out.lines(1);
        out.raw("```");
        out.lines(2);
    }

    private boolean inData() {
        return !tables.isEmpty() && dataTables.contains(tables.peek());
    }

    private void endRow(Element row) {
        if (!inData() || row.childrenSize() == 0) {
            out.lines(1);
            return;
        }
        out.raw("|");
        out.lines(1);
        if (headed.add(tables.getFirst())) {
            out.raw("| --- ".repeat(row.childrenSize()) + "|");
            out.lines(1);
        }
    }
}
