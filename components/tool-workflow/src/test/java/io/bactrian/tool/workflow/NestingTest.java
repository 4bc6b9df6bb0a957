package io.bactrian.tool.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.CallPath;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.support.BactrianConstants;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tools that call tools. */
class NestingTest extends WorkflowTestBase {

    @Test
    @DisplayName(
            "complaint 14: three nested tools count three levels, with the tenant, the path and the deadline of the first call")
    void oneLevelCountsOne() throws Exception {
        AtomicReference<Exchange> innermost = new AtomicReference<>();
        start(routes -> {
            routes.from("tool-workflow:one?description=1&parameter.n=integer").to("tool-workflow:two");
            routes.from("tool-workflow:two?description=2&parameter.n=integer").to("tool-workflow:three");
            routes.from("tool-workflow:three?description=3&parameter.n=integer")
                    .process(innermost::set)
                    .setBody(routes.simple("three got ${variable.n}"));
        });

        String text = engine.call(
                        TestEngine.claim(TestEngine.ACME, Duration.ofSeconds(20)), "one", JsonObject.of("n", 7))
                .text();

        assertThat(text).isEqualTo("three got 7");
        Exchange seen = innermost.get();
        assertThat(seen.getProperty(BactrianConstants.DEPTH)).isEqualTo(3);
        assertThat(seen.getProperty(BactrianConstants.PATH))
                .isEqualTo(new CallPath(List.of("tool-workflow:one", "tool-workflow:two", "tool-workflow:three")));
        assertThat(seen.getProperty(BactrianConstants.TENANT)).isEqualTo(TestEngine.ACME);
        assertThat(seen.getProperty(BactrianConstants.DEADLINE, Deadline.class).remaining())
                .isLessThan(Duration.ofSeconds(21));
        assertThat(context.getInflightRepository().size()).isZero();
    }

    @Test
    void servesAsManyLevelsAsAreAllowedAndNoMore() throws Exception {
        start(routes -> {
            for (int i = 0; i <= TestEngine.DEEPEST + 1; i++) {
                String last = i == TestEngine.DEEPEST + 1 ? "mock:end" : "tool-workflow:t" + (i + 1);
                routes.from("tool-workflow:t" + i + "?description=x").to(last);
            }
        });

        // a call from outside is of depth 0
        assertThat(call("t1").json()).hasSize(1);
        assertThatThrownBy(() -> call("t0"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("nested more than " + TestEngine.DEEPEST + " deep");
    }

    @Test
    @DisplayName("a tool that calls itself is refused at the limit, and the circle is named with the way there")
    void namesTheCircleOfAToolThatCallsItself() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        start(routes -> routes.from("tool-workflow:again?description=x")
                .process(exchange -> calls.incrementAndGet())
                .to("tool-workflow:again"));

        assertThatThrownBy(() -> call("again"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("round in a circle at tool-workflow:again")
                .hasMessageContaining("tool-workflow:again → tool-workflow:again")
                .extracting(thrown -> ((InvokeException) thrown).code())
                .isEqualTo(ErrorCode.DEPTH_EXCEEDED);
        assertThat(calls).hasValue(TestEngine.DEEPEST + 1);
        assertThat(context.getInflightRepository().size()).isZero();
    }

    @Test
    void namesTheCircleOfToolsThatCallEachOther() throws Exception {
        start(routes -> {
            routes.from("tool-workflow:ping?description=x").to("direct:on");
            routes.from("direct:on").to("seda:on");
            routes.from("seda:on?concurrentConsumers=10").to("tool-workflow:pong");
            routes.from("tool-workflow:pong?description=x").to("tool-workflow:ping");
        });

        assertThatThrownBy(() -> call("ping"))
                .hasMessageContaining("circle")
                .hasMessageContaining("tool-workflow:ping → tool-workflow:pong → tool-workflow:ping");
    }

    @Test
    void shrinksTheDeadlineAndNeverExtendsIt() throws Exception {
        AtomicReference<Duration> left = new AtomicReference<>();
        start(routes -> {
            routes.from("tool-workflow:outer?description=x&timeout=3s").to("tool-workflow:inner?timeout=60s");
            routes.from("tool-workflow:inner?description=x&timeout=50s")
                    .process(exchange -> left.set(exchange.getProperty(BactrianConstants.DEADLINE, Deadline.class)
                            .remaining()))
                    .setBody(routes.constant("done"));
        });

        call("outer");

        assertThat(left.get()).isLessThanOrEqualTo(Duration.ofSeconds(3));
        assertThatThrownBy(
                        () -> engine.call(TestEngine.claim(TenantId.DEFAULT, Duration.ZERO), "outer", JsonObject.EMPTY))
                .isInstanceOf(InvokeTimeoutException.class);
    }

    @Test
    void doesNotLetAToolActForAnotherTenant() throws Exception {
        start(routes -> {
            routes.from("tool-workflow:outer?description=x").to("tool-workflow:inner?tenant=beta");
            routes.from("tool-workflow:inner?description=x").setBody(routes.constant("done"));
        });

        assertThatThrownBy(() -> engine.call(
                        TestEngine.claim(TestEngine.ACME, Duration.ofSeconds(5)), "outer", JsonObject.EMPTY))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("another tenant");
    }

    @Test
    void passesTheErrorOfTheInnermostOn() throws Exception {
        start(routes -> {
            routes.from("tool-workflow:outer?description=x").to("tool-workflow:inner");
            routes.from("tool-workflow:inner?description=x").process(exchange -> {
                throw new java.io.IOException("CANARY");
            });
        });

        assertThatThrownBy(() -> call("outer"))
                .isInstanceOf(InvokeException.class)
                .hasMessageContaining("tool-workflow:inner failed (IOException)");
    }

    @Test
    void servesManyCallersAtOnce() throws Exception {
        start(routes -> {
            routes.from("tool-workflow:outer?description=x&parameter.n=integer")
                    .process(exchange -> exchange.getMessage().setBody(Map.of("n", exchange.getVariable("n"))))
                    .to("tool-workflow:inner");
            routes.from("tool-workflow:inner?description=x&parameter.n=integer")
                    .setBody(routes.simple("${variable.n}"));
        });

        boolean allTheirOwn = java.util.stream.IntStream.range(0, 400)
                .parallel()
                .allMatch(n -> call("outer", JsonObject.of("n", n)).text().equals("" + n));

        assertThat(allTheirOwn).isTrue();
        assertThat(context.getInflightRepository().size()).isZero();
    }
}
