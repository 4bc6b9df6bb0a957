package io.bactrian.tool.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.support.BactrianConstants;
import io.bactrian.support.StreamLeases;
import io.bactrian.support.tool.ToolConstants;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls of published routes by other routes. */
class ProducerTest extends WorkflowTestBase {

    private void publish(String options) throws Exception {
        start(routes -> routes.from("tool-workflow:greet?description=x&parameter.name=string,required" + options)
                .routeId("r1")
                .setBody(routes.simple("hello ${variable.name}")));
    }

    @Test
    void callsWithABodyOfAnyAcceptedKind() throws Exception {
        publish("");

        for (Object body : List.of(Map.of("name", "Ann"), "{\"name\": \"Ann\"}", "Ann")) {
            assertThat(template.requestBody("tool-workflow:greet", body, String.class))
                    .isEqualTo("hello Ann");
        }
    }

    @Test
    void leavesAResultAndWhatIsKnownOfTheCall() throws Exception {
        publish("");

        Exchange asked = template.request(
                "tool-workflow:greet", exchange -> exchange.getMessage().setBody(Map.of("name", "Ann", "more", 1)));

        assertThat(asked.getMessage().getBody()).isInstanceOf(ToolResult.class);
        assertThat(asked.getMessage().getHeader(ToolConstants.TOOL_NAME)).isEqualTo("greet");
        assertThat(asked.getMessage().getHeader(ToolConstants.TOOL_TYPE)).isEqualTo("workflow");
        assertThat(asked.getMessage().getHeader(ToolConstants.TOOL_IGNORED_ARGUMENTS))
                .isEqualTo(List.of("more"));
    }

    @Test
    void setsParametersByOption() throws Exception {
        publish("&parameter.mark=string,form,default=!");

        assertThat(template.requestBody("tool-workflow:greet?form.name=Bob", null, String.class))
                .isEqualTo("hello Bob");
    }

    @Test
    void streamsOnRequest() throws Exception {
        start(routes -> routes.from("tool-workflow:count?description=x")
                .process(body(List.of("1", "2").iterator())));

        ToolStream stream = template.requestBody("tool-workflow:count?stream=true", null, ToolStream.class);

        assertThat(StreamLeases.of(context).openCount()).isEqualTo(1);
        stream.close();
        assertThat(StreamLeases.of(context).openCount()).isZero();
        assertThat(context.getInflightRepository().size()).isZero();
    }

    @Test
    void callsToolsThatAMessageNames() throws Exception {
        start(routes -> {
            routes.from("tool-workflow:one?description=x").setBody(routes.constant("1"));
            routes.from("tool-workflow:two?description=x").setBody(routes.constant("2"));
            routes.from("direct:ask").toD("tool-workflow:${header.which}").convertBodyTo(String.class);
        });
        int before = context.getEndpoints().size();

        assertThat(template.requestBodyAndHeader("direct:ask", null, "which", "one"))
                .isEqualTo("1");
        assertThat(template.requestBodyAndHeader("direct:ask", null, "which", "two"))
                .isEqualTo("2");
        assertThat(context.getEndpoints().size()).isEqualTo(before + 1);
        assertThatThrownBy(() -> template.requestBodyAndHeader("direct:ask", null, "which", "one?tenant=beta"))
                .hasStackTraceContaining("brought the options [tenant]");
    }

    @Test
    void callsForTheTenantOfTheExchange() throws Exception {
        publish("&tenants=acme");

        assertThat(template.request("tool-workflow:greet", exchange -> {
                            exchange.setProperty(BactrianConstants.TENANT, "acme");
                            exchange.getMessage().setBody("Ann");
                        })
                        .getMessage()
                        .getBody(String.class))
                .isEqualTo("hello Ann");
        assertThat(template.request("tool-workflow:greet", exchange -> exchange.getMessage()
                                .setBody("Ann"))
                        .getException())
                .hasMessageContaining("tenant 'default' has no published tool 'greet'");
    }

    @Test
    void findsTheToolWhenItsRouteStartsLater() throws Exception {
        start(routes -> routes.from("direct:ask").to("tool-workflow:late"));
        assertThat(template.request("direct:ask", exchange -> {}).getException())
                .hasMessageContaining("'late'");

        add(routes -> routes.from("tool-workflow:late?description=x").setBody(routes.constant("here")));

        assertThat(template.requestBody("direct:ask", null, String.class)).isEqualTo("here");
    }

    @ParameterizedTest
    @CsvSource({"2, 2, true", "2.1.4, 2, true", "2.1, 2.1, true", "20, 2, false", "3, 2, false", "2, 2.1, false"})
    void knowsWhichVersionMeetsWhich(String version, String required, boolean meets) {
        assertThat(WorkflowProducer.meets(version, required)).isEqualTo(meets);
    }

    @Test
    void insistsOnAVersion() throws Exception {
        publish("&version=2.1");

        assertThat(template.requestBody("tool-workflow:greet?requiredVersion=2", "Ann", String.class))
                .isEqualTo("hello Ann");
        assertThat(template.request("tool-workflow:greet?requiredVersion=3", exchange -> exchange.getMessage()
                                .setBody("Ann"))
                        .getException())
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("tool-workflow:greet is version 2.1")
                .hasMessageContaining("requiredVersion");
        assertThat(template.request("tool-workflow:*?address=greet&requiredVersion=3", exchange -> exchange.getMessage()
                                .setBody("Ann"))
                        .getException())
                .hasMessageContaining("tool-workflow:greet is version 2.1");
        assertThatThrownBy(() -> template.requestBody("tool-workflow:*?requiredVersion=3", "Ann"))
                .hasStackTraceContaining("needs one that names its tool");
        assertThat(template.request("tool-workflow:none?requiredVersion=3", exchange -> {})
                        .getException())
                .hasMessageContaining("'none'");
    }

    @Test
    void refusesOptionsOfAPublishedRouteWhereItIsCalled() {
        context.start();

        assertThatThrownBy(() -> context.getEndpoint("tool-workflow:x?description=y&parameter.a=string&tenants=acme")
                        .createProducer())
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("[description, parameter.a, tenants]");
    }

    @Test
    void isNotCalledWhereItIsDenied() throws Exception {
        publish("&approval=deny");

        assertThat(template.request("tool-workflow:greet", exchange -> exchange.getMessage()
                                .setBody("Ann"))
                        .getException())
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("may not be called");
    }
}
