package io.bactrian.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.core.error.UnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrafficHealthCheckTest {

    private final MovingClock clock = new MovingClock();
    private final CallTraffic traffic = new CallTraffic(clock);
    private final TrafficHealthCheck check =
            new TrafficHealthCheck("model", "id", traffic, clock, Map.of("model", "openai/gpt"));
    private DefaultCamelContext context;

    @BeforeEach
    void makeContext() {
        context = new DefaultCamelContext();
        check.setCamelContext(context);
    }

    @AfterEach
    void closeContext() throws Exception {
        context.close();
    }

    @Test
    void isUpBeforeTheFirstCall() {
        assertThat(check.call().getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(check.isLiveness()).isFalse();
        assertThat(check.isReadiness()).isTrue();
    }

    @Test
    void isDownAfterThreeCallsInARowWithoutAProperAnswer() {
        traffic.failed(new UnavailableException(ErrorCode.CONNECTION_FAILED, "x"));
        traffic.failed(new InvokeTimeoutException(ErrorCode.TIMEOUT_FIRST_BYTE, "x"));
        assertThat(check.call().getState()).isEqualTo(HealthCheck.State.UP);

        traffic.failed(new ProtocolException(ErrorCode.PROTOCOL_ERROR, "x"));

        HealthCheck.Result result = check.call();
        assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(result.getMessage())
                .hasValueSatisfying(text -> assertThat(text).contains("protocol_error"));
        assertThat(result.getDetails()).containsEntry("failures.in.a.row", 3).containsEntry("model", "openai/gpt");
    }

    @Test
    void isUpAgainWithTheNextAnswer() {
        threeOutages();

        traffic.succeeded();

        assertThat(check.call().getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(traffic.calls()).isEqualTo(4);
        assertThat(traffic.failures()).isEqualTo(3);
        assertThat(traffic.lastError()).isEqualTo(ErrorCode.OVERLOADED);
    }

    @Test
    void isUpAgainAfterAMinuteWithoutTraffic() {
        threeOutages();
        assertThat(check.call().getState()).isEqualTo(HealthCheck.State.DOWN);

        clock.now = clock.now.plus(Duration.ofSeconds(61));

        assertThat(check.call().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void isNotBroughtDownByWhatIsNotTheOtherSidesFault() {
        for (int i = 0; i < 3; i++) {
            traffic.failed(new BadRequestException(ErrorCode.INVALID_PARAM, "x"));
            traffic.failed(new MisconfiguredException(ErrorCode.PROVIDER_NOT_INITIALIZE, "x"));
            traffic.failed(new UnauthorizedException(ErrorCode.AUTHORIZATION_ERROR, "x"));
            traffic.failed(new RateLimitedException(ErrorCode.RATE_LIMITED, "x"));
            traffic.failed(new UnavailableException(ErrorCode.CANCELLED, "x"));
            traffic.failed(new ProtocolException(ErrorCode.TOOL_INVOKE_ERROR, "x"));
            traffic.failed(new IllegalStateException("a bug"));
        }

        assertThat(check.call().getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(traffic.failures()).isEqualTo(21);
    }

    private void threeOutages() {
        for (int i = 0; i < 3; i++) {
            traffic.failed(new UnavailableException(ErrorCode.OVERLOADED, "x"));
        }
    }

    private static final class MovingClock extends Clock {

        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
