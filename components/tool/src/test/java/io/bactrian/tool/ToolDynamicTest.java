package io.bactrian.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.support.tool.ToolConstants;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools that are known only when a message comes. */
class ToolDynamicTest extends ToolTestBase {

    @Test
    void allNamesShareOneEndpoint() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:call").toD("tool:${header.which}?tenant=acme");
                from("direct:enrich").enrich().simple("tool:${header.which}?tenant=acme");
            }
        });

        for (int i = 0; i < 50; i++) {
            ask("direct:call", "demo/echo");
            ask("direct:enrich", "weather/forecast");
            ask("direct:call", "nothing-" + i);
        }

        assertThat(toolEndpoints()).hasSize(1);
        assertThat(tools.calls).hasSize(100);
        assertThat(tools.calls)
                .allSatisfy(call -> assertThat(call.runtime().caller().tenant()).hasToString("acme"));
    }

    @Test
    void theNameIsGoneAfterTheCallAndNextMessageHasItsOwn() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:call")
                        .toD("tool:${header.which}")
                        .toD("tool:${header.second}")
                        .to("mock:after");
            }
        });

        template.send("direct:call", asked -> {
            asked.getMessage().setBody("hi");
            asked.getMessage().setHeader("which", "echo");
            asked.getMessage().setHeader("second", "forecast");
        });

        Exchange after = mock("after").getExchanges().get(0);
        assertThat(after.getAllProperties().toString()).doesNotContain("DynamicReference");
        assertThat(after.getMessage().getHeader(ToolConstants.TOOL_NAME)).isEqualTo("forecast");
        assertThat(after.getMessage().getBody(String.class)).isEqualTo("rain in you said: hi");
    }

    @ParameterizedTest
    @DisplayName("HDR-07: an expression brings a name and no options")
    @ValueSource(
            strings = {
                "echo?tenant=acme",
                "echo?credential=second",
                "echo?stream=true",
                "echo?form.text=acme",
                "echo?timeout=1&tenant=acme",
                "greet?form.greeting=Hi&form.name=acme"
            })
    void optionsInsideANameAreRefused(String name) throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:call").toD("tool:${header.which}");
                from("direct:withOptions").toD("tool:${header.which}?timeout=10s");
            }
        });

        for (String route : List.of("direct:call", "direct:withOptions")) {
            Exchange exchange = ask(route, name);

            assertThat(exchange.getException()).isNotNull();
            assertThat(exchange.getException().getMessage()).doesNotContain("acme");
        }
        assertThat(tools.calls).isEmpty();
    }

    @Test
    void anOptionThatTheRouteWritesMayHaveADynamicValue() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:call").toD("tool:greet?form.greeting=${header.greeting}&tenant=${exchangeProperty.who}");
            }
        });

        Exchange exchange = template.request("direct:call", asked -> {
            asked.getMessage().setBody(Map.of("name", "Ann"));
            asked.getMessage().setHeader("greeting", "Hi");
            asked.setProperty("who", "acme");
        });

        assertThat(exchange.getMessage().getBody(String.class)).isEqualTo("Hi, Ann!");
        assertThat(tools.lastCall().runtime().caller().tenant()).hasToString("acme");
    }

    @Test
    void theSharedEndpointCannotBeCalledWithoutAName() {
        start();

        Exchange exchange = template.request("tool:*", asked -> {
            asked.getMessage().setBody("hello");
            asked.setProperty("CamelToolDynamicReference", "demo/echo");
        });

        assertThat(exchange.getException(InvokeException.class).code()).isEqualTo(ErrorCode.INVALID_PARAM);
        assertThat(tools.calls).isEmpty();
    }

    @Test
    void aNameThatNoToolCanHaveIsTheCallersMistake() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:call").toD("tool:${header.which}");
            }
        });

        assertThat(ask("direct:call", "a\u202eb")
                        .getException(InvokeException.class)
                        .code())
                .isEqualTo(ErrorCode.INVALID_PARAM);
    }

    private Exchange ask(String route, String tool) {
        return template.request(route, asked -> {
            asked.getMessage().setBody("hello");
            asked.getMessage().setHeader("which", tool);
        });
    }

    private List<Endpoint> toolEndpoints() {
        return context.getEndpoints().stream()
                .filter(ToolEndpoint.class::isInstance)
                .toList();
    }
}
