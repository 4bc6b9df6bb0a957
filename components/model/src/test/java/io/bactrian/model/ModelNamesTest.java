package io.bactrian.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.support.BactrianConstants;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows the first slash is the model's name, whatever it holds. */
class ModelNamesTest extends ModelTestBase {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "meta-llama/Llama-3.1-8B-Instruct",
                "llama3.1:8b",
                "library/llama3:70b-instruct-q4_K_M",
                "accounts/fireworks/models/llama-v3p1",
                "@cf/meta/llama-3-8b",
                "user@host@again/m",
                "ft:gpt-4o-mini:acme::abc123",
                "a b",
                "a#b",
                "a+b",
                "a&b=c",
                "a%b",
                "100%",
                "a,b;c",
                "a~b|c^d",
                "[x]{y}<z>",
                "ünï/çødé-模型",
                "(x)!$'*",
                "https://example.org/model",
                "gpt.4.o",
                "İstanbul-ı",
                "default"
            })
    void callsTheModelOfThatName(String name) {
        start();

        Exchange exchange = template.request(
                "model:openai/" + name, asked -> asked.getMessage().setBody("hello"));

        assertThat(exchange.getException()).isNull();
        assertThat(dialect.lastCall().wireModel()).isEqualTo(name);
        assertThat(exchange.getMessage().getHeader(BactrianConstants.MODEL_NAME))
                .isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"what?really=1", "a%20b", "a//b", "a/?b&c=d", "x?y#z"})
    void callsTheModelOfThatNameGivenAsAnOption(String name) {
        start();

        template.requestBody("model:openai?modelName=RAW(" + name + ")", "hello");

        assertThat(dialect.lastCall().wireModel()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"meta-llama/Llama-3.1-8B", "llama3.1:8b", "@cf/a b#c", "a+b", "a&b", "ünï", "100%"})
    void callsTheModelThatAnExpressionNames(String name) throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").toD("model:openai/${header.which}");
            }
        });

        template.requestBodyAndHeader("direct:ask", "hello", "which", name);

        assertThat(dialect.lastCall().wireModel()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"meta-llama/Llama-3.1-8B", "what?really=1", "a&b=c", "a b"})
    void callsTheModelThatAnExpressionNamesInAnOption(String name) throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").toD("model:openai?modelName=RAW(${header.which})");
            }
        });

        template.requestBodyAndHeader("direct:ask", "hello", "which", name);

        assertThat(dialect.lastCall().wireModel()).isEqualTo(name);
    }

    @Test
    void takesSlashesAfterTheSchemeAsCamelDoes() {
        start();

        template.requestBody("model://openai/gpt-4o-mini", "hello");

        assertThat(dialect.lastCall().wireModel()).isEqualTo("gpt-4o-mini");
    }
}
