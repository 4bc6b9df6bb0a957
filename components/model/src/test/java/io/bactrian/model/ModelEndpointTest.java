package io.bactrian.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.TextEmbeddingRequest.InputType;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ParameterValue;
import io.bactrian.support.BactrianConstants;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PropertyBindingSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelEndpointTest extends ModelTestBase {

    @Test
    void answersFromARoute() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").routeId("asking").to(CHAT);
            }
        });

        LlmResult answer = template.requestBody("direct:ask", "hello", LlmResult.class);

        assertThat(answer.text()).isEqualTo("you said: hello");
        assertThat(dialect.lastCall().wireModel()).isEqualTo("gpt-4o-mini");
        assertThat(key()).isEqualTo("sk-of-default");
    }

    @Test
    void leavesWhatIsKnownOfTheCallInHeaders() {
        start();

        Exchange exchange = template.request(CHAT, asked -> {
            asked.getMessage().setBody("hello");
            asked.getMessage().setHeader("mine", "stays");
        });

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry(BactrianConstants.MODEL_NAME, "gpt-4o-mini")
                .containsEntry(BactrianConstants.MODEL_PROVIDER, "openai")
                .containsEntry(BactrianConstants.MODEL_RESPONSE_MODEL, "gpt-4o-mini-2026-01-01")
                .containsEntry(BactrianConstants.MODEL_RESPONSE_ID, "answer-1")
                .containsEntry(BactrianConstants.MODEL_ATTEMPTS, 1)
                .containsEntry(BactrianConstants.MODEL_CREDENTIAL_ID, "credential-1")
                .containsEntry(BactrianConstants.MODEL_FINISH_REASON, "stop")
                .containsEntry(BactrianConstants.MODEL_USAGE_PROMPT_TOKENS, 12L)
                .containsEntry(BactrianConstants.MODEL_USAGE_COMPLETION_TOKENS, 8L)
                .containsEntry(BactrianConstants.MODEL_USAGE_TOTAL_TOKENS, 20L)
                .containsEntry(BactrianConstants.MODEL_USAGE_CACHED_TOKENS, 2L)
                .containsEntry(BactrianConstants.MODEL_USAGE_REASONING_TOKENS, 3L)
                .containsEntry(BactrianConstants.MODEL_PRICE_TOTAL, new BigDecimal("0.0000280"))
                .containsEntry(BactrianConstants.MODEL_PRICE_CURRENCY, "USD")
                .containsEntry("mine", "stays")
                .containsKey(BactrianConstants.MODEL_REQUEST_ID);
    }

    @Test
    void takesAwayTheHeadersOfAnEarlierCall() {
        start();
        dialect.failure = request -> new io.bactrian.core.error.UnavailableException(ErrorCode.OVERLOADED, "too much");

        Exchange exchange = template.request(CHAT, asked -> {
            asked.getMessage().setBody("hello");
            asked.getMessage().setHeader(BactrianConstants.MODEL_USAGE_TOTAL_TOKENS, 99L);
            asked.getMessage().setHeader(BactrianConstants.MODEL_FINISH_REASON, "stop");
        });

        assertThat(exchange.getException(InvokeException.class).code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(exchange.getMessage().getHeaders())
                .doesNotContainKeys(BactrianConstants.MODEL_USAGE_TOTAL_TOKENS, BactrianConstants.MODEL_FINISH_REASON)
                .containsEntry(BactrianConstants.MODEL_ATTEMPTS, 1)
                .containsEntry(BactrianConstants.MODEL_PROVIDER, "openai");
    }

    @Test
    void paysWithTheCredentialOfTheTenantInTheProperty() {
        start();

        template.request(CHAT, asked -> {
            asked.getMessage().setBody("hello");
            asked.setProperty(BactrianConstants.TENANT, "acme");
        });

        assertThat(key()).isEqualTo("sk-of-acme");
    }

    @Test
    void paysWithTheCredentialOfTheEndpointsTenant() {
        start();

        template.requestBody(CHAT + "?tenant=acme", "hello");

        assertThat(key()).isEqualTo("sk-of-acme");
    }

    @Test
    void paysWithTheCredentialThatIsNamed() {
        start();

        template.requestBody(CHAT + "?tenant=acme&credential=second", "hello");

        assertThat(key()).isEqualTo("sk-of-acme-2");
    }

    @Test
    void asksTheTenantsDefaultModel() {
        start();

        Exchange exchange =
                template.request("model:default", asked -> asked.getMessage().setBody("hello"));

        assertThat(exchange.getMessage().getBody(String.class)).isEqualTo("you said: hello");
        assertThat(exchange.getMessage().getHeader(BactrianConstants.MODEL_NAME))
                .isEqualTo("gpt-4o-mini");
    }

    @Test
    void saysWhatToSetWhereThereIsNoDefaultModel() {
        start();

        Exchange exchange = template.request(
                "model:default?type=text-embedding", asked -> asked.getMessage().setBody("hello"));

        assertThat(exchange.getException(InvokeException.class).code()).isEqualTo(ErrorCode.DEFAULT_MODEL_NOT_SET);
    }

    @Test
    void embedsTexts() {
        start();

        Exchange exchange = template.request(EMBED + "&dimensions=256&inputType=query", asked -> asked.getMessage()
                .setBody(List.of("one", "three")));

        TextEmbeddingResult result = exchange.getMessage().getBody(TextEmbeddingResult.class);
        assertThat(result.embeddings()).extracting(vector -> vector[0]).containsExactly(3f, 5f);
        assertThat(dialect.embeddings.get(0).inputType()).isEqualTo(InputType.QUERY);
        assertThat(dialect.embeddings.get(0).parameters().values())
                .containsExactly(Map.entry("dimensions", new ParameterValue.Number(new BigDecimal("256"))));
        assertThat(exchange.getMessage().getHeader(BactrianConstants.MODEL_USAGE_TOTAL_TOKENS))
                .isEqualTo(7L);
    }

    @Test
    void sendsOptionsAsModelParameters() {
        start();

        template.requestBody(
                CHAT + "?temperature=0.2&topP=0.9&maxTokens=100&seed=7&presencePenalty=1&frequencyPenalty=-1"
                        + "&stop=END,STOP&user=u-1&systemMessage=Be brief",
                "hello");

        assertThat(dialect.lastRequest().parameters().values())
                .containsEntry("temperature", new ParameterValue.Number(new BigDecimal("0.2")))
                .containsEntry("top_p", new ParameterValue.Number(new BigDecimal("0.9")))
                .containsEntry("max_tokens", new ParameterValue.Number(new BigDecimal("100")))
                .containsEntry("seed", new ParameterValue.Number(new BigDecimal("7")))
                .containsEntry("presence_penalty", new ParameterValue.Number(new BigDecimal("1.0")))
                .containsEntry("frequency_penalty", new ParameterValue.Number(new BigDecimal("-1.0")));
        assertThat(dialect.lastRequest().stop()).containsExactly("END", "STOP");
        assertThat(dialect.lastRequest().user()).isEqualTo("u-1");
        assertThat(dialect.lastRequest().messages())
                .extracting(message -> message.role() + ":" + message.text())
                .containsExactly("system:Be brief", "user:hello");
    }

    @Test
    void sendsFurtherParametersTypedAsTheyLook() {
        start();

        template.requestBody(
                "model:openai/custom?param.top_k=5&param.echo=true&param.grammar=RAW({\"a\":[1]})&param.tier=flex"
                        + "&param.label=RAW(\"17\")",
                "hello");

        assertThat(dialect.lastRequest().parameters().values())
                .containsEntry("top_k", new ParameterValue.Number(new BigDecimal("5")))
                .containsEntry("echo", new ParameterValue.Flag(true))
                .containsEntry("grammar", new ParameterValue.Json("{\"a\":[1]}"))
                .containsEntry("tier", new ParameterValue.Text("flex"))
                .containsEntry("label", new ParameterValue.Text("17"));
    }

    @Test
    void namesTheParameterThatTheModelDoesNotTake() {
        start();

        Exchange exchange = template.request(CHAT + "?temperature=3&param.top_k=5", asked -> asked.getMessage()
                .setBody("hello"));

        InvokeException error = exchange.getException(InvokeException.class);
        assertThat(error.code()).isEqualTo(ErrorCode.INVALID_PARAM);
        assertThat(error).hasMessageContaining("temperature is at most 2").hasMessageContaining("top_k");
        assertThat(dialect.calls).isEmpty();
    }

    @Test
    void shrinksTheDeadlineOfTheExchangeAndNeverExtendsIt() {
        start();

        template.request(CHAT + "?timeout=1h", asked -> {
            asked.getMessage().setBody("hello");
            asked.setProperty(BactrianConstants.DEADLINE, "30s");
        });
        template.request(CHAT + "?timeout=10s", asked -> {
            asked.getMessage().setBody("hello");
            asked.setProperty(BactrianConstants.DEADLINE, Duration.ofHours(1));
        });

        assertThat(dialect.calls.get(0).deadline().remaining()).isLessThanOrEqualTo(Duration.ofSeconds(30));
        assertThat(dialect.calls.get(1).deadline().remaining()).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void givesAStreamTheTimeForItsFirstToken() {
        start();

        template.requestBody(CHAT + "?stream=true&firstTokenTimeout=5s", "hello");
        template.requestBody(
                CHAT + "?stream=true", LlmRequest.ofText("hello").withFirstTokenTimeout(Duration.ofMillis(7)));
        template.requestBody(CHAT + "?stream=true", "hello");

        assertThat(dialect.requests)
                .extracting(LlmRequest::firstTokenTimeout)
                .containsExactly(Duration.ofSeconds(5), Duration.ofMillis(7), null);
    }

    @Test
    void refusesACallWhoseTimeIsUp() {
        start();

        Exchange exchange = template.request(CHAT, asked -> {
            asked.getMessage().setBody("hello");
            asked.setProperty(BactrianConstants.DEADLINE, Duration.ZERO);
        });

        assertThat(exchange.getException(InvokeException.class).code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(dialect.calls).isEmpty();
    }

    @Test
    void takesOptionsFromTheComponentAndLetsTheEndpointHaveItsOwn() {
        ModelComponent component = context.getComponent("model", ModelComponent.class);
        component.getConfiguration().setTemperature(0.5);
        component.getConfiguration().setMaxTokens(50);
        start();

        template.requestBody(CHAT + "?maxTokens=60", "hello");

        assertThat(dialect.lastRequest().parameters().values())
                .containsEntry("temperature", new ParameterValue.Number(new BigDecimal("0.5")))
                .containsEntry("max_tokens", new ParameterValue.Number(new BigDecimal("60")));
    }

    @Test
    void takesTheComponentsOptionsFromProperties() {
        ModelComponent component = context.getComponent("model", ModelComponent.class);
        PropertyBindingSupport.bindProperties(
                context,
                component,
                new HashMap<>(Map.of("configuration.temperature", "0.25", "configuration.timeout", "10s")));
        start();

        template.requestBody(CHAT, "hello");

        assertThat(dialect.lastRequest().parameters().values())
                .containsEntry("temperature", new ParameterValue.Number(new BigDecimal("0.25")));
        assertThat(dialect.lastCall().deadline().remaining()).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void theTenantTravelsWithTheExchangeInsideTheContext() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").wireTap("seda:tapped").to("seda:work");
                from("seda:work").split(body().tokenize(",")).to(CHAT).to("mock:split");
                from("seda:tapped").to(CHAT).to("mock:tapped");
            }
        });

        template.send("direct:in", asked -> {
            asked.getMessage().setBody("a,b");
            asked.setProperty(BactrianConstants.TENANT, "acme");
        });

        await().until(() ->
                mock("split").getReceivedCounter() == 2 && mock("tapped").getReceivedCounter() == 1);
        assertThat(dialect.calls).allSatisfy(call -> assertThat(
                        call.credentials().secret("api_key").orElseThrow().reveal())
                .isEqualTo("sk-of-acme"));
    }

    @Test
    @DisplayName("the recipe of the README for JMS and Kafka: headers travel, properties do not")
    void theTenantTravelsOverAWireInAHeaderOfTheRoutesOwn() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:out")
                        .removeHeader("AcmeTenant")
                        .setHeader("AcmeTenant", exchangeProperty("BactrianTenant"))
                        .to("mock:wire");
                from("direct:wired")
                        .setProperty("BactrianTenant", header("AcmeTenant").convertToString())
                        .removeHeader("AcmeTenant")
                        .to(CHAT);
            }
        });
        template.send("direct:out", asked -> {
            asked.getMessage().setBody("hello");
            asked.getMessage().setHeader("AcmeTenant", "somebody-else");
            asked.setProperty(BactrianConstants.TENANT, "acme");
        });
        String carried = mock("wire").getExchanges().get(0).getMessage().getHeader("AcmeTenant", String.class);

        Exchange arrived = template.request("direct:wired", asked -> {
            asked.getMessage().setBody("hello");
            asked.getMessage().setHeader("AcmeTenant", carried.getBytes(StandardCharsets.UTF_8));
        });

        assertThat(key()).isEqualTo("sk-of-acme");
        assertThat(arrived.getMessage().getHeaders()).doesNotContainKey("AcmeTenant");
    }

    @ParameterizedTest
    @CsvSource({
        "type=rerank, type",
        "type=nonsense, type",
        "stream=true&type=text-embedding, stream",
        "tenant=UPPER_CASE, tenant",
        "credential=1234567890123456789012345678901, credential",
        "timeout=0, timeout",
        "firstTokenTimeout=5s, firstTokenTimeout",
        "firstTokenTimeout=-1&stream=true, firstTokenTimeout",
        "inputType=other, inputType",
        "responseFormat=xml, responseFormat",
        "responseFormat=json_schema, jsonSchema",
        "jsonSchema=nonsense, jsonSchema",
        "jsonSchema=classpath:nowhere.json, jsonSchema",
        "outputClass=no.such.Type, outputClass",
        "outputClass=java.lang.String&stream=true, outputClass",
        "headerOverrides=CamelModelTenant, headerOverrides",
        "headerOverrides=CamelModelName;credential, headerOverrides",
        "param.messages=1, param.messages",
        "param.api_key=1, param.api_key",
        "param.base_url=1, param.base_url",
        "param.grammar=RAW({), param.grammar"
    })
    void namesTheOptionThatIsWrongAtStart(String options, String named) {
        start();

        assertThatThrownBy(() -> context.getEndpoint(CHAT + "?" + options.replace(';', ',')))
                .hasRootCauseInstanceOf(MisconfiguredException.class)
                .rootCause()
                .hasMessageContaining("the option " + named + " of");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model:openai", "model:/gpt", "model:openai/", "model:OpenAI/gpt", "model:op enai/gpt"})
    void refusesAUriThatNamesNoModel(String uri) {
        start();

        assertThatThrownBy(() -> context.getEndpoint(uri))
                .rootCause()
                .hasMessageContaining("model:PROVIDER/MODEL")
                .isInstanceOf(InvokeException.class);
    }

    @Test
    void refusesToStartWithoutAnEngineAndNamesTheDependency() throws Exception {
        try (DefaultCamelContext bare = new DefaultCamelContext()) {
            bare.start();

            assertThatThrownBy(() -> bare.getEndpoint(CHAT))
                    .rootCause()
                    .hasMessageContaining("io.bactrian:bactrian-engine");
        }
    }

    @Test
    void hasNoConsumer() {
        start();

        assertThatThrownBy(() -> context.getEndpoint(CHAT).createConsumer(exchange -> {}))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void namesTheRouteAsTheApplication() throws Exception {
        RecordingPolicy policy = new RecordingPolicy();
        engine.policies.add(policy);
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:outer").routeId("outer").to("direct:inner");
                from("direct:inner").routeId("inner").to(CHAT);
            }
        });

        template.requestBody("direct:outer", "hello");

        assertThat(policy.callers.get(0).app()).hasToString("outer");
        assertThat(policy.types).containsExactly(ModelType.LLM);
    }

    @Test
    void anExceptionOfTheChainIsTheExchangesException() {
        start();

        assertThatThrownBy(() -> template.requestBody(CHAT + "?tenant=poor", "hello"))
                .isInstanceOf(CamelExecutionException.class)
                .cause()
                .isInstanceOf(MisconfiguredException.class);
    }

    private String key() {
        return dialect.lastCall()
                .credentials()
                .secret("api_key")
                .map(Secret::reveal)
                .orElseThrow();
    }
}
