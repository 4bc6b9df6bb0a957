package io.bactrian.core.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The names by which models call tools: legal, each for one tool, and always the same. */
class ToolAliasesTest {

    private static final String LEGAL = "[A-Za-z_][A-Za-z0-9_-]{0,63}";

    private static ToolAddress builtin(String provider, String tool) {
        return new ToolAddress(ToolProviderType.BUILTIN, provider, tool);
    }

    private static List<ToolAddress> addresses(String... providersAndTools) {
        return Arrays.stream(providersAndTools)
                .map(text -> builtin(text.substring(0, text.indexOf('/')), text.substring(text.indexOf('/') + 1)))
                .toList();
    }

    private static String alias(ToolAliases aliases, String provider, String tool) {
        return aliases.aliasOf(builtin(provider, tool)).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "time/now mail/send, now send",
        "time/now moon/now mail/send, time_now moon_now send",
        "time/now moon/now x/time_now, builtin_time_now moon_now time_now",
        "time/now, now",
        "my-time/right_now, right_now",
    })
    void keepAToolsOwnNameWhereItIsTheOnlyOne(String tools, String names) {
        List<ToolAddress> given = addresses(tools.split(" "));

        ToolAliases aliases = ToolAliases.of(given);

        assertThat(given.stream().map(address -> aliases.aliasOf(address).orElseThrow()))
                .containsExactly(names.split(" "));
    }

    @Test
    void findTheToolThatIsMeantAndNoOther() {
        ToolAliases aliases = ToolAliases.of(addresses("time/now", "moon/now"));

        assertThat(aliases.find("moon_now")).contains(builtin("moon", "now"));
        assertThat(aliases.find("now")).isEmpty();
        assertThat(aliases.find("")).isEmpty();
        assertThat(aliases.aliasOf(builtin("sun", "now"))).isEmpty();
        assertThat(aliases.all()).hasSize(2);
    }

    @Test
    void tellKindsApart() {
        ToolAddress builtin = builtin("time", "now");
        ToolAddress mcp = new ToolAddress(ToolProviderType.MCP, "time", "now");

        ToolAliases aliases = ToolAliases.of(List.of(mcp, builtin));

        assertThat(aliases.aliasOf(builtin)).contains("time_now");
        assertThat(aliases.aliasOf(mcp)).contains("mcp_time_now");
    }

    @Test
    @DisplayName("Another tool never takes a name away that only one tool has, however it is called itself")
    void leaveEachToolTheNameThatIsItsAlone() {
        ToolAliases aliases = ToolAliases.of(addresses("a/b", "c/b", "z/a_b", "z/c_b"));

        assertThat(alias(aliases, "z", "a_b")).isEqualTo("a_b");
        assertThat(alias(aliases, "z", "c_b")).isEqualTo("c_b");
        assertThat(alias(aliases, "a", "b")).isEqualTo("builtin_a_b");
        assertThat(alias(aliases, "c", "b")).isEqualTo("builtin_c_b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"now now", "wähle", "get.item", "日本", "1st", "-x", "a:b/c", "search?q=1", "ümläut", "x\"y"})
    void areLegalWhateverAToolIsCalled(String name) {
        ToolAliases aliases = ToolAliases.of(List.of(builtin("web", name)));

        String alias = alias(aliases, "web", name);

        assertThat(alias).matches(LEGAL);
        assertThat(aliases.find(alias)).contains(builtin("web", name));
    }

    @Test
    void areNoLongerThanEveryProviderTakes() {
        String longest = "x".repeat(128);
        List<ToolAddress> given = List.of(
                builtin(longest, longest), builtin(longest, "y".repeat(128)), builtin("y".repeat(128), longest));

        ToolAliases aliases = ToolAliases.of(given);

        assertThat(aliases.all().keySet()).hasSize(3).allMatch(alias -> alias.matches(LEGAL));
    }

    @Test
    @DisplayName("Names that differ only in what no model may write stay two names")
    void doNotMeetInOneName() {
        List<ToolAddress> given =
                addresses("web/get item", "web/get.item", "web/get_item", "web/get:item", "web/get?item");

        ToolAliases aliases = ToolAliases.of(given);

        assertThat(aliases.all().values()).containsExactlyInAnyOrderElementsOf(given);
        assertThat(alias(aliases, "web", "get_item")).isEqualTo("get_item");
    }

    @Test
    @DisplayName("Tools that were named to collide with each other's marked names are told apart all the same")
    void surviveNamesThatAreMadeToCollide() {
        ToolAddress victim = builtin("web", "get item");
        String marked = ToolAliases.of(List.of(victim)).aliasOf(victim).orElseThrow();
        List<ToolAddress> given = List.of(
                victim,
                builtin("rogue", marked),
                builtin("rogue2", marked),
                builtin("web", "rogue_" + marked),
                builtin("x", "builtin_rogue_" + marked));

        ToolAliases aliases = ToolAliases.of(given);

        assertThat(aliases.all().values()).containsExactlyInAnyOrderElementsOf(given);
        for (ToolAddress address : given) {
            assertThat(aliases.find(aliases.aliasOf(address).orElseThrow())).contains(address);
        }
    }

    @Test
    void areTheSameInWhateverOrderToolsCome() {
        List<ToolAddress> given = new ArrayList<>();
        for (String provider : List.of("a", "b", "c", "a_b", "A")) {
            for (String tool : List.of("now", "b_now", "x y", "x.y", "1", "now ")) {
                given.add(builtin(provider, tool));
            }
        }
        ToolAliases expected = ToolAliases.of(given);
        Random random = new Random(7);

        for (int i = 0; i < 50; i++) {
            Collections.shuffle(given, random);
            ToolAliases aliases = ToolAliases.of(given);
            assertThat(aliases.all()).isEqualTo(expected.all());
        }
        assertThat(expected.all()).hasSize(30);
    }

    @Test
    void nameAThousandToolsOfOneName() {
        List<ToolAddress> given = IntStream.range(0, 1_000)
                .mapToObj(i -> builtin("provider" + i, "search"))
                .toList();

        assertThat(ToolAliases.of(given).all()).hasSize(1_000);
    }
}
