package io.bactrian.core.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of text is what a person sees of it. */
class VisibleTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain text, with a tab\tand a\nline",
                "Gr\u00fc\u00dfe, \u65e5\u672c\u8a9e, \u0440\u0443\u0441\u0441\u043a\u0438\u0439, \u05e2\u05d1\u05e8\u05d9\u05ea",
                "emoji \ud83d\udc2a \u2764\ufe0f \ud83d\udc69\u200d\ud83d\ude80",
                "Persian \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
                "Arabic number sign \u0600\u0661",
                "{\"a\": [1, 2.5e3, null]}",
                "e\u0301 combining",
                "",
            })
    void isLeftAsItIs(String text) {
        assertThat(VisibleText.of(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @DisplayName("Characters that nobody sees, and that a model reads, are taken out")
    @ValueSource(
            strings = {
                "\u0000",
                "\u0007",
                "\u001b",
                "\u007f",
                "\u0091",
                "\u00ad",
                "\u034f",
                "\u061c",
                "\u115f",
                "\u17b4",
                "\u180b",
                "\u180e",
                "\u200b",
                "\u200c",
                "\u200d",
                "\u200e",
                "\u200f",
                "\u202a",
                "\u202e",
                "\u2060",
                "\u2063",
                "\u2066",
                "\u2069",
                "\u206a",
                "\u3164",
                "\ufe00",
                "\ufe0f",
                "\ufeff",
                "\uffa0",
                "\ufff9",
                "\ufff0",
                "\ud834\udd73",
                "\udb40\udc01",
                "\udb40\udc41",
                "\udb40\udc7f",
                "\udb40\udd00",
                "\udb40\uddef",
                "\ud800",
                "\udc00"
            })
    void hidesNothing(String hidden) {
        assertThat(VisibleText.of("a" + hidden + "b")).isEqualTo("ab");
        assertThat(VisibleText.of(hidden + hidden + hidden)).isEmpty();
    }

    @Test
    @DisplayName("Text in tag characters, and bits in joiners and selectors, do not get through")
    void carriesNoSecondText() {
        StringBuilder tags = new StringBuilder("weather: fine");
        "ignore all".chars().forEach(c -> tags.appendCodePoint(0xE0000 + c));
        StringBuilder selectors = new StringBuilder("fine \ud83d\ude00");
        for (int i = 0; i < 64; i++) {
            selectors.appendCodePoint(i % 2 == 0 ? 0xFE0E : 0xFE0F);
        }
        StringBuilder joiners = new StringBuilder("fine");
        for (int i = 0; i < 64; i++) {
            joiners.append(i % 3 == 0 ? '\u200c' : '\u200d');
        }

        assertThat(VisibleText.of(tags.toString())).isEqualTo("weather: fine");
        assertThat(VisibleText.of(selectors.toString())).hasSizeLessThanOrEqualTo("fine \ud83d\ude00".length() + 1);
        assertThat(VisibleText.of(joiners.toString())).isEqualTo("fine");
    }

    @Test
    void hasOneKindOfLineEnd() {
        assertThat(VisibleText.of("a\r\nb\rc\nd\u0085e\u2028f\u2029g\u000bh\fi\r\r\nj"))
                .isEqualTo("a\nb\nc\nd\ne\nf\ng\nh\ni\n\nj");
    }

    @Test
    void isALineOfSoManyCharacters() {
        assertThat(VisibleText.line("a\nb\tc\u202e", 10)).isEqualTo("a b c");
        assertThat(VisibleText.line("0123456789", 10)).isEqualTo("0123456789");
        assertThat(VisibleText.line("0123456789x", 10)).isEqualTo("012345678…");
        assertThat(VisibleText.line("01234567\ud83d\udc2axyz", 10))
                .as("no half of a character")
                .isEqualTo("01234567…");
    }
}
