package io.bactrian.tool.builtin.web;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * What a page is about: without what no reader wants, the part that the page itself marks as its main one, else the element
 * that holds most of the prose. In doubt it is the whole page: too much is better than nothing. The page is not changed.
 *
 * @param root the element that holds it
 * @param leftOut the elements in there that do not belong to it
 */
record MainContent(Element root, Set<Element> leftOut) {

    private static final String NOT_READ =
            "script, style, noscript, template, iframe, object, embed, svg, canvas, audio, video, "
                    + "button, input, select, textarea, dialog, nav, aside, footer, body > header, [hidden], [aria-hidden=true], "
                    + "[role=navigation], [role=banner], [role=contentinfo], [role=complementary], [role=search], [role=dialog], "
                    + "[role=alertdialog], [style~=(?i)display\\s*:\\s*none], [style~=(?i)visibility\\s*:\\s*hidden]";

    /** Words of classes and ids by which authors name what stands around the text. */
    private static final Set<String> AROUND = Set.of(
            "cookie",
            "cookies",
            "consent",
            "gdpr",
            "newsletter",
            "sidebar",
            "breadcrumb",
            "breadcrumbs",
            "advert",
            "advertisement",
            "ads",
            "social",
            "share",
            "sharing",
            "promo",
            "related",
            "popup",
            "modal",
            "skip");

    private static final Pattern WORDS = Pattern.compile("[^a-z]+");
    private static final int LONGEST_NAMES = 500;

    /** The main part of a page. */
    static MainContent of(Document page) {
        Element body = page.body();
        Set<Element> leftOut = Collections.newSetFromMap(new IdentityHashMap<>());
        leftOut.addAll(body.select(NOT_READ));
        leaveOutAround(body, leftOut);
        return new MainContent(root(body, TextSizes.of(body, leftOut)), leftOut);
    }

    private static Element root(Element body, TextSizes sizes) {
        int all = sizes.size(body).text();
        Element marked = sizes.largest(TextSizes::isMain, TextSizes.Size::text).orElse(body);
        if (marked != body && sizes.size(marked).text() * 2 >= all) {
            return marked;
        }
        Element densest = sizes.largest(any -> true, TextSizes.Size::paragraphs).orElse(body);
        if (sizes.size(densest).text() * 10L >= all * 7L) {
            return densest;
        }
        return mostlyProse(marked, sizes, body) ? marked : body;
    }

    private static void leaveOutAround(Element body, Set<Element> leftOut) {
        TextSizes sizes = TextSizes.of(body, leftOut);
        int all = sizes.size(body).text();
        for (Element element : body.getAllElements()) {
            boolean small = sizes.size(element).text() * 3L < all
                    && !sizes.size(element).main();
            if (small && element != body && isAround(element)) {
                leftOut.add(element);
            }
        }
    }

    private static boolean isAround(Element element) {
        String names = element.className() + ' ' + element.id();
        if (names.isBlank() || names.length() > LONGEST_NAMES) {
            return false;
        }
        return Arrays.stream(WORDS.split(names.toLowerCase(Locale.ROOT))).anyMatch(AROUND::contains);
    }

    /** Whether most of the page's text that is no link is in there. */
    private static boolean mostlyProse(Element marked, TextSizes sizes, Element body) {
        int prose = sizes.size(body).text() - sizes.size(body).linked();
        return (sizes.size(marked).text() - sizes.size(marked).linked()) * 2 >= prose;
    }
}
