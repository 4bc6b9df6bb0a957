package io.bactrian.tool.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.support.BactrianConstants;
import io.bactrian.support.tool.ToolConstants;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.LogCapture;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.console.DevConsole;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoint in the real engine. What all endpoints of tools share is tested with {@code tool:}. Runs again in Turkish. */
class BuiltinEndpointTest extends BuiltinTestBase {

    @Test
    void answersFromARoute() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:status").to(STATUS);
            }
        });

        Exchange exchange = call("direct:status", "A-17");

        assertThat(exchange.getMessage().getBody(ToolResult.class).text()).isEqualTo("Order A-17 is on its way.");
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry(ToolConstants.TOOL_TYPE, "builtin")
                .containsEntry(ToolConstants.TOOL_PROVIDER, "orders")
                .containsEntry(ToolConstants.TOOL_NAME, "status")
                .containsEntry(ToolConstants.TOOL_ATTEMPTS, 1)
                .containsKeys(ToolConstants.TOOL_TIME_COST, ToolConstants.TOOL_REQUEST_ID)
                .doesNotContainKey(ToolConstants.TOOL_CREDENTIAL_ID);
    }

    @Test
    void takesAMapJsonAndFormValues() {
        start();

        assertThat(text(
                        "tool-builtin:orders/place_order?form.speed=EXPRESS",
                        Map.of("lines", List.of(Map.of("article", "a", "quantity", 2)))))
                .contains("\"delivery\":\"2026-01-02\"");
        assertThat(text(
                        "tool-builtin:orders/place_order",
                        "{\"lines\": \"[{\\\"article\\\":\\\"a\\\",\\\"quantity\\\":1}]\"}"))
                .contains("\"lines\":1")
                .contains("\"delivery\":\"2026-01-05\"");
    }

    @Test
    void saysWhichProvidersAndToolsThereAre() {
        start();

        InvokeException noProvider = refusal("tool-builtin:order/status", "A-1");
        InvokeException noTool = refusal("tool-builtin:orders/cancel", "A-1");

        assertThat(noProvider.code()).isEqualTo(ErrorCode.PROVIDER_NOT_FOUND);
        assertThat(noProvider).hasMessageContaining("orders");
        assertThat(noTool.code()).isEqualTo(ErrorCode.TOOL_NOT_FOUND);
        assertThat(noTool).hasMessageContaining("place_order").hasMessageContaining("status");
    }

    @Test
    void streams() {
        start();

        try (ToolStream stream = template.requestBody(STATUS + "?stream=true", "A-1", ToolStream.class)) {
            assertThat(openStreams()).isEqualTo(1);
            assertThat(stream.next()).isEqualTo(new ToolInvokeMessage.Text("Order A-1 is on its way."));
            assertThat(stream.hasNext()).isFalse();
        }
        assertThat(openStreams()).isZero();
    }

    @Test
    void allNamesShareOneEndpointAndBringNoOptions() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:any").toD("tool-builtin:orders/${header.which}");
                from("direct:address").toD("tool-builtin:*?address=RAW(${header.which})");
            }
        });

        for (String route : List.of("direct:any", "direct:address")) {
            String prefix = route.equals("direct:any") ? "" : "orders/";
            assertThat(template.requestBodyAndHeader(route, "A-1", "which", prefix + "status", String.class))
                    .isEqualTo("Order A-1 is on its way.");
            Exchange other = template.request(route, asked -> {
                asked.getMessage().setBody("A-1");
                asked.getMessage().setHeader("which", prefix + "nothing");
            });
            assertThat(other.getException(InvokeException.class).code()).isEqualTo(ErrorCode.TOOL_NOT_FOUND);
        }
        Exchange smuggled = template.request("direct:any", asked -> {
            asked.getMessage().setBody("A-1");
            asked.getMessage().setHeader("which", "status?tenant=acme");
        });

        assertThat(smuggled.getException()).hasMessageContaining("tenant").hasMessageNotContaining("acme");
        List<Endpoint> endpoints = context.getEndpoints().stream()
                .filter(BuiltinEndpoint.class::isInstance)
                .toList();
        assertThat(endpoints).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tool-builtin:orders", "tool-builtin:/status", "tool-builtin:orders/", "tool-builtin:*?address=x"
            })
    void refusesAUriThatNamesNoTool(String uri) {
        start();

        assertThatThrownBy(() -> context.getEndpoint(uri))
                .rootCause()
                .isInstanceOf(InvokeException.class)
                .hasMessageContaining("tool-builtin:PROVIDER/TOOL");
    }

    @ParameterizedTest
    @CsvSource({"tenant=UPPER, tenant", "timeout=0, timeout", "form.Host=x, form.*", "address=x, address"})
    void namesTheOptionThatIsWrongAtStart(String options, String named) {
        start();

        assertThatThrownBy(() -> context.getEndpoint(STATUS + "?" + options))
                .rootCause()
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("the option " + named + " of a tool-builtin: endpoint");
    }

    @ParameterizedTest
    @DisplayName("HDR-15: an option that there is not is refused without a word of its value")
    @ValueSource(strings = {"apiKey=%s", "apiKey=RAW(a)b&c%s)", "wibble=%s", "credential=%s-longer-than-a-name-can-be"})
    void anUnknownOptionIsRefusedWithoutItsValue(String option) {
        start();
        CanaryScanner scanner = new CanaryScanner();
        String canary = scanner.plant("option");

        try (LogCapture log = scanner.captureLogs()) {
            Throwable refused = catchThrowable(() -> context.getEndpoint(STATUS + "?" + option.formatted(canary)));

            assertThat(refused).isNotNull();
            scanner.assertNowhereIn(refused);
            assertThat(log.text()).isNotNull();
        }
    }

    @ParameterizedTest
    @DisplayName("HDR-07, HDR-09: no header becomes an argument, an option or a tenant")
    @ValueSource(strings = {"number", "form.number", "BactrianTenant", "CamelToolName", "tenant", "Authorization"})
    void aHeaderChangesNothing(String header) {
        start();

        Exchange exchange = template.request(STATUS, asked -> {
            asked.getMessage().setBody(Map.of("number", "A-1", "CamelHttpUri", "http://evil"));
            asked.getMessage().setHeader(header, "nobody");
        });

        assertThat(exchange.getMessage().getBody(String.class)).isEqualTo("Order A-1 is on its way.");
        assertThat(exchange.getMessage().getHeaders()).doesNotContainKey("CamelHttpUri");
    }

    @Test
    void tellsTheToolWhoCalls() {
        start();

        Exchange exchange = template.request("tool-builtin:orders/place_order", asked -> {
            asked.getMessage().setBody(Map.of("lines", List.of()));
            asked.setProperty(BactrianConstants.TENANT, "default");
        });

        assertThat(exchange.getMessage().getBody(Map.class)).containsEntry("number", "A-default");
    }

    @Test
    void yaml() throws Exception {
        start();
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("route.yaml", """
                - route:
                    from:
                      uri: direct:status
                      steps:
                        - to:
                            uri: tool-builtin
                            parameters:
                              provider: orders
                              toolName: status
                              timeout: 10s
                        - convertBodyTo:
                            type: String
                """));

        assertThat(template.requestBody("direct:status", "A-2")).isEqualTo("Order A-2 is on its way.");
    }

    @Test
    void theKamelet() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:status").to("kamelet:tool-builtin-action?tool=orders/status&callTimeout=5s");
            }
        });

        assertThat(template.requestBody("direct:status", "A-3", String.class)).isEqualTo("Order A-3 is on its way.");
    }

    @Test
    void theConsoleShowsEndpointsAndCalls() {
        start();
        call(STATUS, "A-1");
        call(STATUS, "B-1");

        DevConsole console = PluginHelper.getDevConsoleResolver(context).resolveDevConsole("tool-builtin");
        JsonObject shown = (JsonObject) console.call(DevConsole.MediaType.JSON, Map.of());

        assertThat((JsonArray) shown.get("endpoints")).anySatisfy(row -> assertThat((JsonObject) row)
                .containsEntry("tool", "orders/status")
                .containsEntry("calls", 2L)
                .containsEntry("failures", 1L)
                .containsEntry("lastError", "tool_parameters_invalid"));
    }

    @Test
    void hasNoConsumer() {
        start();

        assertThatThrownBy(() -> context.getEndpoint(STATUS).createConsumer(exchange -> {}))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
