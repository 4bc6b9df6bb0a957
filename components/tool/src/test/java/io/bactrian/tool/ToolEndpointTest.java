package io.bactrian.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tenant.CallPath;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolDependents;
import io.bactrian.core.tool.ToolInvokeFrom;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.support.BactrianConstants;
import io.bactrian.support.tool.ToolConstants;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PropertyBindingSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs a second time in a JVM that speaks Turkish. */
class ToolEndpointTest extends ToolTestBase {

    private static final String TEN = "0123456789";
    private static final String HUNDRED = TEN + TEN + TEN + TEN + TEN + TEN + TEN + TEN + TEN + TEN;
    private static final String LONG = HUNDRED + HUNDRED + HUNDRED + HUNDRED + HUNDRED + HUNDRED;

    @Test
    void answersFromARoute() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:add").routeId("adding").to(ADD);
            }
        });

        ToolResult result = template.requestBody("direct:add", Map.of("a", 1, "b", "2.5"), ToolResult.class);

        assertThat(result.text()).isEqualTo("3.5");
        assertThat(result.object().toJava()).containsOnlyKeys("sum");
        assertThat(tools.lastCall().runtime().invokeFrom()).isEqualTo(ToolInvokeFrom.WORKFLOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tool:echo", "tool:demo/echo", "tool:tool-builtin:demo/echo", "tool://echo"})
    void findsAToolByItsNameWithItsProviderAndByItsWholeAddress(String uri) {
        start();

        Exchange exchange = call(uri, "hello");

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getBody(String.class)).isEqualTo("you said: hello");
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry(ToolConstants.TOOL_TYPE, "builtin")
                .containsEntry(ToolConstants.TOOL_PROVIDER, "demo")
                .containsEntry(ToolConstants.TOOL_NAME, "echo");
    }

    @Test
    @DisplayName("Who withdraws or changes a tool learns which endpoints call it by its name")
    void isKnownToDependOnTheToolThatItNames() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:add").routeId("adding").to("tool:demo/echo").toD("tool:lookup");
            }
        });
        ToolDependents dependents = engine.toolManager().dependents();

        assertThat(dependents.of(new ToolAddress(ToolProviderType.BUILTIN, "demo", "echo")))
                .containsExactly("tool:demo/echo");

        context.getRouteController().stopRoute("adding");
        context.removeRoute("adding");
        assertThat(dependents.all()).isEmpty();
    }

    @Test
    void saysWhichToolsANameStandsForIfItIsNotOneOnly() {
        start();

        assertThat(refusal("tool:lookup", null))
                .hasMessageContaining("tool-builtin:demo/lookup")
                .hasMessageContaining("tool-api:weather/lookup");
        assertThat(call("tool:weather/lookup", null).getMessage().getBody(String.class))
                .isEqualTo("found by weather");
    }

    @Test
    void saysWhatThereIsNot() {
        start();

        assertThat(refusal("tool:nothing", "x").code()).isEqualTo(ErrorCode.TOOL_NOT_FOUND);
        assertThat(refusal("tool:nothing", Map.of("a", 1)).code()).isEqualTo(ErrorCode.TOOL_NOT_FOUND);
    }

    @Test
    void leavesWhatIsKnownOfTheCallInHeaders() {
        start();

        Exchange exchange = template.request(FORECAST, asked -> {
            asked.getMessage().setBody(Map.of("city", "Berlin", "zip", 1, "mood", "x"));
            asked.getMessage().setHeader("mine", "stays");
        });

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry(ToolConstants.TOOL_TYPE, "api")
                .containsEntry(ToolConstants.TOOL_PROVIDER, "weather")
                .containsEntry(ToolConstants.TOOL_NAME, "forecast")
                .containsEntry(ToolConstants.TOOL_ATTEMPTS, 1)
                .containsEntry(ToolConstants.TOOL_CREDENTIAL_ID, "credential-1")
                .containsKey(ToolConstants.TOOL_REQUEST_ID)
                .containsEntry("mine", "stays")
                .doesNotContainKey(ToolConstants.TOOL_FILES);
        assertThat(exchange.getMessage().getHeader(ToolConstants.TOOL_TIME_COST))
                .isInstanceOfSatisfying(Long.class, millis -> assertThat(millis).isNotNegative());
        assertThat(exchange.getMessage().getHeader(ToolConstants.TOOL_IGNORED_ARGUMENTS, List.class))
                .containsExactlyInAnyOrder("zip", "mood");
    }

    @Test
    void namesTheFilesThatCameOfTheCall() {
        start();

        Exchange exchange = call("tool:paint", null);

        ToolResult result = exchange.getMessage().getBody(ToolResult.class);
        assertThat(result.files()).extracting("name").containsExactly("cat.png", "cat.txt");
        assertThat(exchange.getMessage().getHeader(ToolConstants.TOOL_FILES))
                .isEqualTo(
                        result.files().stream().map(file -> file.id().value()).toList());
    }

    @Test
    void takesAwayTheHeadersOfAnEarlierCall() {
        start();
        tools.failure = arguments -> new IllegalStateException("no");

        Exchange exchange = template.request(ECHO, asked -> {
            asked.getMessage().setBody("hello");
            asked.getMessage().setHeader(ToolConstants.TOOL_TIME_COST, 99L);
            asked.getMessage().setHeader(ToolConstants.TOOL_CREDENTIAL_ID, "theirs");
            asked.getMessage().setHeader(ToolConstants.TOOL_FILES, List.of("f"));
        });

        assertThat(exchange.getException()).isInstanceOf(InvokeException.class);
        assertThat(exchange.getMessage().getHeaders())
                .doesNotContainKeys(
                        ToolConstants.TOOL_TIME_COST, ToolConstants.TOOL_CREDENTIAL_ID, ToolConstants.TOOL_FILES)
                .containsEntry(ToolConstants.TOOL_ATTEMPTS, 1)
                .containsEntry(ToolConstants.TOOL_NAME, "echo");
    }

    @Test
    void takesAwayTheHeadersOfAnEarlierCallEvenIfTheBodyCannotBeRead() {
        start();

        Exchange exchange = template.request(ADD, asked -> {
            asked.getMessage().setBody("plain");
            asked.getMessage().setHeader(ToolConstants.TOOL_NAME, "of-before");
        });

        assertThat(exchange.getException()).isInstanceOf(InvokeException.class);
        assertThat(exchange.getMessage().getHeaders()).doesNotContainKey(ToolConstants.TOOL_NAME);
    }

    @Test
    void callsOnTheAccountOfTheTenantInTheProperty() {
        start();

        template.request(FORECAST, asked -> {
            asked.getMessage().setBody("Berlin");
            asked.setProperty(BactrianConstants.TENANT, "acme");
        });

        assertThat(key()).isEqualTo("sk-of-acme");
    }

    @Test
    void callsOnTheAccountOfTheEndpointsTenantWithTheCredentialThatIsNamed() {
        start();

        call(FORECAST + "?tenant=acme", "Berlin");
        assertThat(key()).isEqualTo("sk-of-acme");
        call(FORECAST + "?tenant=acme&credential=second", "Berlin");
        assertThat(key()).isEqualTo("sk-of-acme-2");
    }

    @Test
    void saysWhatToDoWhereThereIsNoCredential() {
        start();

        assertThat(refusal(FORECAST + "?tenant=poor", "Berlin").code()).isEqualTo(ErrorCode.PROVIDER_NOT_INITIALIZE);
        assertThat(refusal(FORECAST + "?credential=third", "Berlin").code()).isEqualTo(ErrorCode.CREDENTIAL_NOT_FOUND);
        assertThat(tools.calls).isEmpty();
    }

    @Test
    void anAuthenticatedCallerIsNotMovedToAnotherTenantByAnOption() {
        start();

        Exchange exchange = template.request(FORECAST + "?tenant=acme", asked -> {
            asked.getMessage().setBody("Berlin");
            asked.setProperty(BactrianConstants.TENANT, "default");
            asked.setProperty(BactrianConstants.SOURCE, "http");
        });

        assertThat(exchange.getException(InvokeException.class).code()).isEqualTo(ErrorCode.ACCESS_DENIED);
        assertThat(tools.calls).isEmpty();
    }

    @Test
    void aToolOfANameIsAskedForPermissionLikeAnyOther() {
        engine.policies.add(new RecordingPolicy());
        start();

        assertThat(refusal("tool:weather/lookup", null).code()).isEqualTo(ErrorCode.ACCESS_DENIED);
        assertThat(tools.calls).isEmpty();
    }

    @Test
    void tellsTheToolWhoCallsAndUntilWhen() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:outer").routeId("outer").to("direct:inner");
                from("direct:inner").routeId("inner").to(ECHO + "?timeout=10s");
            }
        });

        template.request("direct:outer", asked -> {
            asked.getMessage().setBody("hello");
            asked.setProperty(BactrianConstants.USER, "ann");
            asked.setProperty(BactrianConstants.REQUEST_ID, "call-7");
            asked.setProperty(BactrianConstants.DEPTH, 2);
            asked.setProperty(BactrianConstants.PATH, CallPath.NONE.enter("agent:a"));
            asked.setProperty(BactrianConstants.DEADLINE, "1h");
        });

        Caller caller = tools.lastCall().runtime().caller();
        assertThat(caller.user()).hasToString("ann");
        assertThat(caller.app()).hasToString("outer");
        assertThat(caller.requestId()).hasToString("call-7");
        assertThat(caller.depth()).isEqualTo(2);
        assertThat(caller.path()).hasToString("agent:a");
        assertThat(caller.deadline().remaining()).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void refusesACallWhoseTimeIsUp() {
        start();

        Exchange exchange = template.request(ECHO, asked -> {
            asked.getMessage().setBody("hello");
            asked.setProperty(BactrianConstants.DEADLINE, Duration.ZERO);
        });

        assertThat(exchange.getException(InvokeException.class).code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(tools.calls).isEmpty();
    }

    @Test
    @DisplayName("form values win over the body, and are coerced as the body's are")
    void formValuesWin() {
        start();

        assertThat(call("tool:greet?form.greeting=Hi", Map.of("name", "Ann", "greeting", "Bye"))
                        .getMessage()
                        .getBody(String.class))
                .isEqualTo("Hi, Ann!");
        assertThat(call("tool:greet", Map.of("name", "Ann")).getMessage().getBody(String.class))
                .isEqualTo("Hello, Ann!");
        assertThat(call("tool:add?form.a=40&form.round=yes", Map.of("b", 2))
                        .getMessage()
                        .getBody(String.class))
                .isEqualTo("42");
        assertThat(tools.lastCall().arguments().flag("round")).isTrue();
    }

    @Test
    void aFormValueThatTheToolDoesNotTakeIsNamedAndNotLost() {
        start();

        InvokeException unknown = refusal("tool:greet?form.greting=canary", "Ann");
        InvokeException unfit = refusal("tool:add?form.a=canary", Map.of("b", 1));

        assertThat(unknown.code()).isEqualTo(ErrorCode.MISCONFIGURED);
        assertThat(unknown).hasMessageContaining("form.greting").hasMessageNotContaining("canary");
        assertThat(unfit.code()).isEqualTo(ErrorCode.TOOL_PARAMETERS_INVALID);
        assertThat(unfit).hasMessageContaining("a has to be a number").hasMessageNotContaining("canary");
        assertThat(tools.calls).isEmpty();
    }

    @Test
    @DisplayName("HDR-15: a secret parameter is not set by an option")
    void aSecretIsNoFormValue() {
        start();

        InvokeException refusal = refusal("tool:greet?form.pin=canary", "Ann");

        assertThat(refusal.code()).isEqualTo(ErrorCode.MISCONFIGURED);
        assertThat(refusal).hasMessageContaining("form.pin").hasMessageNotContaining("canary");
    }

    @Test
    void takesOptionsFromTheComponentAndLetsTheEndpointHaveItsOwn() {
        ToolComponent component = context.getComponent("tool", ToolComponent.class);
        component.getConfiguration().setTenant("acme");
        component.getConfiguration().getFormValues().put("greeting", "Hi");
        start();

        assertThat(call("tool:greet", "Ann").getMessage().getBody(String.class)).isEqualTo("Hi, Ann!");
        assertThat(tools.lastCall().runtime().caller().tenant()).hasToString("acme");
        call("tool:greet?tenant=poor&form.greeting=Bye", "Ann");
        assertThat(tools.lastCall().runtime().caller().tenant()).hasToString("poor");
        assertThat(tools.lastCall().arguments().text("greeting")).isEqualTo("Bye");
        assertThat(component.getConfiguration().getFormValues()).containsOnly(Map.entry("greeting", "Hi"));
    }

    @Test
    void takesTheComponentsOptionsFromProperties() {
        ToolComponent component = context.getComponent("tool", ToolComponent.class);
        PropertyBindingSupport.bindProperties(
                context,
                component,
                new HashMap<>(Map.of("configuration.tenant", "acme", "configuration.timeout", "10s")));
        start();

        call(ECHO, "hello");

        assertThat(tools.lastCall().runtime().caller().tenant()).hasToString("acme");
        assertThat(tools.lastCall().runtime().caller().deadline().remaining())
                .isLessThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void theTenantTravelsWithTheExchangeInsideTheContext() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").wireTap("seda:tapped").to("seda:work");
                from("seda:work").split(body().tokenize(",")).to(FORECAST).to("mock:split");
                from("seda:tapped").to(FORECAST).to("mock:tapped");
            }
        });

        template.send("direct:in", asked -> {
            asked.getMessage().setBody("a,b");
            asked.setProperty(BactrianConstants.TENANT, "acme");
        });

        await().until(() ->
                mock("split").getReceivedCounter() == 2 && mock("tapped").getReceivedCounter() == 1);
        assertThat(tools.calls).hasSize(3).allSatisfy(call -> assertThat(call.runtime()
                        .credentials()
                        .secret("api_key")
                        .orElseThrow()
                        .reveal())
                .isEqualTo("sk-of-acme"));
    }

    @Test
    @DisplayName("a route's own call waits for nobody, and what is denied is denied to it too")
    void approvals() {
        start();

        assertThat(call("tool:hush", null).getException()).isNull();
        assertThat(refusal("tool:never", null).code()).isEqualTo(ErrorCode.TOOL_DENIED);
    }

    @ParameterizedTest
    @CsvSource({
        "tenant=UPPER_CASE, tenant",
        "credential=1234567890123456789012345678901, credential",
        "timeout=0, timeout",
        "form.Authorization=x, form.*",
        "form.camelHttpUri=x, form.*",
        "form.a%20b=x, form.*"
    })
    void namesTheOptionThatIsWrongAtStart(String options, String named) {
        start();

        assertThatThrownBy(() -> context.getEndpoint(ECHO + "?" + options))
                .rootCause()
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("the option " + named + " of a tool: endpoint");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u202eb", LONG})
    void refusesANameThatNoToolCanHave(String name) {
        start();

        assertThatThrownBy(() -> context.getEndpoint("tool:" + name))
                .rootCause()
                .isInstanceOf(InvokeException.class)
                .hasMessageContaining("a tool's name");
    }

    @Test
    void refusesToStartWithoutAnEngineAndNamesTheDependency() throws Exception {
        try (DefaultCamelContext bare = new DefaultCamelContext()) {
            bare.start();

            assertThatThrownBy(() -> bare.getEndpoint(ECHO))
                    .rootCause()
                    .hasMessageContaining("io.bactrian:bactrian-engine");
        }
    }

    @Test
    void hasNoConsumer() {
        start();

        assertThatThrownBy(() -> context.getEndpoint(ECHO).createConsumer(exchange -> {}))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("tool:");
    }

    private String key() {
        return tools.lastCall()
                .runtime()
                .credentials()
                .secret("api_key")
                .map(Secret::reveal)
                .orElseThrow();
    }
}
