package io.bactrian.tool.builtin.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.tool.builtin.support.Answer;
import io.bactrian.tool.builtin.support.Json;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexToolsTest {

    private static final RegexTools.Flags NONE = RegexTools.Flags.NONE;

    @Test
    void findsMatchesWithTheirGroupsAndPlaces() {
        Answer answer = RegexTools.find("😀 2024-01 and 1999-12", "(?P<year>\\d{4})-(\\d\\d)", NONE, 10);

        assertThat(answer.text()).isEqualTo("2024-01\n1999-12");
        assertThat(answer.json()).isEqualTo(Json.quoted("""
                {'matches': [
                  {'match': '2024-01', 'start': 2, 'end': 9, 'groups': ['2024', '01'], 'named_groups': {'year': '2024'}},
                  {'match': '1999-12', 'start': 14, 'end': 21, 'groups': ['1999', '12'], 'named_groups': {'year': '1999'}}],
                 'count': 2, 'more': false}"""));
    }

    @Test
    void saysThatThereAreMoreMatches() {
        Answer answer = RegexTools.find("aaaa", "a", NONE, 2);

        assertThat(answer.text()).isEqualTo("a\na\n(there are more than 2 matches)");
        assertThat(RegexTools.find("aa", "a", NONE, 2).text()).isEqualTo("a\na");
    }

    @Test
    void saysThatThereIsNoMatchAndWhichGroupTookNoPart() {
        assertThat(RegexTools.find("abc", "x", NONE, 10).text()).isEqualTo("no match");
        assertThat(RegexTools.find("b", "(a)|b", NONE, 10).json().find("matches"))
                .contains(Json.quoted("[{'match':'b','start':0,'end':1,'groups':[null],'named_groups':{}}]"));
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, false, 'A\nb', ^a$, 0",
        "true, true, false, 'A\nb', ^a$, 1",
        "false, false, true, 'a\nb', a.b, 1",
        "false, false, false, 'a\nb', a.b, 0",
    })
    void readsPatternsAsTheFlagsSay(
            boolean anyCase, boolean lines, boolean dotAll, String text, String regex, int count) {
        RegexTools.Flags flags = new RegexTools.Flags(anyCase, lines, dotAll);

        assertThat(RegexTools.find(text, regex, flags, 10).json().find("count"))
                .contains(Json.of(Integer.toString(count)));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "John Smith, (\\w+) (\\w+), '$2, $1', 'Smith, John'",
        "a1b22, \\d+, <$0>, a<1>b<22>",
        "a1b22, \\d+, <${0}0>, a<10>b<220>",
        "5, (?P<n>\\d), ${n}${n}, 55",
        "5, \\d, $$, $",
        "5, \\d, 'US$ ', 'US$ '",
        "abc, x*, -, -a-b-c-",
        "b, (a)|b, [$1], []",
        "a.b, \\., 'a\\b', aa\\bb",
    })
    void replaces(String text, String regex, String replacement, String expected) {
        assertThat(RegexTools.replace(text, regex, replacement, false, NONE).text())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @DisplayName("PARSE-08: a literal replacement is echoed as it is")
    @ValueSource(strings = {"${jndi:ldap://127.0.0.1/a}", "{{7*7}}", "$1", "\\1", "#{x}", "'; drop table tenants; --"})
    void putsLiteralReplacementsInAsTheyAre(String replacement) {
        assertThat(RegexTools.replace("a-b", "-", replacement, true, NONE).text())
                .isEqualTo("a" + replacement + "b");
    }

    @ParameterizedTest
    @CsvSource({"$1, '1'", "$12, '12'", "${name}, 'name'", "${9}, '9'"})
    void saysWhichGroupIsMissing(String replacement, String group) {
        assertThatThrownBy(() -> RegexTools.replace("a", "a", replacement, false, NONE))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("replacement: the pattern has no group '" + group + "'; it has 0 groups");
    }

    @Test
    @DisplayName("PARSE-04: results end")
    void boundsWhatComesOut() {
        assertThatThrownBy(() -> RegexTools.replace("a".repeat(100_000), "a", "b".repeat(1_000), false, NONE))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("longer than 2000000 characters");
        assertThatThrownBy(() -> RegexTools.find("a".repeat(100_000), "(".repeat(40) + "a*" + ")".repeat(40), NONE, 1))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("finds more than 2000000 characters");
        assertThatThrownBy(() -> RegexTools.find("a".repeat(1_000_001), "a", NONE, 1))
                .hasMessage("text: has 1000001 characters; at most 1000000 are accepted");
        assertThatThrownBy(() -> RegexTools.find("a", "a", NONE, 0))
                .hasMessage("max_matches: is 0; accepted are whole numbers from 1 to 1000");
    }

    @ParameterizedTest
    @DisplayName("PARSE-07: catastrophic patterns finish fast or are refused")
    @ValueSource(strings = {"(a+)+$", "(a|aa)+$", "(.*a){20}b", "a.*b|a", "(a?){200}a{200}", "((a{9}){9}){9}"})
    void endsWhateverThePattern(String regex) {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(8), () -> {
            try {
                assertThat(RegexTools.replace("a".repeat(200_000) + "!", regex, "", true, NONE)
                                .text())
                        .endsWith("!");
            } catch (BadRequestException refused) {
                assertThat(refused).hasMessageContaining("takes too many steps");
            }
        });
    }
}
