package io.bactrian.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinearPatternTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = ' ',
            value = {
                "b abc true",
                "^b abc false",
                "^a.c$ abc true",
                "^(?:a|b)+$ abab true",
                "^(?<name>a)(b)$ ab true",
                "^[^]$ x true",
                "[] x false",
                "^[[:alpha:]]$ b] false",
                "^[[:alpha:]]$ :] true",
                "^[a[]$ [ true",
                "^\\d{2,3}?$ 123 true",
                "^\\d{2,3}?$ 1 false",
                "^a{0}b$ b true",
                "^a{2,}$ a false",
                "^a{2,}$ aaaa true",
                "^a{,2}$ a{,2} true",
                "^x{$ x{ true",
                "^\\u00e9$ é true",
                "^\\u{1f42b}$ 🐫 true",
                "^\\ud83d\\udc2b$ 🐫 true",
                "^.$ 🐫 true",
                "^[\\u0061-\\u0063]+$ abc true",
                "^\\x41\\/\\-\\.$ A/-. true",
                "^\\p{Letter}\\p{Lu}\\P{N}$ éÉx true",
                "^\\p{Script=Greek}$ λ true",
                "^[\\w.-]+$ a.b-c true",
                "^[\\w-.]+$ a.b-c true",
                "\\bfox\\b fox true",
                "^a*?b+?c??$ aabbc true",
                "^()$ x false"
            })
    void matchesAsEcmaDoes(String expression, String text, boolean matches) {
        assertThat(LinearPattern.compile(expression).matches(text)).isEqualTo(matches);
    }

    @Test
    void takesAnchorsAndControlsAsEcmaDoes() {
        assertThat(LinearPattern.compile("^a$").matches("a\n")).isFalse();
        assertThat(LinearPattern.compile("^[$]$").matches("$")).isTrue();
        assertThat(LinearPattern.compile("^\\cA[\\b]$").matches("\u0001\b")).isTrue();
        assertThat(LinearPattern.compile("^\\$$").matches("$")).isTrue();
    }

    @Test
    void repeatsMoreOftenThanRe2DoesAtOnce() {
        LinearPattern pattern = LinearPattern.compile("^[ab]{1,2048}$");

        assertThat(pattern.matches("a".repeat(2048))).isTrue();
        assertThat(pattern.matches("a".repeat(2049))).isFalse();
        assertThat(pattern.matches("")).isFalse();
        assertThat(LinearPattern.compile("^a{1500}$").matches("a".repeat(1500))).isTrue();
        assertThat(LinearPattern.compile("^a{1500}$").matches("a".repeat(1499))).isFalse();
        assertThat(LinearPattern.compile("^a{1500,}$").matches("a".repeat(4000)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                ")",
                "[",
                "[a",
                "a)",
                "(a",
                "*",
                "a**",
                "+",
                "?",
                "a{2}{3}",
                "a{2}*",
                "a{3,2}",
                "|*",
                "(*)",
                "\\",
                "[z-a]",
                "\\u12",
                "\\u{110000}",
                "\\u{}",
                "\\p{NoSuchThing}",
                "\\p",
                "\\pL",
                "\\a",
                "\\Z",
                "\\Qa\\E",
                "(?",
                "(?<a",
                "\\x4"
            })
    void refusesWhatIsNoExpression(String expression) {
        assertThatExceptionOfType(LinearPattern.Refused.class).isThrownBy(() -> LinearPattern.compile(expression));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?=a)b",
                "(?!a)b",
                "(?<=a)b",
                "(?<!a)b",
                "(a)\\1",
                "(?<n>a)\\k<n>",
                "(?>a)",
                "(?i)a",
                "(?R)",
                "(?1)"
            })
    @DisplayName("PARSE-07: what needs backtracking is refused")
    void refusesBacktracking(String expression) {
        assertThatExceptionOfType(LinearPattern.Refused.class).isThrownBy(() -> LinearPattern.compile(expression));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{1000}){1000}){1000}",
                "(((((a{100}){100}){100}){100}){100})",
                "a{100000}",
                "a{999999,}",
                "(a{0,1000}){0,1000}",
                "(?:(?:(?:x{2}){2}){2}){1000}",
                "([a-z]{70}){80}"
            })
    @DisplayName("PARSE-07: short expressions that are huge when written out are refused before they are")
    void refusesWhatIsHugeWrittenOut(String expression) {
        assertTimeoutPreemptively(Duration.ofSeconds(2), () -> assertThatExceptionOfType(LinearPattern.Refused.class)
                .isThrownBy(() -> LinearPattern.compile(expression))
                .withMessageContaining("states"));
    }

    @Test
    void refusesLongExpressions() {
        assertThatExceptionOfType(LinearPattern.Refused.class)
                .isThrownBy(() -> LinearPattern.compile("a".repeat(2_001)))
                .withMessageContaining("2000 characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+$",
                "^(a+)+$",
                "(a*)*b",
                "(a|aa)+$",
                "^(a|a?)+$",
                "^(a|b|ab)*c",
                "(.*a){11}$",
                "(x+x+)+y",
                "^(([a-z])+.)+[A-Z]([a-z])+$",
                "^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+$"
            })
    @DisplayName("PARSE-07: expressions that are catastrophic elsewhere take time in proportion to the text")
    void isNotCatastrophic(String expression) {
        LinearPattern pattern = LinearPattern.compile(expression);
        String text = "a".repeat(5_000) + "!";

        boolean found = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> pattern.matches(text));

        assertThat(found).isFalse();
    }

    @Test
    @DisplayName("PARSE-07: 20,000 random expressions match as Java's engine does, or are refused")
    void agreesWithAnotherEngine() {
        long seed = Long.getLong("bactrian.fuzz.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        int compared = 0;
        for (int i = 0; i < 20_000; i++) {
            String expression = expression(random, 0);
            String text = text(random);
            LinearPattern pattern = LinearPattern.compile(expression);
            assertThat(pattern.matches(text))
                    .as("seed " + seed + ", round " + i + ": " + expression + " in " + text)
                    .isEqualTo(Pattern.compile(expression).matcher(text).find());
            compared++;
        }
        assertThat(compared).isEqualTo(20_000);
    }

    /** Expressions that mean the same to ECMA and Java. */
    private static String expression(SplittableRandom random, int depth) {
        // within groups, Java's engine takes the beginning of the text for something that can be there once
        StringBuilder expression = new StringBuilder(depth == 0 && random.nextInt(6) == 0 ? "^" : "");
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            expression.append(atom(random, depth)).append(quantifier(random));
        }
        return expression.append(random.nextInt(8) == 0 ? "|b" : "").toString();
    }

    private static String atom(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth < 2 ? 8 : 6)) {
            case 0 -> "a";
            case 1 -> "b";
            case 2 -> "[ab]";
            case 3 -> "[^a]";
            case 4 -> ".";
            case 5 -> "\\d";
            case 6 -> "(" + expression(random, depth + 1) + ")";
            default -> "(?:" + expression(random, depth + 1) + ")";
        };
    }

    private static String quantifier(SplittableRandom random) {
        String[] all = {"", "", "", "*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}", "*?", "{1,2}?", "{0}"};
        return all[random.nextInt(all.length)];
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(10); i > 0; i--) {
            text.append("aab1".charAt(random.nextInt(4)));
        }
        return text.toString();
    }
}
