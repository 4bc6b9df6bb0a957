package io.bactrian.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.core.error.UnavailableException;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Routes tell errors apart by class and by code. */
class ModelErrorsTest extends ModelTestBase {

    static Stream<InvokeException> errors() {
        return Stream.of(
                new RateLimitedException(ErrorCode.RATE_LIMITED, "later"),
                new UnavailableException(ErrorCode.OVERLOADED, "too much"),
                new InvokeTimeoutException(ErrorCode.TIMEOUT_IDLE, "too slow"),
                new UnauthorizedException(ErrorCode.AUTHORIZATION_ERROR, "wrong key"),
                new BadRequestException(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "too long"),
                new RefusedException(ErrorCode.CONTENT_FILTER, "not that"),
                new ProtocolException(ErrorCode.PROTOCOL_ERROR, "gibberish"),
                new MisconfiguredException(ErrorCode.MISCONFIGURED, "set it"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void theErrorOfTheCallIsTheExceptionOfTheExchange(InvokeException error) {
        dialect.failure = request -> error;
        start();

        Exchange exchange = template.request(CHAT, asked -> asked.getMessage().setBody("hello"));

        assertThat(exchange.getException()).isSameAs(error);
    }

    @Test
    void aRouteTellsCodesApart() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                onException(InvokeException.class)
                        .onWhen(simple("${exception.code.text} == 'rate_limit_error'"))
                        .handled(true)
                        .setBody(constant("come back later"));
                onException(InvokeException.class)
                        .onWhen(simple("${exception.retriable}"))
                        .handled(true)
                        .setBody(constant("try again"));
                onException(MisconfiguredException.class).handled(true).setBody(simple("set: ${exception.code.text}"));
                onException(InvokeException.class).handled(true).setBody(simple("other: ${exception.code.text}"));
                from("direct:ask").to(CHAT);
                from("direct:poor").to(CHAT + "?tenant=poor");
                from("direct:nobody").to(CHAT + "?tenant=nobody");
                from("direct:unknown").to("model:unknown/x");
                from("direct:embed").to("model:openai/gpt-4o-mini?temperature=5");
            }
        });

        dialect.failure = request -> new RateLimitedException(ErrorCode.RATE_LIMITED, "later");
        assertThat(template.requestBody("direct:ask", "hello")).isEqualTo("come back later");
        dialect.failure = request -> new UnavailableException(ErrorCode.OVERLOADED, "too much");
        assertThat(template.requestBody("direct:ask", "hello")).isEqualTo("try again");
        dialect.failure = request -> new BadRequestException(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "too long");
        assertThat(template.requestBody("direct:ask", "hello")).isEqualTo("other: context_length_exceeded");
        assertThat(template.requestBody("direct:poor", "hello")).isEqualTo("set: provider_not_initialize");
        assertThat(template.requestBody("direct:nobody", "hello")).isEqualTo("set: tenant_not_found");
        assertThat(template.requestBody("direct:unknown", "hello")).isEqualTo("other: provider_not_found");
        assertThat(template.requestBody("direct:embed", "hello")).isEqualTo("other: invalid_param");
    }

    @Test
    void camelDoesNotTryAgainByItself() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to(CHAT);
            }
        });
        dialect.failure = request -> new UnavailableException(ErrorCode.OVERLOADED, "too much");

        template.request("direct:ask", asked -> asked.getMessage().setBody("hello"));

        assertThat(dialect.calls).hasSize(1);
    }

    @Test
    void theQuestionIsStillThereWhenTheCallHasFailed() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                onException(InvokeException.class).handled(true).to("mock:failed");
                from("direct:ask").to(CHAT);
            }
        });
        dialect.failure = request -> new UnavailableException(ErrorCode.OVERLOADED, "too much");

        template.sendBody("direct:ask", "hello");

        assertThat(mock("failed").getExchanges().get(0).getMessage().getBody()).isEqualTo("hello");
    }
}
