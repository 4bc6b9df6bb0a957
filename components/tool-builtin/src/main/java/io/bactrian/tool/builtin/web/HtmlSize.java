package io.bactrian.tool.builtin.web;

import java.util.Locale;
import java.util.Set;

/**
 * Where HTML that is too much to parse is cut. The parser takes long for very many elements, and longer than in proportion for
 * cells that never close.
 */
final class HtmlSize {

    private static final int MOST_TAGS = 60_000;
    private static final int MOST_CELLS = 20_000;
    private static final int LONGEST_NAME = 8;

    /** Those that the parser keeps a mark for until they close. */
    private static final Set<String> CELLS = Set.of("td", "th", "caption", "object", "marquee", "applet", "template");

    private HtmlSize() {}

    /** The length of what can be parsed in time: all of it, of pages that people write. */
    static int parsable(String html) {
        int tags = 0;
        int cells = 0;
        for (int at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
            tags++;
            cells += CELLS.contains(name(html, at + 1)) ? 1 : 0;
            if (tags > MOST_TAGS || cells > MOST_CELLS) {
                return at;
            }
        }
        return html.length();
    }

    private static String name(String html, int from) {
        int end = from;
        while (end < html.length() && end - from <= LONGEST_NAME && Character.isLetter(html.charAt(end))) {
            end++;
        }
        return html.substring(from, end).toLowerCase(Locale.ROOT);
    }
}
