package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.invoke.CallObserver;
import io.bactrian.core.invoke.Interceptor;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.invoke.InvocationReply;
import io.bactrian.core.invoke.Phase;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tool.ToolCallback;
import io.bactrian.core.tool.ToolErrors;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolRequest;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.support.BactrianConstants;
import io.bactrian.testkit.ScriptedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The calls that a run makes pass the chain like any other, one level deeper than the run itself. */
class AgentNestingTest extends AgentTestBase {

    private final List<Invocation> seen = new CopyOnWriteArrayList<>();
    private final List<String> observed = new CopyOnWriteArrayList<>();

    @BeforeEach
    void watchTheChain() {
        engine.interceptors.add(new Interceptor() {
            @Override
            public Phase phase() {
                return Phase.ACCESS;
            }

            @Override
            public InvocationReply intercept(Invocation invocation, Next next) {
                seen.add(invocation);
                return next.proceed(invocation);
            }
        });
        engine.observers.add(entered -> new CallObserver.Observation() {
            @Override
            public void firstChunk(Invocation current) {
                observed.add("a stream, though nobody asked for one");
            }

            @Override
            public void succeeded(Invocation ended, String model, @Nullable TokenUsage usage) {
                observed.add(ended.caller().requestId() + " " + ended.target() + " ok");
            }

            @Override
            public void failed(Invocation ended, Phase reached, @Nullable ErrorCode code) {
                observed.add(ended.claim().requestId() + " " + ended.target() + " " + code);
            }
        });
    }

    /** A tool that has a route do the work, as a published route does: the route's call is the tool's caller's, nested. */
    private void routeAsATool(String name, String uri) {
        tools.text("routes", name, (what, runtime) -> {
            CallerClaim claim = runtime.caller().nested("tool-workflow:" + name, new RequestId("route-of-" + name));
            Exchange answered = send(uri, what, exchange -> {
                exchange.setProperty(BactrianConstants.TENANT, claim.tenant());
                exchange.setProperty(BactrianConstants.USER, claim.user());
                exchange.setProperty(BactrianConstants.DEPTH, claim.depth());
                exchange.setProperty(BactrianConstants.PATH, claim.path());
                exchange.setProperty(BactrianConstants.SOURCE, claim.source());
                exchange.setProperty(BactrianConstants.DEADLINE, claim.deadline());
            });
            if (answered.getException() instanceof InvokeException error) {
                throw error;
            }
            return answered.getMessage().getBody(AgentResult.class).text();
        });
    }

    @Test
    void makesEachCallOneLevelDeeperWithAnIdOfItsOwn() {
        tools.text("city", "weather", (what, runtime) -> "Rain");
        model.calls(call("1", "weather", "{\"what\":\"Oslo\"}"), call("2", "weather", "{\"what\":\"Bergen\"}"))
                .reply("Rain.");
        start();

        ask(WITH_TOOLS, "Norway?", exchange -> {
            exchange.setProperty(BactrianConstants.REQUEST_ID, "run-7");
            exchange.setProperty(BactrianConstants.USER, "ann");
            exchange.setProperty(BactrianConstants.APP, "shop");
        });

        assertThat(seen).hasSize(4);
        for (Invocation invocation : seen) {
            Caller caller = invocation.caller();
            assertThat(caller.depth()).isEqualTo(1);
            assertThat(caller.source()).isEqualTo(InvokeSource.NESTED);
            assertThat(caller.path().steps()).containsExactly("agent:helper");
            assertThat(caller.user().value()).isEqualTo("ann");
            assertThat(caller.app().value()).isEqualTo("shop");
        }
        assertThat(seen)
                .extracting(invocation -> invocation.caller().requestId().value())
                .containsExactlyInAnyOrder("run-7.1", "run-7.2", "run-7.3", "run-7.4");
        assertThat(observed)
                .contains(
                        "run-7.1 openai/gpt-4o-mini (llm) ok",
                        "run-7.2 tool-builtin:city/weather ok",
                        "run-7.3 tool-builtin:city/weather ok",
                        "run-7.4 openai/gpt-4o-mini (llm) ok");
        assertThat(tools.calls).as("ids go by the model's order").allSatisfy(call -> assertThat(
                        call.runtime().caller().requestId().value())
                .isEqualTo(call.arguments().text("what").equals("Oslo") ? "run-7.2" : "run-7.3"));
    }

    @Test
    void keepsIdsWithinTheirBound() {
        model.reply("yes");
        start();

        ask(AGENT, "hello", exchange -> exchange.setProperty(BactrianConstants.REQUEST_ID, "x".repeat(128)));

        assertThat(seen.get(0).caller().requestId().value())
                .hasSizeLessThanOrEqualTo(128)
                .endsWith(".1");
    }

    @Test
    @DisplayName("An agent that calls a route that calls an agent: each level counts as one")
    void countsEachLevelOnce() {
        routeAsATool("inner", "agent:inner?model=openai/gpt-4o-mini&tools=weather");
        tools.text("city", "weather", (what, runtime) -> "Rain");
        model.call("inner", "{\"what\":\"Oslo\"}")
                .call("weather", "{}")
                .reply("Inner: rain.")
                .reply("Outer: rain.");
        start();

        AgentResult result = ask("agent:outer?model=openai/gpt-4o-mini&tools=inner", "hello");

        assertThat(result.text()).isEqualTo("Outer: rain.");
        assertThat(seen)
                .extracting(invocation ->
                        invocation.target() + " " + invocation.caller().depth())
                .containsExactly(
                        "openai/gpt-4o-mini (llm) 1",
                        "tool-builtin:routes/inner 1",
                        "openai/gpt-4o-mini (llm) 3",
                        "tool-builtin:city/weather 3",
                        "openai/gpt-4o-mini (llm) 3",
                        "openai/gpt-4o-mini (llm) 1");
        assertThat(seen.get(3).caller().path().toString()).isEqualTo("agent:outer → tool-workflow:inner → agent:inner");
    }

    @Test
    @DisplayName("A circle of agents ends at the greatest depth, and is named")
    void endsACircle() {
        engine.deepest = 5;
        routeAsATool("again", WITH_TOOLS);
        for (int i = 0; i < 3; i++) {
            model.call("again", "{\"what\":\"and again\"}");
        }
        model.when(text -> text.contains("tool_output"), request -> "So it is.");
        start();

        AgentResult result = ask(WITH_TOOLS, "hello");

        assertThat(result.text()).isEqualTo("So it is.");
        assertThat(seen)
                .extracting(invocation -> invocation.caller().depth())
                .contains(5)
                .doesNotContain(6);
        String told = model.asked().stream()
                .map(ScriptedModel.Asked::text)
                .filter(text -> text.contains("nested more than 5 deep"))
                .findFirst()
                .orElseThrow();
        assertThat(told).contains("they go round in a circle").contains("agent:helper → tool-workflow:again");
    }

    @Test
    void refusesARunThatIsTooDeepItself() {
        start();

        InvokeException error = refused(AGENT, "hello", exchange -> exchange.setProperty(BactrianConstants.DEPTH, 17));

        assertThat(error.code()).isEqualTo(ErrorCode.DEPTH_EXCEEDED);
    }

    @Test
    @DisplayName("Whoever looks on learns of each call, and one that throws disturbs nobody")
    void tellsCallbacks() {
        List<String> told = new CopyOnWriteArrayList<>();
        context.getRegistry().bind("a", new Told(told));
        context.getRegistry().bind("b", new ToolCallback() {
            @Override
            public void onToolStart(RequestId call, String tool, ToolRequest request) {
                throw new IllegalStateException("not again");
            }
        });
        tools.text("city", "weather", (what, runtime) -> {
            if (what.isEmpty()) {
                throw ToolErrors.failed("nowhere");
            }
            return "Rain";
        });
        model.call("weather", "{\"what\":\"Oslo\"}")
                .call("weather", "{}")
                .call("weather", "{")
                .reply("Rain.");
        start();

        AgentResult result =
                ask(WITH_TOOLS, "hello", exchange -> exchange.setProperty(BactrianConstants.REQUEST_ID, "run"));

        assertThat(result.text()).isEqualTo("Rain.");
        assertThat(told)
                .containsExactly(
                        "start run.2 tool-builtin:city/weather",
                        "text",
                        "end run.2",
                        "start run.4 tool-builtin:city/weather",
                        "error run.4 tool_invoke_error",
                        "start run.6 tool-builtin:city/weather",
                        "error run.6 tool_parameters_invalid");
    }

    private record Told(List<String> told) implements ToolCallback {

        @Override
        public void onToolStart(RequestId call, String tool, ToolRequest request) {
            told.add("start " + call + " " + tool);
        }

        @Override
        public void onToolExecution(RequestId call, String tool, ToolInvokeMessage message) {
            told.add(message.type());
        }

        @Override
        public void onToolEnd(RequestId call, String tool, ToolResult result) {
            told.add("end " + call);
        }

        @Override
        public void onToolError(RequestId call, String tool, InvokeException error) {
            told.add("error " + call + " " + error.code().text());
        }
    }

    @Test
    @DisplayName("A link of the user's that breaks fails the call, and not the run")
    void goesOnThoughALinkOfTheChainBreaks() {
        engine.interceptors.add(new Interceptor() {
            @Override
            public Phase phase() {
                return Phase.BALANCE;
            }

            @Override
            public InvocationReply intercept(Invocation invocation, Next next) {
                if (invocation.request() instanceof ToolRequest) {
                    throw new IllegalStateException("a secret");
                }
                return next.proceed(invocation);
            }
        });
        tools.text("city", "weather", (what, runtime) -> "Rain");
        model.call("weather", "{}").reply("No luck.");
        start();

        AgentResult result = ask(WITH_TOOLS, "hello");

        assertThat(result.text()).isEqualTo("No luck.");
        assertThat(codeOf(result, 0, 0)).isEqualTo(ErrorCode.TOOL_INVOKE_ERROR);
        assertThat(observations().get(0)).doesNotContain("secret");
    }

    @Test
    @DisplayName("HDR-07: no header says for whom a run is, how deep it is or which tools it has")
    void readsNobodyFromAHeader() {
        tools.text("city", "weather", (what, runtime) -> "Rain");
        model.call("weather", "{}").reply("Rain.");
        start();
        List<String> names = new ArrayList<>(List.of(
                BactrianConstants.TENANT,
                BactrianConstants.USER,
                BactrianConstants.APP,
                BactrianConstants.DEPTH,
                BactrianConstants.REQUEST_ID,
                BactrianConstants.SOURCE,
                "CamelAgentTools",
                "tools",
                "model"));

        ask(
                WITH_TOOLS,
                "hello",
                exchange -> names.forEach(name ->
                        exchange.getMessage().setHeader(name, name.equals(BactrianConstants.DEPTH) ? "9" : "acme")));

        Caller caller = tools.calls.get(0).runtime().caller();
        assertThat(caller.tenant().value()).isEqualTo("default");
        assertThat(caller.user()).isNull();
        assertThat(caller.depth()).isEqualTo(1);
        assertThat(caller.requestId().value()).doesNotStartWith("acme");
    }

    @Test
    void asksForTheTenantOfTheEndpointAndOfNobodyElse() {
        tools.text(
                "city", "weather", (what, runtime) -> runtime.caller().tenant().value());
        model.call("weather", "{}").reply("done").call("weather", "{}").reply("done");
        start();

        ask(WITH_TOOLS + "&tenant=acme", "hello");
        assertThat(observations().get(0)).contains("acme");
        InvokeException error = refused(WITH_TOOLS + "&tenant=acme", "hello", exchange -> {
            exchange.setProperty(BactrianConstants.TENANT, "default");
            exchange.setProperty(BactrianConstants.SOURCE, InvokeSource.HTTP);
        });
        assertThat(error.code()).isEqualTo(ErrorCode.ACCESS_DENIED);
    }
}
