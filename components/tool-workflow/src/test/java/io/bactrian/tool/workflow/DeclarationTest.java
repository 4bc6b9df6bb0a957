package io.bactrian.tool.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolLabel;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import java.time.Duration;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a route's options declare. */
class DeclarationTest extends WorkflowTestBase {

    private Tool tool(String name) {
        return engine.toolManager().get(TenantId.DEFAULT, ToolAddress.workflow(name));
    }

    private void publish(String uri) throws Exception {
        start(routes -> routes.from(uri).routeId("r1").log("called"));
    }

    @Test
    void declaresAToolWithAllThatTheOptionsSay() throws Exception {
        publish(
                "tool-workflow:order_status?description=Says+where+an+order+is&parameter.order_id=string,required:The+order"
                        + "+number&parameter.verbose=boolean,default=false:Whether+to+say+all"
                        + "&parameter.size=select(s|m|l):The+size&version=1.2&approval=ask&retriable=true&timeout=5s"
                        + "&tags=business,orders&label=Order+status&outputSchema=classpath:order-output.json");

        ToolEntity entity = tool("order_status").entity();

        assertThat(entity.description().llm()).isEqualTo("Says where an order is");
        assertThat(entity.identity().label().english()).isEqualTo("Order status");
        assertThat(entity.identity().provider()).isEqualTo("order_status");
        assertThat(entity.parameters()).extracting(ToolParameter::name).containsExactly("order_id", "size", "verbose");
        assertThat(entity.parameter("order_id").orElseThrow().required()).isTrue();
        assertThat(entity.parameter("order_id").orElseThrow().llmDescription()).isEqualTo("The order number");
        assertThat(entity.parameter("size").orElseThrow().type()).isEqualTo(ToolParameterType.SELECT);
        assertThat(entity.version()).isEqualTo("1.2");
        assertThat(entity.approval()).isEqualTo(ToolApproval.ASK);
        assertThat(entity.retriable()).isTrue();
        assertThat(entity.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(entity.tags()).containsExactly("business", "orders");
        assertThat(entity.outputSchema()).isNotNull();
        assertThat(engine.tools().published().get(0).entity().labels()).containsExactly(ToolLabel.BUSINESS);
        assertThat(tool("order_status").functionSchema().find("required"))
                .hasValueSatisfying(
                        required -> assertThat(required.toJava()).asList().containsExactly("order_id"));
    }

    @Test
    void isBareWithoutOptions() throws Exception {
        start(routes ->
                routes.from("tool-workflow:ping").routeDescription("Says pong").log("called"));

        ToolEntity entity = tool("ping").entity();

        assertThat(entity.description().llm()).isEqualTo("Says pong");
        assertThat(entity.parameters()).isEmpty();
        assertThat(entity.approval()).isEqualTo(ToolApproval.AUTO);
        assertThat(entity.retriable()).isFalse();
        assertThat(entity.timeout()).isNull();
        assertThat(entity.version()).isEmpty();
        assertThat(entity.outputSchema()).isNull();
    }

    @Test
    void readsParametersOfAFileBesidesThoseInShort() throws Exception {
        publish("tool-workflow:x?description=x&parameters=classpath:order-parameters.json&parameter.verbose=boolean");

        ToolEntity entity = tool("x").entity();

        assertThat(entity.parameters())
                .extracting(ToolParameter::name)
                .containsExactly("order_id", "filter", "verbose");
        assertThat(entity.parameter("filter").orElseThrow().schema().names()).contains("additionalProperties");
        assertThatThrownBy(() -> call("x", JsonObject.of("order_id", "abc"))).hasMessageContaining("order_id");
        assertThat(call("x", JsonObject.of("order_id", "12")).object().find("order_id"))
                .isPresent();
    }

    @Test
    void readsSchemasThatStandInTheUri() throws Exception {
        publish(
                "tool-workflow:x?description=x&parameters=RAW({\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}}})"
                        + "&outputSchema=RAW({\"type\":\"object\"})");

        assertThat(tool("x").entity().parameter("a").orElseThrow().precision()).isZero();
        assertThat(tool("x").entity().outputSchema()).isEqualTo(JsonObject.of("type", "object"));
    }

    @Test
    void takesBlankOptionsForNone() throws Exception {
        publish("tool-workflow:x?description=x&parameters=&outputSchema=&version=&tags=&label=&tenants=*");

        assertThat(tool("x").entity().outputSchema()).isNull();
        assertThat(engine.toolManager().find(TestEngine.BETA, ToolAddress.workflow("x")))
                .isPresent();
    }

    @Test
    void takesWhatAUriHasOtherUsesForInRaw() throws Exception {
        publish("tool-workflow:x?description=RAW(a & b + 50%)&parameter.q=RAW(string:c & d + e?)");

        assertThat(tool("x").entity().description().llm()).isEqualTo("a & b + 50%");
        assertThat(tool("x").entity().parameter("q").orElseThrow().llmDescription())
                .isEqualTo("c & d + e?");
    }

    @Test
    void readsWellInYaml() throws Exception {
        context.start();
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("tool.yaml", """
                - route:
                    id: orders
                    from:
                      uri: tool-workflow:order_status
                      parameters:
                        description: "Says where an order is: shipped, or not (50% of them?)"
                        parameter.order_id: "string,required:The order number, as in the mail"
                        parameter.size: "select(s|m|extra large),default=m:The size / weight"
                        parameter.note: 'string,default="a, b: c":What to note = why'
                        parameters: |
                          first=string:The first, of two;
                          second=integer,default=2
                      steps:
                        - setBody:
                            simple: "${variable.order_id}/${variable.size}/${variable.note}"
                """));

        ToolEntity entity = tool("order_status").entity();

        assertThat(entity.parameter("first").orElseThrow().llmDescription()).isEqualTo("The first, of two");
        assertThat(entity.parameter("second").orElseThrow().precision()).isZero();
        assertThat(entity.description().llm()).isEqualTo("Says where an order is: shipped, or not (50% of them?)");
        assertThat(entity.parameter("order_id").orElseThrow().llmDescription())
                .isEqualTo("The order number, as in the mail");
        assertThat(entity.parameter("size").orElseThrow().llmDescription()).isEqualTo("The size / weight");
        assertThat(entity.parameter("note").orElseThrow().llmDescription()).isEqualTo("What to note = why");
        assertThat(call("order_status", JsonObject.of("order_id", "7")).text()).isEqualTo("7/m/a, b: c");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "parameter.x=text; parameter.x; TYPE is one of",
                "approval=maybe; approval; auto, ask or deny",
                "tenants=A+B; tenants; ",
                "tenants=,; tenants; names nobody",
                "parameters=classpath:none.json; parameters; no such file",
                "parameters=http://example.org/x.json; parameters; classpath:NAME or file:NAME",
                "parameters=classpath:simplelogger.properties; parameters; ",
                "tenants=+; tenants; write * if",
                "outputSchema=classpath:none.json; outputSchema; no such file",
                "parameters=classpath:order-parameters.json&parameter.order_id=string; parameter.order_id; leave one of them out",
                "parameter.n=integer,default=1.5; parameters; default of parameter 'n'",
                "parameter.s=select(a|b),default=c; parameters; default of parameter 's'"
            })
    void refusesWhatIsWrongWithRouteAndOption(String options, String option, String rule) {
        assertThatThrownBy(() -> publish("tool-workflow:x?description=x&" + options))
                .hasStackTraceContaining(
                        "route 'r1' cannot publish tool-workflow:x: the option " + option + " is wrong")
                .hasStackTraceContaining(rule == null ? "" : rule);
        assertThat(engine.tools().published()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"Authorization", "Host", "CamelHttpUri", "BactrianTenant", "Transfer-Encoding"})
    @DisplayName(
            "HDR-10: a parameter that is named like what steers the transport is refused at start, with route and option")
    void refusesParametersOfTheTransport(String name) {
        assertThatThrownBy(() -> publish("tool-workflow:x?description=x&parameter." + name + "=string"))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("route 'r1'")
                .hasMessageContaining("parameter." + name)
                .hasMessageContaining("name of the transport");
    }

    @ParameterizedTest
    @CsvSource({"tool-workflow:a/b", "tool-workflow:a.b", "tool-workflow:-x"})
    void refusesNamesThatAreNone(String uri) {
        assertThatThrownBy(() -> publish(uri)).hasStackTraceContaining("tool-workflow:NAME");
    }

    @Test
    @DisplayName("HDR-15: an unknown option is refused by name, and its value is not said")
    void refusesUnknownOptions() {
        assertThatThrownBy(() -> publish("tool-workflow:x?descripton=CANARY"))
                .hasStackTraceContaining("descripton")
                .hasMessageContaining("unknown options [descripton]")
                .rootCause()
                .hasMessageNotContaining("CANARY");
    }

    @Test
    void refusesOptionsOfCallsWhereAToolIsPublished() {
        assertThatThrownBy(() -> publish("tool-workflow:x?description=x&tenant=acme"))
                .hasStackTraceContaining("[tenant]")
                .hasStackTraceContaining("tenants=");
        assertThatThrownBy(() -> publish("tool-workflow:x?description=x&stream=true&form.a=b"))
                .hasStackTraceContaining("[form.a, stream]");
    }

    @Test
    void letsOptionsOfAllEndpointsBe() throws Exception {
        ToolWorkflowComponent component = context.getComponent("tool-workflow", ToolWorkflowComponent.class);
        component.getConfiguration().setTenant("acme");

        publish("tool-workflow:x?description=x");

        assertThat(engine.tools().published()).hasSize(1);
    }

    @Test
    void refusesTwoRoutesOfOneNameAndNamesBoth() {
        assertThatThrownBy(() -> start(routes -> {
                    routes.from("tool-workflow:x?description=one")
                            .routeId("first")
                            .log("1");
                    routes.from("tool-workflow:x?description=two&tenants=acme")
                            .routeId("second")
                            .log("2");
                }))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("route 'first' (all tenants)")
                .hasMessageContaining("route 'second' (tenants [acme])")
                .hasMessageContaining("tool-workflow:x");
    }

    @Test
    void letsTwoRoutesOfOneNameServeDifferentTenants() throws Exception {
        start(routes -> {
            routes.from("tool-workflow:x?description=one&tenants=acme,default")
                    .routeId("first")
                    .setBody(routes.constant("1"));
            routes.from("tool-workflow:x?description=two&tenants=beta")
                    .routeId("second")
                    .setBody(routes.constant("2"));
        });

        assertThat(engine.call(TestEngine.claim(TestEngine.ACME, Duration.ofSeconds(5)), "x", JsonObject.EMPTY)
                        .text())
                .isEqualTo("1");
        assertThat(engine.call(TestEngine.claim(TestEngine.BETA, Duration.ofSeconds(5)), "x", JsonObject.EMPTY)
                        .text())
                .isEqualTo("2");
    }

    @Test
    void hidesAToolFromTenantsWhomItIsNotFor() throws Exception {
        publish("tool-workflow:x?description=x&tenants=acme");

        assertThat(engine.toolManager().tools(TestEngine.ACME)).hasSize(1);
        assertThat(engine.toolManager().tools(TestEngine.BETA)).isEmpty();
        assertThat(engine.toolManager().providers(TestEngine.BETA)).isEmpty();
        assertThatThrownBy(() ->
                        engine.call(TestEngine.claim(TestEngine.BETA, Duration.ofSeconds(5)), "x", JsonObject.EMPTY))
                .hasMessageContaining("tenant 'beta' has no published tool 'x'");
    }
}
