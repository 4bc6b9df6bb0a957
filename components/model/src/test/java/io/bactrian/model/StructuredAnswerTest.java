package io.bactrian.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.ResponseFormat;
import io.bactrian.support.BactrianConstants;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StructuredAnswerTest extends ModelTestBase {

    private static final String URI = CHAT + "?outputClass=" + Forecast.class.getName();

    /** What the route wants. */
    public record Forecast(String city, List<Day> days) {
        /** One day. */
        public record Day(String date, int high) {}
    }

    @BeforeEach
    void startContext() {
        start();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s",
                "```json\n%s\n```",
                "```\n%s```",
                "\n  %s \n",
            })
    void theBodyIsAnInstance(String form) {
        dialect.answer =
                request -> form.formatted("{\"city\":\"Ulm\",\"days\":[{\"date\":\"2026-11-23\",\"high\":4}]}");

        Exchange exchange = template.request(URI, asked -> asked.getMessage().setBody("weather?"));

        assertThat(exchange.getMessage().getBody())
                .isEqualTo(new Forecast("Ulm", List.of(new Forecast.Day("2026-11-23", 4))));
        assertThat(exchange.getMessage().getHeader(BactrianConstants.MODEL_USAGE_TOTAL_TOKENS))
                .isEqualTo(20L);
    }

    @Test
    void theSchemaIsSentAlong() {
        dialect.answer = request -> "{\"city\":\"Ulm\",\"days\":[]}";

        template.requestBody(URI, "weather?");

        assertThat(dialect.lastRequest().responseFormat())
                .isInstanceOfSatisfying(ResponseFormat.JsonSchema.class, format -> {
                    assertThat(format.name()).isEqualTo("Forecast");
                    assertThat(format.strict()).isTrue();
                    assertThat(format.schema().json()).contains("\"days\"").contains("\"additionalProperties\":false");
                });
    }

    @Test
    void anAnswerThatDoesNotFitIsAnErrorThatNamesThePath() {
        dialect.answer = request -> "{\"city\":\"Ulm\",\"days\":[{\"date\":\"2026-11-23\",\"high\":\"warm\"}]}";

        Exchange exchange = template.request(URI, asked -> asked.getMessage().setBody("weather?"));

        InvokeException error = exchange.getException(InvokeException.class);
        assertThat(error).isInstanceOf(ProtocolException.class).hasMessageContaining("$.days[0].high");
        assertThat(error.getMessage()).doesNotContain("warm");
        assertThat(error.code()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertThat(exchange.getMessage().getHeader(BactrianConstants.MODEL_USAGE_TOTAL_TOKENS))
                .isEqualTo(20L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "I am sorry", "{", "[]", "null"})
    void anAnswerThatIsNoObjectIsAnError(String answer) {
        dialect.answer = request -> answer;

        Exchange exchange = template.request(URI, asked -> asked.getMessage().setBody("weather?"));

        assertThat(exchange.getException(InvokeException.class)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void anAnswerThatWasCutOffSaysSo() {
        dialect.answer = request -> "{\"city\":\"Ulm\",\"days\":[]}";
        dialect.finishReason = FinishReason.LENGTH;

        Exchange exchange = template.request(URI, asked -> asked.getMessage().setBody("weather?"));

        assertThat(exchange.getException()).hasMessageContaining("maxTokens");
    }

    @Test
    void aSchemaOfTheRoutesOwnIsSentToo() {
        template.requestBody(
                CHAT + "?jsonSchema=RAW({\"type\":\"object\",\"properties\":{},\"additionalProperties\":false})", "x");
        template.requestBody(CHAT + "?responseFormat=json_schema&jsonSchema=classpath:open-schema.json", "x");

        assertThat(dialect.requests)
                .extracting(request -> ((ResponseFormat.JsonSchema) request.responseFormat()).strict())
                .containsExactly(true, false);
    }

    @Test
    void anyJsonObjectMayBeAskedFor() {
        template.requestBody(CHAT + "?responseFormat=json_object", "x");

        assertThat(dialect.lastRequest().responseFormat()).isEqualTo(new ResponseFormat.JsonObject());
    }
}
