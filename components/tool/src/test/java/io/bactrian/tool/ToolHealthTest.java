package io.bactrian.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tool.ToolErrors;
import io.bactrian.core.tool.ToolStream;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.console.DevConsole;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Health and console are told by the calls that pass, and make none themselves. */
class ToolHealthTest extends ToolTestBase {

    @BeforeEach
    void startRoute() throws Exception {
        HealthCheckRegistry registry = HealthCheckHelper.getHealthCheckRegistry(context);
        if (registry == null) {
            registry = new org.apache.camel.impl.health.DefaultHealthCheckRegistry(context);
            context.getCamelContextExtension().addContextPlugin(HealthCheckRegistry.class, registry);
        }
        registry.setEnabled(true);
        HealthCheckRepository producers = (HealthCheckRepository) registry.resolveById("producers");
        producers.setEnabled(true);
        registry.register(producers);
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:call").routeId("calling").to(ECHO);
            }
        });
    }

    @Test
    void isReadyWithoutTraffic() {
        assertThat(check().getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(tools.calls).isEmpty();
    }

    @Test
    void isNotReadyAfterThreeCallsInARowGotNoAnswerAndReadyAfterOneDid() {
        tools.failure = arguments -> new UnavailableException(ErrorCode.CONNECTION_FAILED, "no connection");
        ask();
        ask();
        assertThat(check().getState()).isEqualTo(HealthCheck.State.UP);
        ask();

        HealthCheck.Result down = check();
        assertThat(down.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(down.getDetails())
                .containsEntry("error.code", "connection_error")
                .containsEntry("tool", "tool:demo/echo");
        assertThat(down.getCheck().isLiveness()).isFalse();
        tools.failure = null;
        ask();
        assertThat(check().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void whatAToolCannotDoDoesNotMakeItUnready() {
        for (int i = 0; i < 5; i++) {
            tools.failure = arguments -> ToolErrors.failed("no such page");
            ask();
            tools.failure = arguments -> ToolErrors.argument("text: not that");
            ask();
        }

        assertThat(check().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void isGoneWithItsRoute() throws Exception {
        context.getRouteController().stopRoute("calling");

        assertThat(HealthCheckHelper.invokeReadiness(context))
                .noneMatch(result -> "tool".equals(result.getCheck().getGroup()));
    }

    @Test
    void theConsoleShowsEndpointsCallsAndOpenStreams() {
        ask();
        tools.failure = arguments -> ToolErrors.failed("no");
        ask();
        tools.failure = null;
        ToolStream stream = template.requestBody(STREAM, "hello", ToolStream.class);

        JsonObject shown = (JsonObject) console().call(DevConsole.MediaType.JSON, Map.of());
        String text = (String) console().call(DevConsole.MediaType.TEXT, Map.of());

        assertThat(shown).containsEntry("openStreams", 1);
        assertThat(shown.get("chain")).asString().contains("TENANT").contains("TRANSPORT");
        assertThat((JsonArray) shown.get("endpoints")).anySatisfy(row -> assertThat((JsonObject) row)
                .containsEntry("tool", "demo/echo")
                .containsEntry("calls", 2L)
                .containsEntry("failures", 1L)
                .containsEntry("lastError", "tool_invoke_error"));
        assertThat(text).contains("openStreams: 1").contains("tool: demo/echo").doesNotContain("hello");
        stream.close();
    }

    private void ask() {
        call("direct:call", "hello");
    }

    private HealthCheck.Result check() {
        return HealthCheckHelper.invokeReadiness(context).stream()
                .filter(result -> "tool".equals(result.getCheck().getGroup()))
                .findFirst()
                .orElseThrow();
    }

    private DevConsole console() {
        return PluginHelper.getDevConsoleResolver(context).resolveDevConsole("tool");
    }
}
