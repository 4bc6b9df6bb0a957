package io.bactrian.core.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tools are meant. */
class ToolPatternTest {

    private static final Tool NOW = SampleTool.tool(ToolProviderType.BUILTIN, "time", "now", "Clock", "readonly");
    private static final Tool ORDERS = SampleTool.tool(ToolProviderType.WORKFLOW, "orders", "orders");
    private static final Tool CHARTS = SampleTool.tool(ToolProviderType.PLUGIN, "acme/charts", "draw");

    @ParameterizedTest
    @CsvSource({
        "now, true",
        "time/now, true",
        "tool-builtin:time/now, true",
        "*, true",
        "n*, true",
        "*w, true",
        "n*w, true",
        "*o*, true",
        "time/*, true",
        "*/now, true",
        "tool-builtin:*, true",
        "tool-*:time/n*w, true",
        "#readonly, true",
        "#READONLY, true",
        "#clock, true",
        "' now ', true",
        "Now, false",
        "no, false",
        "nows, false",
        "time, false",
        "time/, false",
        "builtin:time/now, false",
        "tool-mcp:*, false",
        "n*n, false",
        "now*now, false",
        "#now, false",
        "#clo*, false",
        "#, false",
    })
    void meansAToolByItsNamesOrItsTags(String pattern, boolean meant) {
        if (pattern.equals("#")) {
            assertThatThrownBy(() -> ToolPattern.of(pattern)).isInstanceOf(IllegalArgumentException.class);
            return;
        }
        assertThat(ToolPattern.of(pattern).matches(NOW)).isEqualTo(meant);
    }

    @Test
    void meansToolsOfOtherKinds() {
        assertThat(ToolPattern.of("tool-workflow:orders").matches(ORDERS)).isTrue();
        assertThat(ToolPattern.of("orders").matches(ORDERS)).isTrue();
        assertThat(ToolPattern.of("acme/charts/draw").matches(CHARTS)).isTrue();
        assertThat(ToolPattern.of("tool-plugin:acme/*").matches(CHARTS)).isTrue();
        assertThat(ToolPattern.of("charts/draw").matches(CHARTS)).isFalse();
    }

    @Test
    void namesToolsOneByOneUnlessItIsATagOrHasAStar() {
        assertThat(ToolPattern.of("now").isExact()).isTrue();
        assertThat(ToolPattern.of("time/now").isExact()).isTrue();
        assertThat(ToolPattern.of("time/*").isExact()).isFalse();
        assertThat(ToolPattern.of("#clock").isExact()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "#", " # "})
    void refusesWhatNamesNothing(String pattern) {
        assertThatThrownBy(() -> ToolPattern.of(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NAME, PROVIDER/NAME, KIND:PROVIDER/NAME");
    }

    @Test
    void refusesWhatIsLongerThanAnyName() {
        assertThat(ToolPattern.of("x".repeat(512)).matches(NOW)).isFalse();
        assertThatThrownBy(() -> ToolPattern.of("x".repeat(513))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsAListWithCommas() {
        assertThat(ToolPattern.list(" now , time/* ,, #clock,"))
                .extracting(Object::toString)
                .containsExactly("now", "time/*", "#clock");
        assertThat(ToolPattern.list(" ")).isEmpty();
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.SECONDS)
    void takesNoLongerForManyStars() {
        Tool tool = SampleTool.tool(ToolProviderType.BUILTIN, "p", "a".repeat(128));
        ToolPattern pattern = ToolPattern.of("*a".repeat(250) + "*b");

        for (int i = 0; i < 10_000; i++) {
            assertThat(pattern.matches(tool)).isFalse();
        }
    }
}
