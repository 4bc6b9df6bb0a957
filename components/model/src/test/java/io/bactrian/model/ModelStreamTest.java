package io.bactrian.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import io.bactrian.support.StreamLeases;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.MessageHelper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ModelStreamTest extends ModelTestBase {

    @Test
    void streamsPieceByPieceToASplitter() throws Exception {
        ScriptedStream slow = new ScriptedStream();
        dialect.stream = request -> slow;
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:ask").to(STREAM).split(body()).streaming().to("mock:pieces");
            }
        });
        slow.put("one");
        slow.put("two");

        template.sendBody("seda:ask", "hello");

        // a splitter hands a piece out when it knows whether it is the last one
        await().until(() -> mock("pieces").getReceivedCounter() == 1);
        assertThat(openStreams()).isEqualTo(1);
        slow.put("three");
        await().until(() -> mock("pieces").getReceivedCounter() == 2);
        slow.finish();
        await().until(() -> openStreams() == 0);
        assertThat(mock("pieces")
                        .getExchanges()
                        .get(1)
                        .getMessage()
                        .getBody(LlmResultChunk.class)
                        .text())
                .isEqualTo("two");
    }

    @Test
    void givesTheTextWhenTheRouteAsksForAString() {
        start();

        assertThat(template.requestBody(STREAM, "hello", String.class)).isEqualTo("you said: hello");
        assertThat(openStreams()).isZero();
    }

    @Test
    void givesAWholeAnswerWhenTheRouteAsksForOne() {
        start();

        LlmResult result = template.requestBody(STREAM, "hello", LlmResult.class);

        assertThat(result.text()).isEqualTo("you said: hello");
        assertThat(result.usage()).isNotNull();
    }

    @Test
    void isNotReadByStreamCaching() throws Exception {
        ScriptedStream slow = new ScriptedStream();
        dialect.stream = request -> slow;
        List<Integer> readAtTheStep = new ArrayList<>();
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask")
                        .streamCache("true")
                        .to(STREAM)
                        .to("log:quiet?level=OFF")
                        .process(exchange -> readAtTheStep.add(slow.read.get()));
            }
        });
        slow.put("one");
        slow.finish();

        ModelStream stream = template.requestBody("direct:ask", "hello", ModelStream.class);

        assertThat(readAtTheStep).containsExactly(0);
        assertThat(stream.collect().text()).isEqualTo("one");
    }

    @Test
    void becomesServerSentEvents() throws Exception {
        start();

        InputStream events = template.requestBody(STREAM, "a b", InputStream.class);

        String text = new String(events.readAllBytes(), StandardCharsets.UTF_8);
        assertThat(text).startsWith("data: {").endsWith("data: [DONE]\n\n").contains("\"content\":\"said: \"");
        assertThat(text.split("\n\n")).allMatch(event -> event.startsWith("data: "));
        assertThat(text).containsOnlyOnce("\"role\":\"assistant\"").contains("\"finish_reason\":\"stop\"");
        assertThat(openStreams()).isZero();
    }

    @Test
    void anEventCanBeReadBeforeTheNextOneIsThere() throws IOException {
        ScriptedStream slow = new ScriptedStream();
        dialect.stream = request -> slow;
        start();
        slow.put("one");

        try (InputStream events = template.requestBody(STREAM, "hello", InputStream.class)) {
            byte[] buffer = new byte[8192];
            int length = events.read(buffer);

            assertThat(new String(buffer, 0, length, StandardCharsets.UTF_8))
                    .contains("one")
                    .endsWith("\n\n");
        }
        assertThat(slow.closed()).isTrue();
    }

    @Test
    void theCallerOfATemplateReadsAndClosesTheStream() {
        start();

        ModelStream stream = template.requestBody(STREAM, "hello", ModelStream.class);

        assertThat(openStreams()).isEqualTo(1);
        assertThat(stream.next().text()).isEqualTo("you ");
        stream.close();
        assertThat(stream.hasNext()).isFalse();
        assertThat(openStreams()).isZero();
        assertThat(dialect.streams.get(0).closed()).isTrue();
    }

    @Test
    void theCallerOfATemplateReadsTheStreamOfARoute() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to("direct:inner");
                from("direct:inner").to(STREAM).log("passed");
            }
        });

        CompletableFuture<Object> answer = template.asyncRequestBody("direct:ask", "hello");

        assertThat(((ModelStream) answer.get(30, TimeUnit.SECONDS)).collect().text())
                .isEqualTo("you said: hello");
    }

    @Test
    void theCallerReadsTheStreamThatCameBackOverSeda() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to(ExchangePattern.InOut, "seda:worker");
                from("seda:worker").to(STREAM);
            }
        });

        ModelStream stream = template.requestBody("direct:ask", "hello", ModelStream.class);

        assertThat(stream.collect().text()).isEqualTo("you said: hello");
    }

    @Test
    void endsWithTheExchangeOfAConsumer() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:ask").to(STREAM).to("mock:unread");
            }
        });
        mock("unread").expectedMessageCount(1);

        template.sendBody("seda:ask", "hello");

        mock("unread").assertIsSatisfied();
        await().until(() -> dialect.streams.get(0).closed());
        ModelStream body = mock("unread").getExchanges().get(0).getMessage().getBody(ModelStream.class);
        assertThatThrownBy(body::hasNext)
                .isInstanceOfSatisfying(
                        InvokeException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.CANCELLED))
                .hasMessageContaining("its exchange has ended");
    }

    @Test
    void endsAtOnceWithTheReplyOfAConsumerThatMadeTheUnitOfWork() throws Exception {
        context.addComponent("door", new DoorComponent());
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("door:in").to(STREAM);
            }
        });
        DoorComponent.Door door =
                (DoorComponent.Door) context.getRoutes().get(0).getConsumer();

        Object reply = door.letIn("hello");

        assertThat(reply).isInstanceOf(ModelStream.class);
        assertThat(dialect.streams.get(0).closed()).isTrue();
        assertThat(openStreams()).isZero();
    }

    @Test
    void endsWhenTheRouteHasReplacedIt() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to(STREAM).setBody(constant("something else"));
            }
        });

        template.requestBody("direct:ask", "hello");

        assertThat(dialect.streams.get(0).closed()).isTrue();
        assertThat(openStreams()).isZero();
    }

    @Test
    void endsWhenTheRouteFails() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to(STREAM).throwException(new IllegalStateException("later"));
            }
        });

        Exchange failed =
                template.request("direct:ask", asked -> asked.getMessage().setBody("hello"));

        assertThat(failed.getException()).hasMessage("later");
        assertThat(dialect.streams.get(0).closed()).isTrue();
    }

    @Test
    void goesOnWithTheExchangeThatItIsHandedTo() throws Exception {
        ScriptedStream slow = new ScriptedStream();
        dialect.stream = request -> slow;
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:ask").to(STREAM).to("seda:next").to("mock:handedOver");
                from("seda:next").convertBodyTo(String.class).to("mock:read");
            }
        });

        template.sendBody("seda:ask", "hello");

        await().until(() -> mock("handedOver").getReceivedCounter() == 1);
        slow.put("still here");
        slow.finish();
        await().until(() -> mock("read").getReceivedCounter() == 1);
        assertThat(mock("read").getExchanges().get(0).getMessage().getBody()).isEqualTo("still here");
        await().until(() -> openStreams() == 0);
    }

    @Test
    void endsWithTheMainExchangeWhenItIsWiretapped() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:ask").to(STREAM).wireTap("mock:tapped").to("mock:main");
            }
        });

        template.sendBody("seda:ask", "hello");

        await().until(() ->
                mock("tapped").getReceivedCounter() == 1 && mock("main").getReceivedCounter() == 1);
        await().until(() -> openStreams() == 0);
        assertThat(dialect.streams.get(0).closed()).isTrue();
    }

    @Test
    void comesBackFromEnrichAndRecipientList() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:enrich").enrich(STREAM).convertBodyTo(String.class).to("mock:enriched");
                from("seda:list")
                        .recipientList(constant(STREAM))
                        .end()
                        .convertBodyTo(String.class)
                        .to("mock:listed");
                from("seda:multi")
                        .multicast()
                        .to(STREAM)
                        .end()
                        .convertBodyTo(String.class)
                        .to("mock:cast");
                from("seda:inner")
                        .enrich("direct:llm")
                        .convertBodyTo(String.class)
                        .to("mock:inner");
                from("direct:llm").to(STREAM);
            }
        });

        for (String way : List.of("enrich", "list", "multi", "inner")) {
            template.sendBody("seda:" + way, way);
        }

        await().until(() -> mock("enriched").getReceivedCounter() == 1
                && mock("listed").getReceivedCounter() == 1
                && mock("inner").getReceivedCounter() == 1
                && mock("cast").getReceivedCounter() == 1);
        assertThat(mock("enriched").getExchanges().get(0).getMessage().getBody())
                .isEqualTo("you said: enrich");
        assertThat(mock("listed").getExchanges().get(0).getMessage().getBody()).isEqualTo("you said: list");
        assertThat(mock("cast").getExchanges().get(0).getMessage().getBody()).isEqualTo("you said: multi");
        assertThat(mock("inner").getExchanges().get(0).getMessage().getBody()).isEqualTo("you said: inner");
        await().until(() -> openStreams() == 0);
    }

    @Test
    void endsWithTheContext() {
        ScriptedStream slow = new ScriptedStream();
        dialect.stream = request -> slow;
        start();
        ModelStream stream = template.requestBody(STREAM, "hello", ModelStream.class);

        context.stop();

        assertThat(slow.closed()).isTrue();
        assertThatThrownBy(stream::hasNext).hasMessageContaining("the Camel context is stopping");
    }

    @Test
    void drainsOpenStreamsBeforeItCutsThemOff() throws Exception {
        ScriptedStream slow = new ScriptedStream();
        dialect.stream = request -> slow;
        start();
        ModelStream stream = template.requestBody(STREAM, "hello", ModelStream.class);
        CompletableFuture<Integer> cut =
                CompletableFuture.supplyAsync(() -> StreamLeases.of(context).drain(Duration.ofSeconds(30)));
        slow.put("all");
        slow.finish();

        assertThat(stream.collect().text()).isEqualTo("all");
        assertThat(cut.get(30, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void cutsOffWhatIsStillOpenAfterDraining() {
        ScriptedStream slow = new ScriptedStream();
        dialect.stream = request -> slow;
        start();
        template.requestBody(STREAM, "hello", ModelStream.class);

        assertThat(StreamLeases.of(context).drain(Duration.ofMillis(50))).isEqualTo(1);
        assertThat(slow.closed()).isTrue();
    }

    @Test
    void anErrorInTheMiddleComesOutWhereTheStreamIsRead() throws Exception {
        ScriptedStream broken = new ScriptedStream();
        broken.put("half");
        broken.fail(new ProtocolException(ErrorCode.STREAM_TRUNCATED, "it broke off"));
        dialect.stream = request -> broken;
        start(new RouteBuilder() {
            @Override
            public void configure() {
                onException(InvokeException.class).handled(true).setBody(exchange -> exchange.getProperty(
                                Exchange.EXCEPTION_CAUGHT, Throwable.class)
                        .toString());
                from("direct:ask").to(STREAM).convertBodyTo(String.class);
            }
        });

        assertThat(template.requestBody("direct:ask", "hello")).asString().contains("it broke off");
        assertThat(openStreams()).isZero();
    }

    @Test
    void textThatIsAskedForByTheWayDoesNotUseTheAnswerUp() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to(STREAM).log("traced: ${body}");
            }
        });

        ModelStream stream = template.requestBody("direct:ask", "hello", ModelStream.class);

        List<String> pieces = new ArrayList<>();
        stream.forEachRemaining(piece -> pieces.add(piece.text()));
        assertThat(String.join("", pieces)).isEqualTo("you said: hello");
        assertThat(pieces).hasSizeGreaterThan(2);
    }

    @Test
    @DisplayName("A tracer reads nothing of a stream: a route that waits for the first piece would wait for the last")
    void aTracerReadsNothing() throws Exception {
        context.setBacklogTracing(true);
        context.setTracing(true);
        context.setMessageHistory(true);
        List<String> shown = new ArrayList<>();
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask")
                        .to(STREAM)
                        .setProperty("step", constant("one"))
                        .process(exchange -> shown.add(MessageHelper.extractBodyForLogging(exchange.getMessage(), "")))
                        .to("mock:traced");
            }
        });

        ModelStream stream = template.requestBody("direct:ask", "hello", ModelStream.class);

        assertThat(shown).containsExactly("ModelStream[openai/gpt-4o-mini, open]");
        assertThat(stream.collect().text()).isEqualTo("you said: hello");
    }

    @Test
    void printsItsModelAndNotItsContent() {
        start();

        Object stream = template.requestBody(STREAM, "secret question");

        assertThat(stream).hasToString("ModelStream[openai/gpt-4o-mini, open]");
    }
}
