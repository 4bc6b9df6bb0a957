package io.bactrian.json;

import static io.bactrian.json.SampleTools.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolInvokeFrom;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.ToolRuntime;
import io.bactrian.core.tool.ToolStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** One tool, many calls: the declaration is shared, what a call brings is not. */
class ToolForkTest {

    private final Tool tool = SampleTools.of(
            ToolParameter.llm("city", ToolParameterType.STRING, ""),
            ToolParameter.form("unit", ToolParameterType.STRING, "").defaultValue("C"));

    @Test
    void sharesTheDeclarationAndNeverTheRuntime() {
        ToolRuntime first = SampleTools.runtime(ToolInvokeFrom.AGENT, object("{\"unit\":\"F\"}"));
        ToolRuntime second = SampleTools.runtime(ToolInvokeFrom.WORKFLOW, JsonObject.EMPTY);

        Tool one = tool.forkToolRuntime(first);
        Tool two = one.forkToolRuntime(second);

        assertThat(one.entity()).isSameAs(tool.entity()).isSameAs(two.entity());
        assertThat(one).isNotSameAs(tool).isNotSameAs(two);
        assertThat(one.runtime()).containsSame(first);
        assertThat(two.runtime()).containsSame(second);
        assertThat(tool.runtime()).isEmpty();
        assertThat(one.toolProviderType()).isEqualTo(tool.toolProviderType()).isEqualTo(ToolProviderType.BUILTIN);
        assertThat(one.functionSchema()).isEqualTo(tool.functionSchema());
        assertThat(text(one.invoke(object("{\"city\":\"Rome\"}")))).isEqualTo("{\"city\":\"Rome\",\"unit\":\"F\"}");
        assertThat(text(two.invoke(object("{\"city\":\"Rome\"}")))).isEqualTo("{\"city\":\"Rome\",\"unit\":\"C\"}");
    }

    @Test
    void isNotCalledWithoutARuntime() {
        assertThatIllegalStateException()
                .isThrownBy(() -> tool.invoke(JsonObject.EMPTY))
                .withMessageContaining("fork it");
    }

    @Test
    void trustsARouteWithWhatItDoesNotTrustAModelWith() {
        JsonObject given = object("{\"city\":\"Rome\",\"unit\":\"K\"}");

        Tool byRoute = tool.forkToolRuntime(SampleTools.runtime(ToolInvokeFrom.WORKFLOW, JsonObject.EMPTY));
        Tool byModel = tool.forkToolRuntime(SampleTools.runtime(ToolInvokeFrom.AGENT, JsonObject.EMPTY));

        assertThat(text(byRoute.invoke(given))).isEqualTo("{\"city\":\"Rome\",\"unit\":\"K\"}");
        assertThat(text(byModel.invoke(given))).isEqualTo("{\"city\":\"Rome\",\"unit\":\"C\"}");
    }

    @Test
    void givesTheFunctionNothingThatDidNotFit() {
        List<String> calls = new ArrayList<>();
        Tool recording = new Tool(
                ToolProviderType.BUILTIN,
                ToolEntity.of("sample", "count", "")
                        .parameter(ToolParameter.llm("n", ToolParameterType.NUMBER, "")
                                .required())
                        .build(),
                (arguments, runtime) -> {
                    calls.add(SampleTools.text(arguments.values()));
                    return ToolStream.ofText("done");
                },
                ToolJson.codec());
        Tool forked = recording.forkToolRuntime(SampleTools.runtime(ToolInvokeFrom.AGENT, JsonObject.EMPTY));

        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> forked.invoke(object("{\"n\":\"many\"}")));
        forked.invoke(object("{\"n\":\"7\",\"m\":8}"));

        assertThat(calls).containsExactly("{\"n\":7}");
    }

    @Test
    void servesManyCallsAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                String unit = "u" + i;
                answers.add(threads.submit(() -> text(
                        tool.forkToolRuntime(SampleTools.runtime(ToolInvokeFrom.AGENT, JsonObject.of("unit", unit)))
                                .invoke(JsonObject.of("city", unit)))));
            }
            for (int i = 0; i < 1_000; i++) {
                assertThat(answers.get(i).get()).isEqualTo("{\"city\":\"u" + i + "\",\"unit\":\"u" + i + "\"}");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static String text(ToolStream stream) {
        try (stream) {
            ToolInvokeMessage message = stream.next();
            assertThat(stream.hasNext()).isFalse();
            return ((ToolInvokeMessage.Text) message).text();
        }
    }
}
