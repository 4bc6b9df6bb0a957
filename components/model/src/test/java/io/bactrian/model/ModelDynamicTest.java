package io.bactrian.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.support.BactrianConstants;
import java.util.List;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that are known only when a message comes. */
class ModelDynamicTest extends ModelTestBase {

    @Test
    void allNamesShareOneEndpoint() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").toD("model:openai/${header.which}?temperature=0.5");
                from("direct:enrich").enrich().simple("model:openai/${header.which}?temperature=0.5");
            }
        });

        for (int i = 0; i < 50; i++) {
            template.requestBodyAndHeader("direct:ask", "hello", "which", "gpt-4o-mini");
            template.requestBodyAndHeader("direct:ask", "hello", "which", "model-" + i);
        }

        assertThat(modelEndpoints()).hasSize(1);
        assertThat(dialect.calls).hasSize(100);
        assertThat(dialect.lastCall().wireModel()).isEqualTo("model-49");
        assertThat(dialect.lastRequest().parameters().find("temperature")).isPresent();
    }

    @Test
    void theProviderMayBeDynamicToo() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").toD("model:${header.provider}/${header.which}");
            }
        });

        Exchange known = ask("openai", "gpt-4o-mini");
        Exchange unknown = ask("nobody", "gpt-4o-mini");
        Exchange wrong = ask("no body", "x");

        assertThat(known.getException()).isNull();
        assertThat(unknown.getException(InvokeException.class).code()).isEqualTo(ErrorCode.PROVIDER_NOT_FOUND);
        assertThat(wrong.getException(InvokeException.class).code()).isEqualTo(ErrorCode.INVALID_PARAM);
        assertThat(modelEndpoints()).hasSize(1);
    }

    @Test
    void theNameIsGoneAfterTheCall() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").toD("model:openai/${header.which}").to("mock:after");
            }
        });

        template.requestBodyAndHeader("direct:ask", "hello", "which", "gpt-4o-mini");
        Exchange exchange = mock("after").getExchanges().get(0);

        assertThat(exchange.getProperties()).doesNotContainKey(ModelSendDynamicAware.ADDRESS);
        assertThat(exchange.getMessage().getHeader(BactrianConstants.MODEL_NAME))
                .isEqualTo("gpt-4o-mini");
    }

    @ParameterizedTest
    @DisplayName("HDR-07: an expression brings a name and no options")
    @ValueSource(
            strings = {
                "gpt-4o-mini?tenant=acme",
                "gpt-4o-mini?credential=second",
                "gpt-4o-mini?headerOverrides=CamelModelName",
                "gpt-4o-mini?outputClass=java.lang.String",
                "gpt-4o-mini?temperature=0.1&tenant=acme"
            })
    void optionsInsideANameAreRefused(String name) throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").toD("model:openai/${header.which}");
                from("direct:withOptions").toD("model:openai/${header.which}?temperature=0.5");
            }
        });

        for (String route : List.of("direct:ask", "direct:withOptions")) {
            Exchange exchange = template.request(route, asked -> {
                asked.getMessage().setBody("hello");
                asked.getMessage().setHeader("which", name);
            });

            assertThat(exchange.getException()).isNotNull();
            assertThat(exchange.getException().getMessage()).doesNotContain("acme");
        }
        assertThat(dialect.calls).isEmpty();
    }

    @Test
    void anOptionThatTheRouteWritesMayHaveADynamicValue() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").toD("model:openai/gpt-4o-mini?tenant=${exchangeProperty.who}");
            }
        });

        Exchange exchange = template.request("direct:ask", asked -> {
            asked.getMessage().setBody("hello");
            asked.setProperty("who", "acme");
        });

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getHeader(BactrianConstants.MODEL_CREDENTIAL_ID))
                .isEqualTo("credential-2");
    }

    @Test
    void theSharedEndpointCannotBeCalledWithoutAName() {
        start();

        Exchange exchange = template.request("model:*", asked -> {
            asked.getMessage().setBody("hello");
            asked.setProperty(ModelSendDynamicAware.ADDRESS, "openai/gpt-4o-mini");
        });

        assertThat(exchange.getException(InvokeException.class).code()).isEqualTo(ErrorCode.INVALID_PARAM);
    }

    @Test
    void anAuthenticatedCallerIsNotMovedToAnotherTenantByAnOption() {
        start();

        Exchange exchange = template.request(CHAT + "?tenant=acme", asked -> {
            asked.getMessage().setBody("hello");
            asked.setProperty(BactrianConstants.TENANT, "default");
            asked.setProperty(BactrianConstants.SOURCE, "http");
        });

        assertThat(exchange.getException(InvokeException.class).code()).isEqualTo(ErrorCode.ACCESS_DENIED);
    }

    private Exchange ask(String provider, String model) {
        return template.request("direct:ask", asked -> {
            asked.getMessage().setBody("hello");
            asked.getMessage().setHeader("provider", provider);
            asked.getMessage().setHeader("which", model);
        });
    }

    private List<Endpoint> modelEndpoints() {
        return context.getEndpoints().stream()
                .filter(ModelEndpoint.class::isInstance)
                .toList();
    }
}
