package io.bactrian.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What callers get of a server that starts or stops: a reason to come back or to go elsewhere, and never that there is nothing. */
class ComingAndGoingTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final HttpServerService server = new HttpServerService(
            HttpSettings.onLoopback(0),
            new HttpFixture.Keys(Map.of()),
            HttpFixture.patience(),
            HttpServerService.Surfaces.NONE);
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    @BeforeEach
    void listen() throws Exception {
        context.getRegistry()
                .bind(
                        PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME,
                        PlatformHttpEngine.class,
                        new GuardedHttpEngine(server, Clock.systemUTC()));
        context.addService(server, true, true);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("platform-http:/quick").setBody(constant("served"));
                from("platform-http:/slow").process(ComingAndGoingTest.this::waits);
            }
        });
    }

    private void waits(Exchange exchange) throws Exception {
        arrived.countDown();
        assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
        exchange.getMessage().setBody("served in the end");
    }

    @AfterEach
    void stop() {
        released.countDown();
        threads.shutdownNow();
        context.stop();
    }

    private static void assertComesBack(RawHttp.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(503);
        assertThat(answer.body()).contains("\"code\":\"overloaded\"");
        assertThat(answer.header("Retry-After")).contains("1");
        assertThat(answer.header("Connection")).contains("close");
    }

    @Test
    void tellsThoseWhoComeBeforeItsRoutesAreThereToComeBack() throws Exception {
        List<RawHttp.Answer> early = new ArrayList<>();
        // the port is open then, and the routes are about to start
        context.addStartupListener((starting, alreadyStarted) -> {
            early.add(RawHttp.get(server.port(), "/quick"));
            early.add(RawHttp.get(server.port(), "/nothing"));
        });

        context.start();

        assertThat(early).hasSize(2).allSatisfy(ComingAndGoingTest::assertComesBack);
        assertThat(RawHttp.get(server.port(), "/quick").body()).isEqualTo("served");
        assertThat(RawHttp.get(server.port(), "/nothing").status()).isEqualTo(404);
    }

    @Test
    void servesToTheEndWhatItHasBegunAndSendsOthersElsewhereWhenItStops() throws Exception {
        context.start();
        int port = server.port();
        Future<RawHttp.Answer> begun = threads.submit(() -> RawHttp.get(port, "/slow"));
        assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(context::stop, threads);
        await().atMost(SOON).until(context::isStopping);

        assertComesBack(awaitRefusal(port));
        assertThat(stopped).isNotDone();
        released.countDown();
        assertThat(begun.get(20, TimeUnit.SECONDS).body()).isEqualTo("served in the end");
        stopped.get(60, TimeUnit.SECONDS);
    }

    /** It is told that it stops a moment after it does. */
    private RawHttp.Answer awaitRefusal(int port) {
        return await().atMost(SOON)
                .until(
                        () -> {
                            RawHttp.Answer answer = RawHttp.get(port, "/quick");
                            assertThat(answer.status()).isIn(200, 503);
                            return answer;
                        },
                        answer -> answer.status() == 503);
    }
}
