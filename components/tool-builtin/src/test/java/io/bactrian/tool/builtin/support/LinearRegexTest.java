package io.bactrian.tool.builtin.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.bactrian.core.error.BadRequestException;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearRegexTest {

    private static int countMatches(String regex, String text) {
        Matcher matcher = LinearRegex.compile("pattern", regex, 0).matcher(text);
        int count = 0;
        while (matcher.find()) {
            count++;
        }
        return count;
    }

    @Test
    void findsWhatThePatternSays() {
        assertThat(countMatches("\\d{4}-\\d{2}", "2024-01 and 1999-12")).isEqualTo(2);
        assertThat(countMatches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "6fa459ea-ee8a-3ca4-894e-db77e160355e"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @DisplayName("PARSE-07: catastrophic patterns finish fast")
    @ValueSource(
            strings = {"(a+)+$", "(a*)*b", "(a|aa)+$", "(a|a?)+$", "(.*a){12}b", "^(a?){30}a{30}$", "(?i)(x+x+)+y"})
    void finishesFastOnCatastrophicPatterns(String regex) {
        Assertions.assertTimeoutPreemptively(
                Duration.ofMillis(1_500), () -> countMatches(regex, "a".repeat(2_000) + "!" + "x".repeat(2_000)));
    }

    @ParameterizedTest
    @DisplayName("PARSE-07: what would fill the memory is refused before it is compiled")
    @ValueSource(
            strings = {
                "((a{900}){900}){900}",
                "(((((x{10}){10}){10}){10}){10}){10}",
                "(((){1000}){1000}){1000}",
                "((|){1000}){1000}",
                "(\\pL{500}){500}",
                "([[:alpha:]]{500}){500}",
                "([]a]{500}){500}",
                "(\\Qab\\E{900}){900}",
                "(\\x{61}{900}){900}",
                "((?i:a){900}){900}",
                "a{1000}{1000}{1000}",
                "(a{0,1000}){0,1000}",
                "(a{2,}){1000}{1000,}",
                "a{99999999999999999999}",
            })
    void refusesPatternsThatGrow(String regex) {
        assertThatThrownBy(() -> LinearRegex.compile("pattern", regex, 0))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("pattern: ");
    }

    @Test
    void refusesWhatIsNoPattern() {
        for (String regex :
                new String[] {"(", "[a", "a**", "(?=x)", "(\\w)\\1", "\\", "*", "(?<n", "\\p{Zz}", "x{2,1}"}) {
            assertThatThrownBy(() -> LinearRegex.compile("pattern", regex, 0))
                    .as(regex)
                    .isInstanceOf(BadRequestException.class)
                    .hasMessageContaining("is no regular expression of RE2");
        }
        assertThatThrownBy(() -> LinearRegex.compile("pattern", "a".repeat(1_001), 0))
                .hasMessageContaining("at most 1000 are accepted");
    }

    @Test
    @DisplayName("PARSE-07: many matches that each look at the whole text run out of steps")
    void endsWhenEveryMatchLooksAhead() {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> assertThatThrownBy(() -> countMatches("a.*b|a", "a".repeat(500_000)))
                        .isInstanceOf(BadRequestException.class)
                        .hasMessageContaining("takes too many steps"));
    }

    @Test
    void neverUnderestimatesByMuch() {
        SplittableRandom random = new SplittableRandom(3);
        String[] pieces = {
            "a",
            "b",
            "(",
            ")",
            "(?:",
            "|",
            "*",
            "+",
            "?",
            "{3}",
            "{2,}",
            "{0,4}",
            "[",
            "]",
            "[^",
            "[:alpha:]",
            "\\d",
            "\\pL",
            "\\p{Greek}",
            "\\Q",
            "\\E",
            ".",
            "^",
            "$",
            "\\]",
            "\\[",
            "{",
            "}",
            "\\x{61}",
            "(?i)",
            "-",
            "{9",
            ",",
            "(?P<n>",
            "\\b",
            "😀"
        };
        int compiled = 0;
        for (int i = 0; i < 60_000; i++) {
            StringBuilder regex = new StringBuilder();
            for (int n = random.nextInt(1, 12); n > 0; n--) {
                regex.append(pieces[random.nextInt(pieces.length)]);
            }
            if (RegexSize.of(regex.toString()) > 5_000) {
                continue;
            }
            try {
                int size = Pattern.compile(regex.toString()).programSize();
                assertThat((long) size)
                        .as(regex.toString())
                        .isLessThanOrEqualTo(2 * RegexSize.of(regex.toString()) + 4);
                compiled++;
            } catch (PatternSyntaxException wrong) {
                assertThat(wrong.getDescription()).isNotEmpty();
            }
        }
        assertThat(compiled).isGreaterThan(5_000);
    }
}
