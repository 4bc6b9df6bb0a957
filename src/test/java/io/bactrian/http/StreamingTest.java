package io.bactrian.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Streams on the wire. */
class StreamingTest {

    private final LinkedBlockingQueue<ScriptedStream> streams = new LinkedBlockingQueue<>();
    private HttpFixture server;

    @BeforeEach
    void start() throws Exception {
        HttpSettings usual = HttpSettings.onLoopback(0);
        HttpSettings impatient = new HttpSettings(
                usual.host(),
                0,
                true,
                usual.maxBody(),
                usual.maxHeaders(),
                usual.receiveTimeout(),
                usual.answerTimeout(),
                Duration.ofSeconds(1),
                128,
                usual.headers());
        server = new HttpFixture(impatient, new RouteBuilder() {
            @Override
            public void configure() {
                from("platform-http:/chat")
                        .process(e -> e.getMessage().setBody(streams.take()))
                        // a step after the model must not swallow the stream
                        .log(org.apache.camel.LoggingLevel.DEBUG, "answering");
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private RawHttp ask() throws Exception {
        return new RawHttp(server.port()).write(RawHttp.head(server.port(), "GET", "/chat", ""));
    }

    @Test
    void sendsEachPieceAsItComes() throws Exception {
        ScriptedStream stream = new ScriptedStream().text("one");
        streams.add(stream);
        try (RawHttp client = ask()) {
            RawHttp.Answer head = client.answerHead();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Type").orElseThrow()).startsWith("text/event-stream");
            assertThat(head.header("Cache-Control")).contains("no-store");
            // the second piece does not exist yet: the first one has arrived by itself
            assertThat(client.chunk()).startsWith("data: {").contains("\"one\"").endsWith("}\n\n");
            stream.text("two");
            assertThat(client.chunk()).contains("\"two\"").doesNotContain("one");
            stream.end();
            assertThat(client.chunk()).contains("\"finish_reason\":\"stop\"");
            assertThat(client.chunk()).isEqualTo("data: [DONE]\n\n");
            assertThat(client.chunk()).isEmpty();
        }
        assertThat(stream.awaitClosed(10)).isTrue();
        await().until(() -> server.streams().count() == 0);
    }

    @Test
    @DisplayName("STR-08: a client that goes away ends the stream")
    void closesTheStreamOfAClientThatGoesAway() throws Exception {
        ScriptedStream stream = new ScriptedStream().text("one");
        streams.add(stream);
        RawHttp client = ask();
        client.answerHead();
        client.chunk();
        long begun = System.nanoTime();
        client.reset();
        // noticed while nothing is being written
        assertThat(stream.awaitClosed(10)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        await().until(() -> server.streams().count() == 0);
    }

    @Test
    void closesTheStreamOfAClientThatHasGoneBeforeTheFirstPiece() throws Exception {
        ScriptedStream stream = new ScriptedStream();
        streams.add(stream);
        RawHttp client = ask();
        await().until(() -> server.streams().count() == 1);
        client.reset();
        assertThat(stream.awaitClosed(10)).isTrue();
    }

    @Test
    void answersAnErrorBeforeTheFirstPieceWithItsStatus() throws Exception {
        streams.add(new ScriptedStream().fail(new UnavailableException(ErrorCode.OVERLOADED, "too busy")));
        try (RawHttp client = ask()) {
            RawHttp.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("\"code\":\"overloaded\"").contains("too busy");
        }
    }

    @Test
    void endsABrokenStreamWithAnErrorAndWithoutDone() throws Exception {
        streams.add(new ScriptedStream()
                .text("one")
                .fail(new UnavailableException(ErrorCode.STREAM_TRUNCATED, "it broke off")));
        try (RawHttp client = ask()) {
            assertThat(client.answer().body())
                    .contains("\"one\"")
                    .contains("data: {\"error\":{\"code\":\"stream_truncated\"")
                    .doesNotContain("[DONE]");
        }
    }

    @Test
    void tellsNothingOfAnUnknownErrorInAStream() throws Exception {
        streams.add(new ScriptedStream().text("one").fail(new IllegalStateException("CANARY")));
        try (RawHttp client = ask()) {
            assertThat(client.answer().body())
                    .contains("internal_error")
                    .doesNotContain("CANARY")
                    .doesNotContain("[DONE]");
        }
    }

    @Test
    @DisplayName("STR-07: a client that does not read slows the stream down, and is given up in the end")
    void givesUpAClientThatDoesNotRead() throws Exception {
        ScriptedStream stream = new ScriptedStream();
        String piece = "x".repeat(100_000);
        for (int i = 0; i < 2_000; i++) {
            stream.text(piece);
        }
        streams.add(stream);
        try (RawHttp client = ask()) {
            assertThat(stream.awaitClosed(30)).isTrue();
            // what was taken fits into socket buffers: the rest was never fetched
            assertThat(stream.taken()).isLessThan(1_000);
            assertThat(client).isNotNull();
        }
    }

    @Test
    void survivesManyStreamsOneAfterTheOther() throws Exception {
        for (int i = 0; i < 30; i++) {
            streams.add(new ScriptedStream().text("n" + i).end());
            try (RawHttp client = ask()) {
                assertThat(client.answer().body()).contains("n" + i).endsWith("data: [DONE]\n\n");
            }
        }
    }

    @Test
    @DisplayName("CRASH-03: a stopping context waits for open streams and takes no new requests")
    void waitsForOpenStreamsWhenItStops() throws Exception {
        ScriptedStream stream = new ScriptedStream().text("one");
        streams.add(stream);
        try (RawHttp client = ask()) {
            client.answerHead();
            client.chunk();
            server.context.getShutdownStrategy().setTimeout(20);
            Thread stopper = new Thread(server.context::stop);
            stopper.start();
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> RawHttp.get(server.port(), "/chat").status() == 503);
            stream.text("two").end();
            assertThat(client.chunk()).contains("two");
            client.chunk();
            assertThat(client.chunk()).isEqualTo("data: [DONE]\n\n");
            stopper.join(20_000);
            assertThat(stopper.isAlive()).isFalse();
        }
    }

    @Test
    @DisplayName("CRASH-03: a hundred open streams are drained, none cut")
    void drainsAHundredStreams() throws Exception {
        List<ScriptedStream> open = new ArrayList<>();
        List<RawHttp> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ScriptedStream stream = new ScriptedStream().text("one");
            open.add(stream);
            streams.add(stream);
            clients.add(ask());
        }
        for (RawHttp client : clients) {
            assertThat(client.answerHead().status()).isEqualTo(200);
            client.chunk();
        }
        server.context.getShutdownStrategy().setTimeout(30);
        Thread stopper = new Thread(server.context::stop);
        stopper.start();
        await().atMost(Duration.ofSeconds(15))
                .until(() -> RawHttp.get(server.port(), "/chat").status() == 503);
        open.forEach(ScriptedStream::end);
        for (RawHttp client : clients) {
            client.chunk();
            assertThat(client.chunk()).isEqualTo("data: [DONE]\n\n");
            client.close();
        }
        stopper.join(30_000);
        assertThat(stopper.isAlive()).isFalse();
    }

    @Test
    @DisplayName("CRASH-03: at the deadline open streams are cut off, and say so")
    void cutsStreamsOffAtTheDeadline() throws Exception {
        ScriptedStream stream = new ScriptedStream().text("one");
        streams.add(stream);
        try (RawHttp client = ask()) {
            client.answerHead();
            client.chunk();
            server.context.getShutdownStrategy().setTimeout(1);
            Thread stopper = new Thread(server.context::stop);
            stopper.start();
            assertThat(client.chunk()).contains("\"error\"");
            assertThat(stream.awaitClosed(10)).isTrue();
            stopper.join(20_000);
            assertThat(stopper.isAlive()).isFalse();
        }
    }
}
