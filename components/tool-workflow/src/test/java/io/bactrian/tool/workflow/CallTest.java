package io.bactrian.tool.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.file.FileId;
import io.bactrian.core.file.NewFile;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.CallPath;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.support.BactrianConstants;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.LogCapture;
import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.impl.engine.PooledExchangeFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a route gets of a call, and what becomes of its failures. */
class CallTest extends WorkflowTestBase {

    private final AtomicReference<Exchange> seen = new AtomicReference<>();

    private Processor keep() {
        return seen::set;
    }

    private Exchange seen() {
        return seen.get();
    }

    @Test
    void bringsArgumentsAsAMapAndAsVariables() throws Exception {
        start(routes -> routes.from(
                        "tool-workflow:x?description=x&parameter.order_id=string,required&parameter.n=integer"
                                + "&parameter.price=number&parameter.big=number&parameter.all=boolean&parameter.day=date"
                                + "&parameter.list=array&parameter.map=object&parameter.missing=string")
                .process(keep())
                .setBody(routes.simple("${variable.order_id}: ${variable.n}")));

        ToolResult result = call(
                "x",
                JsonObject.of(Map.of(
                        "order_id",
                        "A7",
                        "n",
                        5,
                        "price",
                        new BigDecimal("1.50"),
                        "big",
                        5_000_000_000L,
                        "all",
                        true,
                        "day",
                        "2026-01-31",
                        "list",
                        List.of(1, "b"),
                        "map",
                        Map.of("k", List.of(2)))));

        assertThat(result.text()).isEqualTo("A7: 5");
        assertThat(seen().getVariables())
                .containsEntry("order_id", "A7")
                .containsEntry("n", 5)
                .containsEntry("price", new BigDecimal("1.50"))
                .containsEntry("big", 5_000_000_000L)
                .containsEntry("all", true)
                .containsEntry("day", "2026-01-31")
                .containsEntry("list", List.of(1, "b"))
                .containsEntry("map", Map.of("k", List.of(2)))
                .doesNotContainKey("missing");
    }

    @Test
    void letsARouteChangeTheBodyAndCompareNumbers() throws Exception {
        start(routes -> routes.from("tool-workflow:x?description=x&parameter.n=number")
                .process(exchange -> exchange.getMessage().getBody(Map.class).put("more", List.of("a")))
                .choice()
                .when(routes.simple("${variable.n} > 4.5"))
                .setBody(routes.simple("${body[more][0]}: much"))
                .otherwise()
                .setBody(routes.constant("little"))
                .end());

        assertThat(call("x", JsonObject.of("n", 5)).text()).isEqualTo("a: much");
        assertThat(call("x", JsonObject.of("n", 4)).text()).isEqualTo("little");
    }

    @Test
    @DisplayName("PARSE-08: expressions in arguments are never evaluated")
    void neverEvaluatesArguments() throws Exception {
        start(routes -> routes.from("tool-workflow:x?description=x&parameter.q=string")
                .process(keep())
                .setBody(routes.simple("q=${variable.q}")));

        for (String evil :
                List.of("${exchangeProperty.BactrianTenant}", "{{env:HOME}}", "#{1+1}", "' OR 1=1 --", "${bean:x}")) {
            assertThat(call("x", JsonObject.of("q", evil)).text()).isEqualTo("q=" + evil);
            assertThat(seen().getVariable("q")).isEqualTo(evil);
        }
    }

    @Test
    @DisplayName("HDR-09: only declared arguments are bound, as variables; none becomes a header or a property")
    void bindsDeclaredArgumentsOnly() throws Exception {
        start(routes -> routes.from("tool-workflow:x?description=x&parameter.city=string")
                .process(exchange -> {
                    seen.set(exchange.copy());
                    assertThat(exchange.getMessage().getBody()).isEqualTo(Map.of("city", "Rome"));
                })
                .setBody(routes.simple("${variable.city}")));

        ToolResult result = call(
                "x",
                JsonObject.of(Map.of(
                        "CamelHttpUri",
                        "http://evil",
                        "city",
                        "Rome",
                        "BactrianTenant",
                        "beta",
                        "BactrianUser",
                        "root")));

        assertThat(result.text()).isEqualTo("Rome");
        assertThat(result.meta().ignoredArguments()).contains("CamelHttpUri", "BactrianTenant");
        assertThat(seen().getMessage().getHeaders()).isEmpty();
        assertThat(seen().getVariables()).containsOnlyKeys("city");
        assertThat(seen().getProperty(BactrianConstants.TENANT)).isEqualTo(TenantId.DEFAULT);
        assertThat(seen().getProperty(BactrianConstants.USER)).isNull();
    }

    @Test
    void takesTheCallerFromTheInvocation() throws Exception {
        start(routes ->
                routes.from("tool-workflow:x?description=x").process(keep()).setBody(routes.constant("done")));
        Deadline deadline = Deadline.in(Duration.ofSeconds(20));
        engine.store.addApiKey(
                new ApiKeyRecord("ak_1", TestEngine.ACME, "test", null, null, Instant.EPOCH, null), "1".repeat(64));
        CallerClaim claim = new CallerClaim(
                null,
                TestEngine.ACME,
                new UserId("ann"),
                new AppId("shop"),
                null,
                InvokeSource.HTTP,
                2,
                new RequestId("call-1"),
                deadline,
                CallPath.NONE.enter("agent:helper"),
                new ApiKeyId("ak_1"));

        engine.call(claim, "x", JsonObject.EMPTY);

        assertThat(seen().getProperty(BactrianConstants.TENANT)).isEqualTo(TestEngine.ACME);
        assertThat(seen().getProperty(BactrianConstants.USER)).isEqualTo(new UserId("ann"));
        assertThat(seen().getProperty(BactrianConstants.APP)).isEqualTo(new AppId("shop"));
        assertThat(seen().getProperty(BactrianConstants.API_KEY)).isEqualTo(new ApiKeyId("ak_1"));
        assertThat(seen().getProperty(BactrianConstants.SOURCE)).isEqualTo(InvokeSource.NESTED);
        assertThat(seen().getProperty(BactrianConstants.REQUEST_ID)).isEqualTo(new RequestId("call-1"));
        assertThat(seen().getProperty(BactrianConstants.DEPTH)).isEqualTo(3);
        assertThat(seen().getProperty(BactrianConstants.PATH))
                .isEqualTo(new CallPath(List.of("agent:helper", "tool-workflow:x")));
        assertThat(seen().getProperty(BactrianConstants.DEADLINE, Deadline.class)
                        .remaining())
                .isLessThanOrEqualTo(deadline.remaining().plusSeconds(1));
    }

    @Test
    @DisplayName("HDR-11: nothing of the calling exchange, and nothing of an earlier call, gets into a route")
    void seesNothingOfAnyOtherExchange() throws Exception {
        start(routes -> {
            routes.from("direct:ask").to("tool-workflow:x");
            routes.from("tool-workflow:x?description=x&parameter.q=string")
                    .process(exchange -> {
                        seen.set(exchange.copy());
                        exchange.getMessage().setHeader("Left", "behind");
                        exchange.setProperty("Left", "behind");
                        exchange.setVariable("left", "behind");
                        if ("fail".equals(exchange.getVariable("q"))) {
                            throw new IllegalStateException("first");
                        }
                    })
                    .setBody(routes.constant("done"));
        });

        template.request("direct:ask", exchange -> {
            exchange.getMessage().setBody(Map.of("q", "one"));
            exchange.getMessage().setHeader("Authorization", "Bearer CANARY");
            exchange.setProperty("Mine", "CANARY");
            exchange.setVariable("mine", "CANARY");
        });
        assertThat(seen().getMessage().getHeaders()).isEmpty();
        assertThat(seen().getVariables()).containsOnlyKeys("q");
        assertThat(seen().getProperties()).doesNotContainKey("Mine");

        template.request("direct:ask", exchange -> exchange.getMessage().setBody(Map.of("q", "fail")));
        template.request("direct:ask", exchange -> exchange.getMessage().setBody(Map.of("q", "two")));
        assertThat(seen().getMessage().getHeaders()).isEmpty();
        assertThat(seen().getVariables()).isEqualTo(Map.of("q", "two"));
        assertThat(seen().getProperties()).doesNotContainKeys("Left", "Mine");
        assertThat(seen().getException()).isNull();
    }

    @Test
    void leavesTheCallingExchangeAsItIs() throws Exception {
        start(routes -> {
            routes.from("direct:ask").to("tool-workflow:x");
            routes.from("tool-workflow:x?description=x")
                    .setHeader("FromTool", routes.constant("CANARY"))
                    .setProperty("FromTool", routes.constant("CANARY"))
                    .setVariable("fromTool", routes.constant("CANARY"))
                    .setBody(routes.constant("done"));
        });

        Exchange asked =
                template.request("direct:ask", exchange -> exchange.getMessage().setBody(Map.of()));

        assertThat(asked.getMessage().getBody(String.class)).isEqualTo("done");
        assertThat(asked.getMessage().getHeaders()).doesNotContainKey("FromTool");
        assertThat(asked.getProperties()).doesNotContainKey("FromTool");
        assertThat(asked.getVariables()).doesNotContainKey("fromTool");
    }

    @Test
    void runsOnTheCallersThread() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        start(routes -> routes.from("tool-workflow:x?description=x")
                .process(exchange -> thread.set(Thread.currentThread()))
                .setBody(routes.constant("done")));

        call("x");

        assertThat(thread.get()).isSameAs(Thread.currentThread());
    }

    @Test
    void waitsForARouteThatGoesOnElsewhere() throws Exception {
        start(routes -> {
            routes.from("tool-workflow:x?description=x").threads(2).setBody(routes.constant("from afar"));
            routes.from("direct:ask").to("tool-workflow:x").convertBodyTo(String.class);
        });

        assertThat(call("x").text()).isEqualTo("from afar");
        assertThat(template.requestBody("direct:ask", Map.of())).isEqualTo("from afar");
    }

    @Test
    void givesUpOnARouteThatIsNotThroughInTime() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        start(routes -> routes.from("tool-workflow:x?description=x&timeout=200ms")
                .threads(2)
                .process(exchange -> release.await())
                .setBody(routes.constant("late")));

        assertThatThrownBy(() -> call("x"))
                .isInstanceOf(InvokeTimeoutException.class)
                .hasMessageContaining("tool-workflow:x");
        assertThat(context.getInflightRepository().size()).isEqualTo(1);
        release.countDown();
        org.awaitility.Awaitility.await()
                .untilAsserted(
                        () -> assertThat(context.getInflightRepository().size()).isZero());
    }

    @Test
    void endsItsExchangeWhetherOrNotItSucceeds() throws Exception {
        start(routes -> {
            routes.from("tool-workflow:good?description=x").setBody(routes.constant("done"));
            routes.from("tool-workflow:bad?description=x")
                    .errorHandler(routes.noErrorHandler())
                    .process(exchange -> {
                        throw new IllegalStateException("no");
                    });
        });

        call("good");
        assertThatThrownBy(() -> call("bad")).isInstanceOf(InvokeException.class);

        assertThat(context.getInflightRepository().size()).isZero();
    }

    @Test
    @DisplayName("HDR-11: where exchanges are pooled, the next call sees nothing of the one before")
    void servesWithPooledExchanges() throws Exception {
        context.getCamelContextExtension().setExchangeFactory(new PooledExchangeFactory());
        start(routes -> routes.from("tool-workflow:x?description=x&parameter.q=string")
                .process(exchange -> {
                    assertThat(exchange.getMessage().getHeaders()).isEmpty();
                    assertThat(exchange.getVariables()).containsOnlyKeys("q");
                    assertThat(exchange.getProperties()).doesNotContainKey("Left");
                    exchange.getMessage().setHeader("Left", "behind");
                    exchange.setProperty("Left", "behind");
                    exchange.setVariable("left", "behind");
                    if ("fail".equals(exchange.getVariable("q"))) {
                        throw new IllegalStateException("no");
                    }
                    if ("stream".equals(exchange.getVariable("q"))) {
                        exchange.getMessage().setBody(List.of("s", "t").iterator());
                    } else {
                        exchange.getMessage().setBody(exchange.getVariable("q"));
                    }
                })
                .to("log:x?level=DEBUG"));

        for (int i = 0; i < 20; i++) {
            assertThat(call("x", JsonObject.of("q", "q" + i)).text()).isEqualTo("q" + i);
            assertThat(call("x", JsonObject.of("q", "stream")).text()).isEqualTo("st");
            assertThatThrownBy(() -> call("x", JsonObject.of("q", "fail")))
                    .hasMessageContaining("IllegalStateException");
        }
        assertThat(context.getInflightRepository().size()).isZero();
    }

    @Test
    void passesItsOwnErrorsOnAsTheyAre() throws Exception {
        start(routes -> routes.from("tool-workflow:x?description=x").process(exchange -> {
            throw new org.apache.camel.RuntimeCamelException(
                    new RateLimitedException(ErrorCode.RATE_LIMITED, "the shop is asked too often"));
        }));

        assertThatThrownBy(() -> call("x"))
                .isInstanceOf(RateLimitedException.class)
                .hasMessage("the shop is asked too often");
    }

    @Test
    @DisplayName("LOG-01: a foreign error that no error handler has is logged by class and stack, without its text")
    void logsAForeignErrorThatNoErrorHandlerHas() throws Exception {
        start(routes -> routes.from("tool-workflow:x?description=x")
                .errorHandler(routes.noErrorHandler())
                .process(exchange -> {
                    throw new IllegalStateException("what was wrong");
                }));

        try (LogCapture log = new CanaryScanner().captureLogs()) {
            assertThatThrownBy(() -> call("x")).hasMessageContaining("IllegalStateException");
            assertThat(log.text())
                    .contains("the route of tool-workflow:x failed")
                    .contains("java.lang.IllegalStateException (its message is left out)")
                    .contains("at " + CallTest.class.getName())
                    .doesNotContain("what was wrong");
        }
    }

    @Test
    void takesAHandledErrorForAResult() throws Exception {
        start(routes -> {
            routes.onException(IllegalStateException.class).handled(true).setBody(routes.constant("sorry"));
            routes.from("tool-workflow:x?description=x").process(exchange -> {
                throw new IllegalStateException("no");
            });
        });

        assertThat(call("x").text()).isEqualTo("sorry");
    }

    @Test
    void failsIfTheRouteIsRolledBack() throws Exception {
        start(routes -> routes.from("tool-workflow:x?description=x").markRollbackOnly());

        assertThatThrownBy(() -> call("x")).hasMessageContaining("rolled back");
        assertThat(context.getInflightRepository().size()).isZero();
    }

    @Test
    void takesFilesByIdAndOnlyTheCallersOwn() throws Exception {
        start(routes -> routes.from("tool-workflow:x?description=x&parameter.one=file&parameter.more=files")
                .setBody(routes.simple("${variable.one} ${variable.more}")));
        StoredFile anns = engine.files.put(
                TestEngine.ACME, new NewFile(new UserId("ann"), null, "a.txt", "text/plain", null), "a".getBytes());
        StoredFile everybodys = engine.files.put(TestEngine.ACME, NewFile.of("b.txt", "text/plain"), "b".getBytes());
        String one = anns.id().value();
        String other = everybodys.id().value();

        assertThat(callAs("ann", Map.of("one", one, "more", List.of(Map.of("file_id", other))))
                        .text())
                .isEqualTo(one + " [" + other + "]");
        for (Map<String, Object> arguments : List.<Map<String, Object>>of(
                Map.of("one", one),
                Map.of("more", List.of(other, one)),
                Map.of("one", FileId.random(new SecureRandom()).value()))) {
            assertThatThrownBy(() -> callAs("bob", arguments))
                    .isInstanceOf(BadRequestException.class)
                    .extracting(thrown -> ((InvokeException) thrown).code())
                    .isEqualTo(ErrorCode.FILE_NOT_FOUND);
        }
    }

    private ToolResult callAs(String user, Map<String, Object> arguments) {
        CallerClaim claim = new CallerClaim(
                null,
                TestEngine.ACME,
                new UserId(user),
                null,
                null,
                InvokeSource.ROUTE,
                0,
                new RequestId("r"),
                Deadline.in(Duration.ofSeconds(5)));
        return engine.call(claim, "x", JsonObject.of(arguments));
    }
}
