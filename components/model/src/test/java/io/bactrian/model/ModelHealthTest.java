package io.bactrian.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.model.ModelStream;
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
class ModelHealthTest extends ModelTestBase {

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
                from("direct:ask").to(CHAT);
            }
        });
    }

    @Test
    void isReadyWithoutTraffic() {
        assertThat(check().getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(dialect.calls).isEmpty();
    }

    @Test
    void isNotReadyAfterThreeCallsInARowGotNoAnswerAndReadyAfterOneDid() {
        dialect.failure = request -> new UnavailableException(ErrorCode.CONNECTION_FAILED, "no connection");
        ask();
        ask();
        assertThat(check().getState()).isEqualTo(HealthCheck.State.UP);
        ask();

        HealthCheck.Result down = check();
        assertThat(down.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(down.getDetails())
                .containsEntry("error.code", "connection_error")
                .containsEntry("model", "openai/gpt-4o-mini");
        assertThat(down.getCheck().isLiveness()).isFalse();
        dialect.failure = null;
        ask();
        assertThat(check().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void aCallersMistakesDoNotMakeItUnready() {
        dialect.failure = request -> new BadRequestException(ErrorCode.BAD_REQUEST, "what?");
        for (int i = 0; i < 5; i++) {
            ask();
        }

        assertThat(check().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void theConsoleShowsEndpointsCallsAndOpenStreams() {
        ask();
        dialect.failure = request -> new UnavailableException(ErrorCode.OVERLOADED, "too much");
        ask();
        dialect.failure = null;
        ModelStream stream = template.requestBody(STREAM, "hello", ModelStream.class);

        JsonObject shown = (JsonObject) console().call(DevConsole.MediaType.JSON, Map.of());
        String text = (String) console().call(DevConsole.MediaType.TEXT, Map.of());

        assertThat(shown).containsEntry("openStreams", 1);
        assertThat(shown.get("chain")).asString().contains("TENANT").contains("TRANSPORT");
        assertThat((JsonArray) shown.get("endpoints")).anySatisfy(row -> assertThat((JsonObject) row)
                .containsEntry("model", "openai/gpt-4o-mini")
                .containsEntry("calls", 2L)
                .containsEntry("failures", 1L)
                .containsEntry("lastError", "overloaded"));
        assertThat(text).contains("openStreams: 1").contains("model: openai/gpt-4o-mini");
        stream.close();
    }

    private void ask() {
        template.request("direct:ask", asked -> asked.getMessage().setBody("hello"));
    }

    private HealthCheck.Result check() {
        return HealthCheckHelper.invokeReadiness(context).stream()
                .filter(result -> "model".equals(result.getCheck().getGroup()))
                .findFirst()
                .orElseThrow();
    }

    private DevConsole console() {
        return PluginHelper.getDevConsoleResolver(context).resolveDevConsole("model");
    }
}
