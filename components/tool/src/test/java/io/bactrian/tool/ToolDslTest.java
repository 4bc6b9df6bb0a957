package io.bactrian.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.tool.ToolResult;
import io.bactrian.core.tool.ToolStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.FluentProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;

/** The ways in which a route or a program calls an endpoint. */
class ToolDslTest extends ToolTestBase {

    @Test
    void yaml() throws Exception {
        load("""
                - route:
                    from:
                      uri: direct:add
                      steps:
                        - setBody:
                            expression:
                              constant:
                                expression: '{"b": 2}'
                        - to:
                            uri: tool:demo/add
                            parameters:
                              form.a: 40
                              timeout: 10s
                        - convertBodyTo:
                            type: String
                """);

        assertThat(template.requestBody("direct:add", "")).isEqualTo("42");
    }

    @Test
    void yamlThatNamesTheToolAsAParameter() throws Exception {
        load("""
                - route:
                    from:
                      uri: direct:echo
                      steps:
                        - to:
                            uri: tool
                            parameters:
                              toolName: demo/echo
                              stream: true
                        - convertBodyTo:
                            type: String
                """);

        assertThat(template.requestBody("direct:echo", "hello")).isEqualTo("you said: hello");
    }

    @Test
    void yamlWithADynamicName() throws Exception {
        load("""
                - route:
                    from:
                      uri: direct:any
                      steps:
                        - toD:
                            uri: tool:demo/${header.which}
                        - convertBodyTo:
                            type: String
                """);

        assertThat(template.requestBodyAndHeader("direct:any", "hello", "which", "echo"))
                .isEqualTo("you said: hello");
    }

    @Test
    void enrichAndRecipientListAndRoutingSlip() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:enrich").enrich(ECHO);
                from("direct:list").recipientList(constant(ECHO));
                from("direct:slip").routingSlip(constant(ECHO));
                from("direct:dynamic").dynamicRouter(method(ToolDslTest.class, "once"));
                from("direct:variable")
                        .setVariable("q", body())
                        .toV(ECHO, "q", "answer")
                        .setBody(simple("${variable.answer.text}"));
            }
        });

        for (String way : new String[] {"enrich", "list", "slip", "dynamic"}) {
            assertThat(template.requestBody("direct:" + way, way, ToolResult.class)
                            .text())
                    .isEqualTo("you said: " + way);
        }
        assertThat(template.requestBody("direct:variable", "variable", String.class))
                .isEqualTo("you said: variable");
    }

    public static String once(@ExchangeProperty(Exchange.SLIP_ENDPOINT) String previous) {
        return previous == null ? ECHO : null;
    }

    @Test
    void producerTemplatesWaitingAndNot() throws Exception {
        start();
        FluentProducerTemplate fluent = context.createFluentProducerTemplate();

        assertThat(template.requestBody(ECHO, "one", String.class)).isEqualTo("you said: one");
        assertThat(template.asyncRequestBody(ECHO, "two", String.class).get(30, TimeUnit.SECONDS))
                .isEqualTo("you said: two");
        assertThat(fluent.to(ADD).withBody(Map.of("a", 1, "b", 2)).request(String.class))
                .isEqualTo("3");
        try (ToolStream stream =
                template.asyncRequestBody(STREAM, "four", ToolStream.class).get(30, TimeUnit.SECONDS)) {
            assertThat(stream.hasNext()).isTrue();
        }
        assertThat(openStreams()).isZero();
    }

    @Test
    void aNameThatAPathCannotHold() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:fixed").to("tool:*?address=RAW(odd/what?now=1&x)");
                from("direct:dynamic").toD("tool:*?address=RAW(odd/${header.which})");
            }
        });

        assertThat(call("direct:fixed", null).getException()).isNull();
        assertThat(tools.lastCall().tool()).isEqualTo("what?now=1&x");
        template.requestBodyAndHeader("direct:dynamic", null, "which", "what?now=1&x");
        assertThat(tools.calls).hasSize(2);
        assertThat(tools.lastCall().tool()).isEqualTo("what?now=1&x");
    }

    @Test
    void theKamelet() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:echo").to("kamelet:tool-action?tool=demo/echo&tenant=acme");
                from("direct:odd").to("kamelet:tool-action?tool=RAW(odd/what?now=1&x)");
                from("direct:stream").to("kamelet:tool-action?tool=live&stream=true&callTimeout=10s");
            }
        });

        assertThat(template.requestBody("direct:echo", "hello", String.class)).isEqualTo("you said: hello");
        assertThat(tools.lastCall().runtime().caller().tenant()).hasToString("acme");
        template.requestBody("direct:odd", (Object) null);
        assertThat(tools.lastCall().tool()).isEqualTo("what?now=1&x");
        try (ToolStream stream = template.requestBody("direct:stream", "hello", ToolStream.class)) {
            assertThat(stream.hasNext()).isTrue();
        }
    }

    private void load(String yaml) throws Exception {
        start();
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("route.yaml", yaml));
    }
}
