package io.bactrian.tool.builtin.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlRendererTest {

    private static String render(String html, boolean links) {
        return HtmlRenderer.render(whole(Jsoup.parse(html, "https://example.com/a/b")), links, 1_000_000)
                .text();
    }

    private static MainContent whole(Document page) {
        return new MainContent(page.body(), Set.of());
    }

    private static String main(String html) {
        return HtmlRenderer.render(MainContent.of(Jsoup.parse(html, "https://example.com/")), false, 1_000_000)
                .text();
    }

    @Test
    void rendersHeadingsParagraphsAndMarks() {
        assertThat(render("""
                        <h1> A  <b>title</b></h1><p>One
                        two&nbsp;&nbsp;three<br>four <em>five</em>, <strong> six </strong>seven.</p>
                        <div>eight</div><div><div>nine</div></div><hr><h3></h3><p>  </p>ten<b></b>
                        """, false))
                .isEqualTo("# A **title**\n\nOne two three\nfour *five*, **six** seven.\n\neight\nnine\n\n---\n\nten");
    }

    @Test
    void rendersLists() {
        assertThat(render("""
                        <p>List:</p><ul><li>a</li><li>b<ul><li>c</li><li><p>d</p><p>e</p></li></ul></li><li></li></ul>
                        <ol start="9"><li>x</li><li>y</li></ol><dl><dt>term</dt><dd>meaning</dd></dl>
                        """, false))
                .isEqualTo("List:\n\n- a\n- b\n  - c\n  - d\n\n    e\n\n9. x\n10. y\n\nterm\n- meaning");
    }

    @Test
    void rendersQuotesAndCode() {
        assertThat(render(
                        "<blockquote><p>one</p><p>two</p><blockquote>deep</blockquote></blockquote>"
                                + "<p>use <code>a  b</code></p><pre><code>\nif (x) {\n    y();\n}\n\n</code></pre>end",
                        false))
                .isEqualTo("> one\n>\n> two\n>\n> > deep\n\nuse `a b`\n\n```\nif (x) {\n    y();\n}\n```\n\nend");
    }

    @Test
    void rendersTablesOfDataAsTables() {
        assertThat(render(
                        "<table><tr><th>a</th><th>b|c</th></tr><tr><td>1</td><td>two<br>lines</td></tr><tr><td></td><td>3</td></tr></table>",
                        false))
                .isEqualTo("| a | b\\|c |\n| --- | --- |\n| 1 | two lines |\n|  | 3 |");
    }

    @Test
    void rendersTablesOfLayoutAsWhatIsInThem() {
        assertThat(render(
                        "<table><tr><td><p>left</p></td><td><table><tr><td>in</td><td>ner</td></tr></table></td></tr></table>",
                        false))
                .isEqualTo("left\n\n| in | ner |\n| --- | --- |");
    }

    @Test
    void keepsLinksWhereAskedFor() {
        String html = "<p>see <a href='../c?d=(1)'>the <b>docs</b></a>, <a href='javascript:alert(1)'>this</a>,"
                + "<a href='https://x.org/'></a> <a href='mailto:a@b.c'>mail</a> <img src='/i.png' alt='an [image]'></p>";

        assertThat(render(html, true))
                .isEqualTo("see [the **docs**](https://example.com/c?d=(1%29), this, mail"
                        + " ![an [image ](https://example.com/i.png)");
        assertThat(render(html, false)).isEqualTo("see the **docs**, this, mail an [image]");
    }

    @Test
    void endsAtTheLimit() {
        HtmlRenderer.Rendered rendered =
                HtmlRenderer.render(whole(Jsoup.parse("<p>" + "😀".repeat(1_000))), false, 101);

        assertThat(rendered.text()).hasSize(100).endsWith("😀");
        assertThat(rendered.cut()).isTrue();
        assertThat(HtmlRenderer.render(whole(Jsoup.parse("<p>abc")), false, 3).cut())
                .isFalse();
    }

    @ParameterizedTest
    @DisplayName("PARSE-04: nested and unending HTML is rendered in time, without a stack that overflows")
    @ValueSource(
            strings = {
                "<div>",
                "<table><tr><td>",
                "<ul><li>",
                "<b>",
                "<blockquote>",
                "<a href='x'>",
                "<p><i>",
                "<font><p>",
                "<i class=ads>x</i>",
                "<p hidden>x</p>"
            })
    void takesHostileHtml(String piece) {
        String whole = piece.repeat(200_000) + "text";
        String html = whole.substring(0, HtmlSize.parsable(whole));

        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            Document page = Jsoup.parse(
                    html, "https://example.com/", Parser.htmlParser().setMaxDepth(256));
            assertThat(HtmlRenderer.render(MainContent.of(page), true, 200_000)
                            .text()
                            .length())
                    .isLessThanOrEqualTo(200_000);
        });
    }

    @Test
    void cutsNoPageThatPeopleWrite() {
        String page = "<table>" + "<tr><td>a<td>b</tr>".repeat(9_000) + "</table>" + "<p>x</p>".repeat(6_000);

        assertThat(HtmlSize.parsable(page)).isEqualTo(page.length());
        assertThat(HtmlSize.parsable("<TD>".repeat(20_002))).isEqualTo(80_000);
        assertThat(HtmlSize.parsable("<p>".repeat(60_002))).isEqualTo(180_000);
    }

    private static final String PROSE =
            "<p>" + "A sentence of some length that a person may want to read. ".repeat(6) + "</p>";

    @Test
    void findsTheMainPart() {
        String html =
                "<header>Site</header><nav><a href=/>Home</a></nav><div class='cookie-banner'>We use cookies</div>"
                        + "<main><h1>News</h1>" + PROSE.repeat(3) + "<aside>Advert</aside></main>"
                        + "<div id=sidebar>Popular</div><footer>Imprint</footer><script>var x = 1;</script>";

        assertThat(main(html))
                .startsWith("# News\n\nA sentence")
                .doesNotContain("Site", "Home", "cookies", "Advert", "Popular", "Imprint", "var x");
    }

    @Test
    void findsTheTextOfPagesThatMarkNothing() {
        String html = "<div class=top><a href=a>one</a> <a href=b>two</a> <a href=c>three</a></div>"
                + "<div class=c><div class=d>" + PROSE.repeat(4) + "<h2>More</h2>" + PROSE + "</div></div>"
                + "<div class=bottom><a href=x>Legal</a></div>";

        assertThat(main(html)).startsWith("A sentence").contains("## More").doesNotContain("Legal", "three");
    }

    @Test
    void keepsThePageInDoubt() {
        assertThat(main("<p>short</p><div>list</div>")).isEqualTo("short\n\nlist");
        assertThat(main("<main></main>" + PROSE)).contains("A sentence");
        assertThat(main("<div class='sidebar main-text'>" + PROSE + "</div>")).contains("A sentence");
        assertThat(main("<article>" + PROSE + "</article><article>" + PROSE + "</article><article>" + PROSE
                                + "</article>")
                        .split("A sentence", -1))
                .hasSizeGreaterThan(18);
        assertThat(main("")).isEmpty();
    }

    @Test
    void readsNothingThatIsHidden() {
        assertThat(
                        main(
                                "<p>seen</p><p hidden>a</p><p style='display: NONE'>b</p><p style='Visibility:hidden'>c</p>"
                                        + "<div aria-hidden=true>d</div><template>e</template><noscript>f</noscript><textarea>g</textarea>"))
                .isEqualTo("seen");
    }
}
