package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.testkit.CanaryScanner;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.console.DevConsole;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.impl.health.DefaultHealthCheckRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An endpoint's options, its health check and what the console shows of it. */
class AgentEndpointTest extends AgentTestBase {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "model=gpt                      | model|it is PROVIDER/MODEL, or default",
                "model=/gpt                     | model|",
                "model=openai/                  | model|",
                "credential=main                | credential|it needs the option model",
                "model=a/b&credential=x123456789012345678901234567890 | credential|",
                "tenant=Not A Tenant            | tenant|",
                "tools=%23                      | tools|tools are named by NAME",
                "ask=%23                        | ask|",
                "missingTools=perhaps           | missingTools|it is fail or ignore",
                "form.weather=x                 | form.|it is form.TOOL.PARAMETER",
                "form.weather.=x                | form.|",
                "toolCredential.mail=%20        | toolCredential.|",
                "jsonSchema=nothing             | jsonSchema|it is a JSON object",
                "jsonSchema=classpath:none.json | jsonSchema|there is no such resource",
                "jsonSchema=RAW({\"type\":7})   | jsonSchema|",
                "maxIterations=-1               | maxIterations|it is from 0 to 99",
                "maxIterations=100              | maxIterations|",
                "tokenBudget=-1                 | tokenBudget|",
                "priceBudget=0                  | priceBudget|it is more than nothing",
                "priceBudget=much               | priceBudget|it is an amount such as 0.50",
                "parallel=-1                    | parallel|",
                "parallel=257                   | parallel|",
                "historyMessages=0              | historyMessages|",
                "timeout=0                      | timeout|it is more than nothing, such as 30s",
            })
    void refusesWrongOptionsNamingTheOptionAndTheRule(String options, String option, String rule) {
        start();

        assertThatThrownBy(() -> context.getEndpoint("agent:helper?" + options))
                .rootCause()
                .hasMessageContaining(
                        "the option " + option + " of an agent: endpoint is wrong: " + (rule == null ? "" : rule));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "-x", "x%2Fy", "x?y", "Ünïcode", "x%0Ay"})
    void refusesNamesThatAreNone(String name) {
        start();

        assertThatThrownBy(() -> context.getEndpoint("agent:" + name)).isInstanceOf(Exception.class);
    }

    @Test
    void takesANameOfSixtyFourCharactersAndNoLonger() {
        start();

        assertThat(context.getEndpoint("agent:" + "x".repeat(64), AgentEndpoint.class)
                        .getName())
                .hasSize(64);
        assertThatThrownBy(() -> context.getEndpoint("agent:" + "x".repeat(65)))
                .rootCause()
                .hasMessageContaining("1 to 64");
    }

    @ParameterizedTest
    @DisplayName("HDR-15: an option that there is not is refused, and its value is not said")
    @ValueSource(strings = {"apiKey=", "api_key=RAW(a)b&c)", "key.x=", "credentials="})
    void refusesUnknownOptionsWithoutTheirValues(String option) {
        CanaryScanner scanner = new CanaryScanner();
        String canary = scanner.plant("option");
        start();

        Throwable error = null;
        try {
            context.getEndpoint(AGENT + "&" + option + canary);
        } catch (Exception e) {
            error = e;
        }

        assertThat(error).isNotNull();
        scanner.assertNowhereIn(error);
    }

    @Test
    @DisplayName("HDR-15: the value of a wrong option is not said either")
    void doesNotSayTheValueOfAWrongOption() {
        CanaryScanner scanner = new CanaryScanner();
        String canary = scanner.plant("credential");
        start();

        assertThatThrownBy(() -> context.getEndpoint("agent:helper?model=a/b&credential=%23" + canary))
                .satisfies(scanner::assertNowhereIn);
        assertThatThrownBy(() -> context.getEndpoint("agent:helper?jsonSchema=" + canary))
                .satisfies(scanner::assertNowhereIn);
    }

    @Test
    void hasTheOptionsOfTheComponentUnlessItSetsItsOwn() {
        AgentComponent component = context.getComponent("agent", AgentComponent.class);
        component.getConfiguration().setMaxIterations(3);
        component.getConfiguration().setTools("now");
        start();

        AgentSettings settings =
                context.getEndpoint("agent:one", AgentEndpoint.class).settings();
        AgentSettings other = context.getEndpoint("agent:two?maxIterations=4", AgentEndpoint.class)
                .settings();

        assertThat(settings.maxIterations()).isEqualTo(3);
        assertThat(settings.tools()).hasToString("[now]");
        assertThat(other.maxIterations()).isEqualTo(4);
        assertThat(component.getConfiguration().getMaxIterations()).isEqualTo(3);
    }

    @Test
    void isAskedAndNotConsumedFrom() {
        start();

        assertThatThrownBy(() -> context.getEndpoint(AGENT).createConsumer(exchange -> {}))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    @DisplayName("HDR-07: an expression brings a name or a value, and no option that the route does not have")
    void refusesOptionsThatAnExpressionBrings() throws Exception {
        tools.text("mail", "send", (what, runtime) -> "sent");
        model.call("send", "{}").reply("done").reply("done");
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").toD("agent:${header.which}?model=openai/gpt-4o-mini&systemMessage=${header.said}");
            }
        });

        for (String smuggled :
                new String[] {"helper?tools=*", "helper?tools=*&x=", "helper%3Ftools=*", "helper&tools=*"}) {
            Exchange answered = send("direct:ask", "hello", exchange -> {
                exchange.getMessage().setHeader("which", smuggled);
                exchange.getMessage().setHeader("said", "Be brief.");
            });
            assertThat(answered.getException()).as(smuggled).isNotNull();
        }
        Exchange value = send("direct:ask", "hello", exchange -> {
            exchange.getMessage().setHeader("which", "helper");
            exchange.getMessage().setHeader("said", "Be brief.&tools=*");
        });
        assertThat(value.getException()).isInstanceOf(BadRequestException.class).hasMessageContaining("[tools]");
        assertThat(tools.calls).isEmpty();
        assertThat(model.asked()).isEmpty();

        Exchange answered = send("direct:ask", "hello", exchange -> {
            exchange.getMessage().setHeader("which", "helper");
            exchange.getMessage().setHeader("said", "Be brief.");
        });
        assertThat(answered.getException()).isNull();
        assertThat(shownTools()).isEmpty();
        assertThat(asked(0).messages().get(0).text()).isEqualTo("Be brief.");
    }

    private void watchHealth() {
        HealthCheckRegistry registry = HealthCheckHelper.getHealthCheckRegistry(context);
        if (registry == null) {
            registry = new DefaultHealthCheckRegistry(context);
            context.getCamelContextExtension().addContextPlugin(HealthCheckRegistry.class, registry);
        }
        registry.setEnabled(true);
        HealthCheckRepository producers = (HealthCheckRepository) registry.resolveById("producers");
        producers.setEnabled(true);
        registry.register(producers);
    }

    private HealthCheck.Result health() {
        return HealthCheckHelper.invokeReadiness(context).stream()
                .filter(result -> "agent".equals(result.getCheck().getGroup()))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&stream=true"})
    void isNotReadyAfterThreeRunsInARowGotNoAnswer(String stream) throws Exception {
        watchHealth();
        for (int i = 0; i < 3; i++) {
            model.fail(new UnavailableException(ErrorCode.CONNECTION_FAILED, "no connection"));
        }
        model.reply("Here I am.");
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to(AGENT + stream).convertBodyTo(String.class);
            }
        });
        assertThat(health().getState()).isEqualTo(HealthCheck.State.UP);

        for (int i = 0; i < 3; i++) {
            assertThat(send("direct:ask", "hello", exchange -> {}).getException())
                    .isNotNull();
        }

        assertThat(health().getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health().getDetails())
                .containsEntry("agent", "helper")
                .containsEntry("error.code", "connection_error");
        send("direct:ask", "hello", exchange -> {});
        assertThat(health().getState()).isEqualTo(HealthCheck.State.UP);
        context.getRouteController().stopAllRoutes();
    }

    @Test
    void showsAgentsAndTheirRunsOnTheConsole() throws Exception {
        tools.text("mail", "send", (what, runtime) -> "sent");
        model.reply("one").stall("two");
        start();
        ask(WITH_TOOLS + "&systemMessage=RAW(a secret instruction)", "a secret question");
        AgentStream open = template.requestBody(AGENT + "&stream=true", "hello", AgentStream.class);
        open.next();

        JsonObject shown = (JsonObject) console().call(DevConsole.MediaType.JSON, Map.of());
        String text = (String) console().call(DevConsole.MediaType.TEXT, Map.of());

        assertThat(shown).containsEntry("openStreams", 1);
        assertThat((JsonArray) shown.get("endpoints"))
                .anySatisfy(row -> assertThat((JsonObject) row)
                        .containsEntry("agent", "helper")
                        .containsEntry("model", "openai/gpt-4o-mini (llm)")
                        .containsEntry("tools", "*")
                        .containsEntry("calls", 1L)
                        .containsEntry("openRuns", 0))
                .anySatisfy(row -> assertThat((JsonObject) row)
                        .containsEntry("stream", true)
                        .containsEntry("openRuns", 1)
                        .containsEntry("runningTools", 0));
        assertThat(text).contains("agent: helper").doesNotContain("secret");
        open.close();
    }

    private DevConsole console() {
        return PluginHelper.getDevConsoleResolver(context).resolveDevConsole("agent");
    }
}
