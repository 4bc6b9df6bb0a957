package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.model.PromptMessageTool;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolDependents;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolOutcome;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.support.BactrianConstants;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.LogCapture;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which tools an agent may call, under which names, and what of them the model does not choose. */
class AgentToolsTest extends AgentTestBase {

    @BeforeEach
    void declareTools() {
        tools.text("time", "now", (what, runtime) -> "noon");
        tools.text("time", "zones", (what, runtime) -> "UTC");
        tools.text("mail", "send", (what, runtime) -> "sent " + what);
        tools.add(
                TestTools.taking("mail", "read").tags(List.of("readonly")),
                (arguments, runtime) -> ToolStream.ofText("read"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "now                             | now",
                "time/now                        | now",
                "tool-builtin:time/now           | now",
                "now,send                        | send now",
                "time/*                          | now zones",
                "*                               | read send now zones",
                "tool-builtin:*                  | read send now zones",
                "s*                              | send",
                "*/*e*                           | read send zones",
                "#readonly                       | read",
                "#READONLY,zones                 | read zones",
                "tool-workflow:*                 | ''",
            })
    void mayCallThoseThatItsPatternsMean(String patterns, String names) {
        model.reply("done");
        start();

        ask(AGENT + "&tools=" + patterns.strip().replace("#", "%23"), "hello");

        assertThat(String.join(" ", shownTools())).isEqualTo(names.strip());
    }

    @Test
    void hasNoToolsUnlessSomeAreNamed() {
        model.call("now", "{}").reply("no tools");
        start();

        AgentResult result = ask(AGENT, "hello");

        assertThat(shownTools()).isEmpty();
        assertThat(observations().get(0)).contains("there are no tools");
        assertThat(result.text()).isEqualTo("no tools");
        assertThat(tools.calls).isEmpty();
    }

    @Test
    void cannotCallAToolOfTheTenantThatItWasNotGiven() {
        model.call("send", "{\"what\":\"all\"}")
                .call("mail_send", "{}")
                .call("mail/send", "{}")
                .reply("no");
        start();

        AgentResult result = ask(AGENT + "&tools=time/*", "hello");

        assertThat(tools.calls).isEmpty();
        for (int turn = 0; turn < 3; turn++) {
            assertThat(codeOf(result, turn, 0)).isEqualTo(ErrorCode.TOOL_NOT_FOUND);
        }
        assertThat(observations().get(0)).doesNotContain("send");
    }

    @Test
    void refusesARunWithoutAToolThatIsNamed() {
        start();

        InvokeException error = refused(AGENT + "&tools=now,tide,mail/post,x*", "hello");

        assertThat(error.code()).isEqualTo(ErrorCode.TOOL_NOT_FOUND);
        assertThat(error)
                .hasMessageContaining("tide, mail/post")
                .hasMessageContaining("missingTools=ignore")
                .hasMessageNotContaining("x*");
        assertThat(model.asked()).isEmpty();
    }

    @Test
    void doesWithoutAToolThatIsNamedIfToldSoAndSaysItOnce() {
        model.reply("one").reply("two");
        start();
        CanaryScanner scanner = new CanaryScanner();

        try (LogCapture log = scanner.captureLogs()) {
            String uri = AGENT + "&tools=now,tide&missingTools=ignore";
            ask(uri, "hello", exchange -> exchange.setProperty(BactrianConstants.TENANT, "acme"));
            ask(uri, "hello", exchange -> exchange.setProperty(BactrianConstants.TENANT, "acme"));

            assertThat(log.text().split("names tools that tenant 'acme' does not have: \\[tide]", -1))
                    .hasSize(2);
        }
        assertThat(shownTools()).containsExactly("now");
    }

    @Test
    void warnsWhenItStartsOfToolsThatAreNotThere() throws Exception {
        CanaryScanner scanner = new CanaryScanner();

        try (LogCapture log = scanner.captureLogs()) {
            start(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:ask").to(AGENT + "&tools=now,tide");
                    from("direct:poor").to(AGENT + "&tools=now&tenant=poor");
                }
            });

            assertThat(log.text())
                    .contains("agent 'helper' names tools that tenant 'default' does not have: [tide]")
                    .contains("agent 'helper' names tools that tenant 'poor' does not have: [now]");
        }
    }

    @Test
    @DisplayName("Tools that routes publish are there once the routes have started, and are not missed before")
    void warnsOfNoToolThatComesWithARoute() throws Exception {
        context.getManagementStrategy().addEventNotifier(new SimpleEventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                if (event instanceof CamelEvent.RouteStartedEvent) {
                    tools.text("sea", "tide", (what, runtime) -> "high");
                }
            }
        });

        try (LogCapture log = new CanaryScanner().captureLogs()) {
            start(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:ask").to(AGENT + "&tools=now,tide,moon");
                }
            });

            assertThat(log.text()).contains("that tenant 'default' does not have: [moon]");
        }
    }

    @Test
    @DisplayName("Who withdraws or changes a tool learns which agents name it: by any of its names, one by one")
    void isKnownToDependOnTheToolsThatItNames() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask")
                        .routeId("ask")
                        .to(
                                AGENT
                                        + "&tools=now,mail/send,tool-workflow:tide,zo*,#readonly&ask=tide,now&missingTools=ignore");
            }
        });
        ToolDependents dependents = engine.toolManager().dependents();

        for (String tool : new String[] {"time/now", "mail/send", "tide/tide"}) {
            assertThat(dependents.of(address(tool))).as(tool).containsExactly("agent:helper");
        }
        for (String tool : new String[] {"time/zones", "mail/read", "time/send"}) {
            assertThat(dependents.of(address(tool))).as(tool).isEmpty();
        }

        context.getRouteController().stopRoute("ask");
        context.removeRoute("ask");
        assertThat(dependents.all()).isEmpty();
    }

    private static ToolAddress address(String text) {
        String[] names = text.split("/");
        return names[0].equals(names[1])
                ? ToolAddress.workflow(names[0])
                : new ToolAddress(ToolProviderType.BUILTIN, names[0], names[1]);
    }

    @Test
    @DisplayName(
            "A tool that is to be asked for by a name that no tool has is a mistake, not a call without a question")
    void refusesARunWhoseToolToAskForIsNotThere() {
        start();

        assertThat(refused(AGENT + "&tools=*&ask=sned", "hello")).hasMessageContaining("sned");
    }

    @Test
    void hasTheToolsOfTheTenantThatAsks() {
        model.reply("nothing to call");
        start();

        ask(AGENT + "&tools=*", "hello", exchange -> exchange.setProperty(BactrianConstants.TENANT, TestEngine.POOR));

        assertThat(shownTools()).isEmpty();
    }

    @Test
    @DisplayName("Tools that come, go or change while the context runs are those of the next run")
    void hasTheToolsThatThereAreNow() {
        model.reply("one").reply("two").reply("three").reply("four").reply("five");
        start();
        ask(AGENT + "&tools=time/*", "hello");
        ask(AGENT + "&tools=time/*", "hello");
        assertThat(asked(1).tools()).isEqualTo(asked(0).tools());

        tools.text("time", "zone", (what, runtime) -> "CET");
        ask(AGENT + "&tools=time/*", "hello");
        tools.remove("time", "zones");
        ask(AGENT + "&tools=time/*", "hello");
        tools.add(ToolEntity.of("time", "now", "Another clock"), (arguments, runtime) -> ToolStream.ofText("12"));
        ask(AGENT + "&tools=time/*", "hello");

        assertThat(asked(2).tools()).extracting(PromptMessageTool::name).containsExactly("now", "zone", "zones");
        assertThat(asked(3).tools()).extracting(PromptMessageTool::name).containsExactly("now", "zone");
        assertThat(asked(4).tools().get(0).description()).isEqualTo("Another clock");
    }

    @Test
    void callsToolsOfOneNameByTheNamesOfTheirProviders() {
        tools.text("moon", "now", (what, runtime) -> "waning");
        model.calls(call("1", "time_now", "{}"), call("2", "moon_now", "{}")).reply("both");
        start();

        AgentResult result = ask(WITH_TOOLS, "hello");

        assertThat(shownTools()).contains("time_now", "moon_now").doesNotContain("now");
        assertThat(result.steps().get(0).calls())
                .extracting(AgentStep.ToolStep::address)
                .containsExactly("tool-builtin:time/now", "tool-builtin:moon/now");
        assertThat(observations().get(0)).contains("noon");
        assertThat(observations().get(1)).contains("waning");
    }

    private void declareOrders() {
        tools.add(
                ToolEntity.of("shop", "orders", "Lists orders")
                        .parameter(ToolParameter.llm("customer", ToolParameterType.STRING, "whose")
                                .required())
                        .parameter(ToolParameter.llm("state", ToolParameterType.STRING, "which"))
                        .parameter(ToolParameter.form("limit", ToolParameterType.NUMBER, "how many"))
                        .parameter(ToolParameter.form("key", ToolParameterType.SECRET_INPUT, "a key")),
                (arguments, runtime) -> ToolStream.ofText(arguments.text("customer") + " "
                        + arguments.findText("state").orElse("any")));
    }

    private String schemaOf(String tool) {
        return asked(0).tools().stream()
                .filter(shown -> shown.name().equals(tool))
                .map(PromptMessageTool::parameters)
                .map(Object::toString)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void hidesWhatIsSetAlreadyFromTheModelAndDoesNotLetItChooseOtherwise() {
        declareOrders();
        model.call("orders", "{\"customer\":\"bob\",\"state\":\"open\",\"limit\":1000}")
                .reply("done");
        start();

        AgentResult result = ask(AGENT + "&tools=orders&form.shop/orders.customer=ann&form.orders.limit=5", "mine");

        assertThat(schemaOf("orders"))
                .contains("state")
                .doesNotContain("customer")
                .doesNotContain("limit");
        TestTools.Call made = tools.callsOf("orders").get(0);
        assertThat(made.arguments().text("customer")).isEqualTo("ann");
        assertThat(made.arguments().integer("limit")).isEqualTo(5);
        assertThat(made.arguments().text("state")).isEqualTo("open");
        assertThat(observations().get(0)).contains("Ignored").contains("customer, limit");
        assertThat(result.text()).isEqualTo("done");
    }

    @Test
    void setsTheOneThatIsNamedMoreExactly() {
        declareOrders();
        model.call("orders", "{}").reply("done");
        start();

        ask(
                AGENT + "&tools=orders&form.orders.customer=cid&form.*.customer=bob"
                        + "&form.tool-builtin:shop/orders.customer=ann&form.shop/orders.customer=dan",
                "mine");

        assertThat(tools.callsOf("orders").get(0).arguments().text("customer")).isEqualTo("ann");
    }

    @Test
    void letsTheModelGiveTheOnlyParameterThatIsLeftAsPlainText() {
        declareOrders();
        model.call("orders", "open ones").reply("done");
        start();

        ask(AGENT + "&tools=orders&form.orders.customer=ann", "mine");

        assertThat(tools.callsOf("orders").get(0).arguments().text("state")).isEqualTo("open ones");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "form.orders.custmer=ann   | the option form.orders.custmer | has no such parameter",
                "form.ordrs.customer=ann   | the option form.ordrs.customer | the agent may call no such tool",
                "form.now.what=x           | the option form.now.what       | the agent may call no such tool",
                "form.orders.key=abc       | the option form.orders.key     | a secret is no option",
                "toolCredential.ordrs=main | ordrs                          | does not have",
            })
    @DisplayName("What is set for a parameter that there is not would be lost, and the model would choose for itself")
    void refusesARunWhoseOptionsMeanNothing(String option, String named, String why) {
        declareOrders();
        start();

        InvokeException error = refused(AGENT + "&tools=orders&" + option.strip(), "mine");

        assertThat(error).hasMessageContaining(named.strip()).hasMessageContaining(why.strip());
        assertThat(error).hasMessageNotContaining("abc");
    }

    @Test
    void doesWithoutAValueForAToolThatIsNotThereIfToldSo() {
        model.reply("done");
        start();

        AgentResult result = ask(AGENT + "&tools=now,orders&form.orders.customer=ann&missingTools=ignore", "mine");

        assertThat(result.text()).isEqualTo("done");
    }

    private void declareBank() {
        tools.locked("bank").text("bank", "balance", (what, runtime) -> runtime.credentials()
                .secret("api_key")
                .orElseThrow()
                .reveal());
        engine.toolCredential("bank", "main", "key-of-main");
        engine.toolCredential("bank", "other", "key-of-other");
    }

    @ParameterizedTest
    @CsvSource({
        "'', key-of-main",
        "&toolCredential.bank/balance=other, key-of-other",
        "&toolCredential.*=other, key-of-other",
        "&toolCredential.*=other&toolCredential.balance=main, key-of-main",
    })
    void opensAProviderWithTheCredentialThatIsNamedMostExactly(String options, String key) {
        declareBank();
        model.call("balance", "{}").reply("done");
        start();

        ask(AGENT + "&tools=balance" + options, "mine");

        assertThat(observations().get(0)).contains(key);
    }

    @Test
    void tellsTheModelThatThereIsNoSuchCredentialAndUsesNoOther() {
        declareBank();
        model.call("balance", "{}").reply("done");
        start();

        AgentResult result = ask(AGENT + "&tools=balance&toolCredential.balance=third", "mine");

        assertThat(codeOf(result, 0, 0)).isEqualTo(ErrorCode.CREDENTIAL_NOT_FOUND);
        assertThat(tools.callsOf("balance")).isEmpty();
    }

    @Test
    void clipsDescriptionsAndHalvesNoCharacter() {
        tools.add(
                ToolEntity.of("long", "story", "x".repeat(1_022) + "\uD83D\uDC2A and much more".repeat(20)),
                (arguments, runtime) -> ToolStream.ofText("end"));
        model.reply("done");
        start();

        ask(AGENT + "&tools=story", "hello");

        String description = asked(0).tools().get(0).description();
        assertThat(description).isEqualTo("x".repeat(1_022) + "…");
    }

    @Test
    @DisplayName(
            "HDR-09, HDR-10: what a model names like headers, properties or tenants is told as ignored and does nothing")
    void takesNoArgumentsButThoseThatAreDeclared() {
        model.call(
                        "send",
                        "{\"what\":\"x\",\"CamelHttpUri\":\"http://evil\",\"BactrianTenant\":\"acme\",\"tenant\":\"acme\","
                                + "\"credential\":\"main\",\"Authorization\":\"Bearer x\"}")
                .reply("done");
        start();

        AgentResult result = ask(WITH_TOOLS, "send");

        TestTools.Call made = tools.callsOf("send").get(0);
        assertThat(made.arguments().values().names()).containsExactly("what");
        assertThat(made.runtime().caller().tenant().value()).isEqualTo("default");
        assertThat(outcome(result, 0, 0)).isInstanceOf(ToolOutcome.Success.class);
        assertThat(observations().get(0))
                .contains("Ignored")
                .contains("CamelHttpUri, BactrianTenant, tenant, credential, Authorization");
    }
}
