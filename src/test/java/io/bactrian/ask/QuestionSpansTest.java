package io.bactrian.ask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuestionSpansTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "what is 17 * 23? | 17 * 23",
                "please compute sqrt(16) + 2 for me | sqrt(16) + 2",
                "how much is (1+2)*3 | (1+2)*3",
                "sha256 of: hello | hello",
                "count the words in \"two humps\" | two humps",
                "hash 'two humps', please | two humps",
                "what's it that doesn't find my key? | what's it that doesn't find my key?",
                "read https://example.org/a?b=c. | https://example.org/a?b=c",
                "which weekday is 2026-11-28? | 2026-11-28",
                "who has two humps? | who has two humps?",
            })
    void findsWhatAToolMayWant(String question, String likeliest) {
        assertThat(QuestionSpans.of(question)).first().isEqualTo(likeliest);
        assertThat(QuestionSpans.of(question)).endsWith(question);
    }

    @ParameterizedTest
    @CsvSource({"convert 10 km to miles", "the year 2026", "in -5 degrees", "version 4.18.0"})
    void takesANumberAloneForNoArithmetic(String question) {
        assertThat(QuestionSpans.of(question)).containsExactly(question);
        assertThat(QuestionSpans.explained(question)).isEqualTo(question);
    }

    @Test
    void saysInWordsWhatPartsAre() {
        assertThat(QuestionSpans.explained("what is 17 * 23?")).endsWith("(calculates an arithmetic expression)");
        assertThat(QuestionSpans.explained("read https://example.org")).endsWith("(reads a web page)");
        assertThat(QuestionSpans.explained("is 2026-11-28 a holiday")).endsWith("(about a date)");
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    @DisplayName("PARSE-07: a hostile question takes no longer than a long one")
    void isLinear() {
        for (String piece : new String[] {"(", "1+", "\"", "'", " '", "a(", "https://", "9999-99-"}) {
            assertThat(QuestionSpans.of(piece.repeat(100_000 / piece.length()))).isNotEmpty();
        }
    }
}
