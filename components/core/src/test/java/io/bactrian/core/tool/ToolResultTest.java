package io.bactrian.core.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.ToolInvokeMessage.Json;
import io.bactrian.core.tool.ToolInvokeMessage.Meta;
import io.bactrian.core.tool.ToolInvokeMessage.Text;
import io.bactrian.core.tool.ToolInvokeMessage.Variable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is put together out of messages. */
class ToolResultTest {

    private static final ToolInvokeMeta META = new ToolInvokeMeta(null, Duration.ZERO, null, 0, 0, List.of());

    private final ToolResult.Collector collector = new ToolResult.Collector();

    private ToolResult result() {
        return collector.result(META);
    }

    @Test
    void isTextAndStructureInTheirOrder() {
        JsonObject one = JsonObject.of("a", 1);
        JsonObject other = JsonObject.of("b", 2);
        collector.add(new Text("hel"));
        collector.add(new Json(one));
        collector.add(new Text("lo"));
        collector.add(new Json(other, true));

        assertThat(result().text()).isEqualTo("hello");
        assertThat(result().json()).containsExactly(one, other);
        assertThat(result().shown()).as("what a model is shown").containsExactly(one);
    }

    @Test
    void keepsItsVariablesInTheOrderInWhichTheyCame() {
        List<String> names = List.of("zeta", "alpha", "mid", "b", "a", "y", "x");
        names.forEach(name -> collector.add(new Variable(name, JsonValue.of(name), false)));

        assertThat(result().variables().keySet()).containsExactlyElementsOf(names);
    }

    @Test
    void appendsStreamedVariablesAndReplacesOthers() {
        collector.add(new Variable("a", new JsonString("one "), true));
        collector.add(new Variable("b", JsonValue.of(1), false));
        collector.add(new Variable("a", new JsonString("two"), true));
        collector.add(new Variable("b", JsonValue.of(2), false));
        assertThat(result().variables().get("a")).isEqualTo(new JsonString("one two"));
        assertThat(result().variables().get("b")).isEqualTo(JsonValue.of(2));

        collector.add(new Variable("a", new JsonString("new"), false));
        collector.add(new Variable("a", new JsonString("er"), true));

        assertThat(result().variables().get("a")).isEqualTo(new JsonString("newer"));
        assertThat(result().variables().keySet()).containsExactly("a", "b");
    }

    @Test
    @DisplayName("A text that is streamed in very many pieces is put together once")
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void putsManyPiecesTogether() {
        JsonString piece = new JsonString("x".repeat(100));
        for (int i = 0; i < 100_000; i++) {
            collector.add(new Variable("long", piece, true));
        }

        assertThat(((JsonString) result().variables().get("long")).value()).hasSize(10_000_000);
    }

    @Test
    void refusesBytesThatWereNotStored() {
        assertThatThrownBy(() -> collector.add(new ToolInvokeMessage.Blob(new byte[1], Meta.NONE)))
                .isInstanceOf(IllegalStateException.class);
    }
}
