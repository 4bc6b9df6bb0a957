package io.bactrian.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownPassagesTest {

    private static List<Passage> cut(String... lines) {
        return MarkdownPassages.of("README.md", String.join("\n", lines));
    }

    @Test
    void joinsHeadingsFromTheOutsideIn() {
        List<Passage> passages = cut("# Top", "intro", "## First", "one", "### Deep", "two", "## Second", "three");
        assertThat(passages)
                .extracting(Passage::heading)
                .containsExactly("Top", "Top › First", "Top › First › Deep", "Top › Second");
        assertThat(passages).extracting(Passage::text).containsExactly("intro", "one", "two", "three");
    }

    @Test
    void keepsShortParagraphsOfOneSectionTogether() {
        assertThat(cut("# Top", "one", "", "two")).hasSize(1);
    }

    @Test
    void neverMixesSections() {
        assertThat(cut("# A", "one", "# B", "two")).extracting(Passage::text).containsExactly("one", "two");
    }

    @Test
    void cutsLongParagraphsAtSentences() {
        String sentence = "This sentence has exactly eight words in it. ";
        List<Passage> passages = cut("# Top", sentence.repeat(60).strip());
        assertThat(passages).hasSizeGreaterThan(3);
        assertThat(passages)
                .allSatisfy(passage -> assertThat(passage.text()).endsWith("."))
                .allSatisfy(passage -> assertThat(words(passage)).isLessThanOrEqualTo(MarkdownPassages.LONGEST));
    }

    @Test
    void keepsCodeWholeAndDoesNotTakeItForHeadings() {
        List<Passage> passages = cut("# Top", "Do this:", "", "```sh", "# not a heading", "", "run", "```", "after");
        assertThat(passages).hasSize(1);
        assertThat(passages.get(0).text()).contains("```sh\n# not a heading\n\nrun\n```");
    }

    @Test
    void leavesCommentsOut() {
        assertThat(cut("# Top", "shown <!-- hidden", "hidden too --> end")
                        .get(0)
                        .text())
                .contains("shown")
                .doesNotContain("hidden");
    }

    @Test
    void losesNoWord() {
        String text = "alpha beta. gamma delta! ".repeat(100)
                + "\n\n* item one\n* item two\n\n| a | b |\n|---|---|\n| c | d |";
        String all =
                String.join(" ", cut("# T", text).stream().map(Passage::text).toList());
        assertThat(Arrays.stream(all.split("\\s+")).sorted().toList())
                .isEqualTo(Arrays.stream(text.strip().split("\\s+")).sorted().toList());
    }

    @Test
    void findsNothingInNothing() {
        assertThat(cut("", "# Only a heading", "")).isEmpty();
    }

    private static int words(Passage passage) {
        return passage.text().split("\\s+").length;
    }
}
