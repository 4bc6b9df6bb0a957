package io.bactrian.tool.builtin.web;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkRange;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tool.ToolErrors;
import io.bactrian.egress.EgressTarget;
import io.bactrian.tool.builtin.support.Answer;
import io.bactrian.tool.builtin.support.Utf8;
import java.util.Locale;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/** Reads pages: their title and main text, without what stands around it. */
final class PageReader {

    static final int MOST_CHARACTERS = 200_000;

    private static final int MOST_BYTES = 5 << 20;
    private static final String NO_TEXT = "(The page has no text that can be read without running its scripts.)";
    private static final int LONGEST_TITLE = 500;
    private static final int DEEPEST = 256;
    private static final String ACCEPT =
            "text/html,application/xhtml+xml,text/plain;q=0.9,application/json;q=0.8,text/*;q=0.8,*/*;q=0.1";

    private final WebClient client;

    PageReader(WebClient client) {
        this.client = client;
    }

    /**
     * Reads a page.
     *
     * @param most characters of text at most
     * @param links whether links and images keep their URLs
     * @param userAgent who says that it asks; null for ourselves
     * @throws InvokeException if it cannot be had, or is nothing to read
     */
    Answer read(String url, long most, boolean links, @Nullable String userAgent, Deadline deadline) {
        checkRange("max_characters", most, 100, MOST_CHARACTERS);
        EgressTarget target = PageAddress.target(url);
        WebClient.Download page =
                client.beginning(target, new WebClient.Manner(ACCEPT, userAgent), MOST_BYTES, deadline);
        if (page.bytes().length == 0) {
            throw ToolErrors.failed(target.host() + " answered with an empty page (status "
                    + page.head().status() + ")");
        }
        MediaType type = page.head().mediaType();
        boolean html = type.isHtml() || type.isUnknown() && looksLikeHtml(page.bytes());
        if (!html && !type.isText() && !(type.isUnknown() && looksLikeText(page.bytes()))) {
            throw ToolErrors.failedForGood(target.host() + " answered with " + type.type()
                    + ", which is no page to read; the tool fetch gets it as a file");
        }
        TextDecoder.Decoded decoded = TextDecoder.decode(page.bytes(), type.charset(), page.cut());
        String base = target + target.pathAndQuery();
        Answer answer = html
                ? html(decoded.text(), base, (int) most, links, page.cut())
                : answer("", "", decoded.text(), (int) most, page.cut());
        if (deadline.expired()) {
            throw new InvokeTimeoutException(
                    ErrorCode.DEADLINE_EXCEEDED, "the page of " + target.host() + " could not be read in time");
        }
        return answer;
    }

    private static boolean looksLikeHtml(byte[] bytes) {
        String beginning = new String(bytes, 0, Math.min(bytes.length, 512), ISO_8859_1)
                .strip()
                .toLowerCase(Locale.ROOT);
        return beginning.startsWith("<!doctype html") || beginning.startsWith("<html") || beginning.startsWith("<head");
    }

    private static boolean looksLikeText(byte[] bytes) {
        return Utf8.text(bytes).filter(text -> text.indexOf('\0') < 0).isPresent();
    }

    private static Answer html(String html, String base, int most, boolean links, boolean cut) {
        int end = HtmlSize.parsable(html);
        Document page =
                Jsoup.parse(html.substring(0, end), base, Parser.htmlParser().setMaxDepth(DEEPEST));
        String title = title(page);
        String description = content(page, "meta[name=description]")
                .or(() -> content(page, "meta[property=og:description]"))
                .orElse("");
        HtmlRenderer.Rendered rendered = HtmlRenderer.render(MainContent.of(page), links, most);
        return answer(title, description, rendered.text(), most, cut || rendered.cut() || end < html.length());
    }

    private static String title(Document page) {
        String title = page.title().strip();
        if (!title.isEmpty()) {
            return shortened(title);
        }
        return content(page, "meta[property=og:title]")
                .or(() -> Optional.ofNullable(page.selectFirst("h1")).map(Element::text))
                .map(PageReader::shortened)
                .orElse("");
    }

    private static Optional<String> content(Document page, String selector) {
        return Optional.ofNullable(page.selectFirst(selector))
                .map(meta -> meta.attr("content").strip())
                .filter(content -> !content.isEmpty())
                .map(PageReader::shortened);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TITLE ? text : text.substring(0, LONGEST_TITLE) + "…";
    }

    private static Answer answer(String title, String description, String text, int most, boolean cut) {
        boolean tooLong = text.length() > most;
        int end = tooLong && Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        String shown = tooLong ? text.substring(0, end) : text;
        boolean more = cut || tooLong;
        boolean headed = title.isEmpty() || shown.startsWith("# " + title);
        String heading = headed ? "" : "# " + title + "\n\n";
        String note = more ? "\n\n(The page goes on; max_characters was " + most + ".)" : "";
        return new Answer(
                heading + (shown.isBlank() ? NO_TEXT : shown) + note,
                JsonObject.builder()
                        .put("title", title)
                        .put("description", description)
                        .put("text", shown)
                        .put("characters", shown.length())
                        .put("truncated", more)
                        .build());
    }
}
