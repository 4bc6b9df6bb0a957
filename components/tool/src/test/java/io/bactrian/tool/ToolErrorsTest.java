package io.bactrian.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tool.ToolErrors;
import io.bactrian.testkit.CanaryScanner;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Routes tell errors apart by class and by code. */
class ToolErrorsTest extends ToolTestBase {

    static Stream<InvokeException> errors() {
        return Stream.of(
                ToolErrors.argument("text: not that"),
                ToolErrors.failed("could not"),
                new RateLimitedException(ErrorCode.RATE_LIMITED, "later"),
                new UnavailableException(ErrorCode.OVERLOADED, "too much"),
                new InvokeTimeoutException(ErrorCode.TIMEOUT_IDLE, "too slow"),
                new UnauthorizedException(ErrorCode.AUTHORIZATION_ERROR, "wrong key"),
                new BadRequestException(ErrorCode.FILE_NOT_FOUND, "no file"),
                new RefusedException(ErrorCode.EGRESS_DENIED, "not there"),
                new MisconfiguredException(ErrorCode.MISCONFIGURED, "set it"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void theErrorOfTheToolIsTheExceptionOfTheExchange(InvokeException error) {
        tools.failure = arguments -> error;
        start();

        assertThat(call(ECHO, "hello").getException()).isSameAs(error);
    }

    @Test
    @DisplayName("HDR-16: what a tool throws that is not made to be shown is told by its class alone")
    void aForeignMessageIsNotShown() {
        CanaryScanner scanner = new CanaryScanner();
        String canary = scanner.plant("message");
        tools.failure = arguments -> new IllegalStateException("GET https://u:" + canary + "@host/ failed");
        start();

        InvokeException error = refusal(ECHO, "hello");

        assertThat(error.code()).isEqualTo(ErrorCode.TOOL_INVOKE_ERROR);
        assertThat(error).hasMessageContaining("tool-builtin:demo/echo").hasMessageContaining("IllegalStateException");
        scanner.assertNowhereIn(error.getMessage());
        scanner.assertNowhereIn(error.toString());
    }

    @Test
    void aRouteTellsCodesApart() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                onException(InvokeException.class)
                        .onWhen(simple("${exception.code.text} == 'tool_parameters_invalid'"))
                        .handled(true)
                        .setBody(constant("correct yourself"));
                onException(InvokeException.class)
                        .onWhen(simple("${exception.retriable}"))
                        .handled(true)
                        .setBody(constant("try again"));
                onException(MisconfiguredException.class).handled(true).setBody(simple("set: ${exception.code.text}"));
                onException(InvokeException.class).handled(true).setBody(simple("other: ${exception.code.text}"));
                from("direct:echo").to(ECHO);
                from("direct:add").to(ADD);
                from("direct:poor").to(FORECAST + "?tenant=poor");
                from("direct:nobody").to(ECHO + "?tenant=nobody");
                from("direct:unknown").to("tool:unknown");
                from("direct:denied").to("tool:never");
            }
        });

        tools.failure = arguments -> new UnavailableException(ErrorCode.OVERLOADED, "too much");
        assertThat(template.requestBody("direct:echo", "hello")).isEqualTo("try again");
        tools.failure = arguments -> ToolErrors.failed("no");
        assertThat(template.requestBody("direct:echo", "hello")).isEqualTo("other: tool_invoke_error");
        assertThat(template.requestBody("direct:add", "hello")).isEqualTo("correct yourself");
        assertThat(template.requestBody("direct:poor", "hello")).isEqualTo("set: provider_not_initialize");
        assertThat(template.requestBody("direct:nobody", "hello")).isEqualTo("set: tenant_not_found");
        assertThat(template.requestBody("direct:unknown", "hello")).isEqualTo("other: tool_not_found");
        assertThat(template.requestBody("direct:denied", "")).isEqualTo("other: tool_denied");
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        start();

        InvokeException error = refusal(ADD, java.util.Map.of("a", "x", "round", "perhaps"));

        assertThat(error)
                .hasMessageContaining("a has to be a number")
                .hasMessageContaining("b is missing")
                .hasMessageContaining("round has to be true or false");
    }

    @Test
    void camelDoesNotTryAgainByItself() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:call").to(ECHO);
            }
        });
        tools.failure = arguments -> new UnavailableException(ErrorCode.OVERLOADED, "too much");

        call("direct:call", "hello");

        assertThat(tools.calls).hasSize(1);
    }

    @Test
    void theBodyIsStillThereWhenTheCallHasFailed() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                onException(InvokeException.class).handled(true).to("mock:failed");
                from("direct:call").to(ECHO);
            }
        });
        tools.failure = arguments -> ToolErrors.failed("no");

        template.sendBody("direct:call", "hello");

        Exchange failed = mock("failed").getExchanges().get(0);
        assertThat(failed.getMessage().getBody()).isEqualTo("hello");
    }
}
