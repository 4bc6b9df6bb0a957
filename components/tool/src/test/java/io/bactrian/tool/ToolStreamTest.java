package io.bactrian.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.support.StreamLeases;
import io.bactrian.support.tool.ToolConstants;
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

class ToolStreamTest extends ToolTestBase {

    @Test
    void streamsPieceByPieceToASplitter() throws Exception {
        ScriptedStream slow = new ScriptedStream();
        tools.stream = arguments -> slow;
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
                        .getBody(ToolInvokeMessage.Text.class)
                        .text())
                .isEqualTo("two");
    }

    @Test
    void givesTheTextWhenTheRouteAsksForAString() {
        start();

        assertThat(template.requestBody(STREAM, "hello", String.class)).isEqualTo("you said hello");
        assertThat(openStreams()).isZero();
    }

    @Test
    void isNotReadByStreamCaching() throws Exception {
        ScriptedStream slow = new ScriptedStream();
        tools.stream = arguments -> slow;
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

        ToolStream stream = template.requestBody("direct:ask", "hello", ToolStream.class);

        assertThat(readAtTheStep).containsExactly(0);
        assertThat(text(stream)).isEqualTo("one");
    }

    @Test
    void theCallerOfATemplateReadsAndClosesTheStream() {
        start();

        ToolStream stream = template.requestBody(STREAM, "hello", ToolStream.class);

        assertThat(openStreams()).isEqualTo(1);
        assertThat(stream.next()).isEqualTo(new ToolInvokeMessage.Text("you "));
        stream.close();
        assertThat(stream.hasNext()).isFalse();
        assertThat(openStreams()).isZero();
        assertThat(tools.streams.get(0).closed()).isTrue();
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

        assertThat(text((ToolStream) answer.get(30, TimeUnit.SECONDS))).isEqualTo("you said hello");
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

        ToolStream stream = template.requestBody("direct:ask", "hello", ToolStream.class);

        assertThat(text(stream)).isEqualTo("you said hello");
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
        await().until(() -> tools.streams.get(0).closed());
        ToolStream body = mock("unread").getExchanges().get(0).getMessage().getBody(ToolStream.class);
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

        assertThat(reply).isInstanceOf(ToolStream.class);
        assertThat(tools.streams.get(0).closed()).isTrue();
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

        assertThat(tools.streams.get(0).closed()).isTrue();
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
        assertThat(tools.streams.get(0).closed()).isTrue();
    }

    @Test
    void goesOnWithTheExchangeThatItIsHandedTo() throws Exception {
        ScriptedStream slow = new ScriptedStream();
        tools.stream = arguments -> slow;
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
        assertThat(tools.streams.get(0).closed()).isTrue();
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
                        .enrich("direct:tool")
                        .convertBodyTo(String.class)
                        .to("mock:inner");
                from("direct:tool").to(STREAM);
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
                .isEqualTo("you said enrich");
        assertThat(mock("listed").getExchanges().get(0).getMessage().getBody()).isEqualTo("you said list");
        assertThat(mock("cast").getExchanges().get(0).getMessage().getBody()).isEqualTo("you said multi");
        assertThat(mock("inner").getExchanges().get(0).getMessage().getBody()).isEqualTo("you said inner");
        await().until(() -> openStreams() == 0);
    }

    @Test
    void endsWithTheContext() {
        ScriptedStream slow = new ScriptedStream();
        tools.stream = arguments -> slow;
        start();
        ToolStream stream = template.requestBody(STREAM, "hello", ToolStream.class);

        context.stop();

        assertThat(slow.closed()).isTrue();
        assertThatThrownBy(stream::hasNext).hasMessageContaining("the Camel context is stopping");
    }

    @Test
    void drainsOpenStreamsBeforeItCutsThemOff() throws Exception {
        ScriptedStream slow = new ScriptedStream();
        tools.stream = arguments -> slow;
        start();
        ToolStream stream = template.requestBody(STREAM, "hello", ToolStream.class);
        CompletableFuture<Integer> cut =
                CompletableFuture.supplyAsync(() -> StreamLeases.of(context).drain(Duration.ofSeconds(30)));
        slow.put("all");
        slow.finish();

        assertThat(text(stream)).isEqualTo("all");
        assertThat(cut.get(30, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void cutsOffWhatIsStillOpenAfterDraining() {
        ScriptedStream slow = new ScriptedStream();
        tools.stream = arguments -> slow;
        start();
        template.requestBody(STREAM, "hello", ToolStream.class);

        assertThat(StreamLeases.of(context).drain(Duration.ofMillis(50))).isEqualTo(1);
        assertThat(slow.closed()).isTrue();
    }

    @Test
    void anErrorInTheMiddleComesOutWhereTheStreamIsRead() throws Exception {
        ScriptedStream broken = new ScriptedStream();
        broken.put("half");
        broken.fail(new ProtocolException(ErrorCode.STREAM_TRUNCATED, "it broke off"));
        tools.stream = arguments -> broken;
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

        ToolStream stream = template.requestBody("direct:ask", "hello", ToolStream.class);

        List<ToolInvokeMessage> messages = new ArrayList<>();
        stream.forEachRemaining(messages::add);
        assertThat(messages)
                .containsExactly(
                        new ToolInvokeMessage.Text("you "),
                        new ToolInvokeMessage.Text("said "),
                        new ToolInvokeMessage.Text("hello"));
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

        ToolStream stream = template.requestBody("direct:ask", "hello", ToolStream.class);

        assertThat(shown).containsExactly("ToolStream[tool:demo/live, open]");
        assertThat(text(stream)).isEqualTo("you said hello");
    }

    @Test
    void printsItsToolAndNotItsContent() {
        start();

        Object stream = template.requestBody(STREAM, "secret question");

        assertThat(stream).hasToString("ToolStream[tool:demo/live, open]");
    }

    @Test
    void theTimeOutHoldsForTheReadingToo() {
        ScriptedStream slow = new ScriptedStream();
        tools.stream = arguments -> slow;
        start();
        ToolStream stream = template.requestBody(STREAM + "&timeout=200", "hello", ToolStream.class);
        await().pollDelay(Duration.ofMillis(250)).until(() -> true);
        slow.put("too late");

        assertThatThrownBy(stream::hasNext)
                .isInstanceOfSatisfying(InvokeException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
        assertThat(slow.closed()).isTrue();
        assertThat(openStreams()).isZero();
    }

    @Test
    void headersAreThereBeforeTheFirstMessageIs() {
        ScriptedStream slow = new ScriptedStream();
        tools.stream = arguments -> slow;
        start();

        Exchange exchange = call(STREAM, "hello");

        assertThat(exchange.getMessage().getHeaders())
                .containsEntry(ToolConstants.TOOL_NAME, "live")
                .containsEntry(ToolConstants.TOOL_ATTEMPTS, 1)
                .doesNotContainKeys(ToolConstants.TOOL_TIME_COST, ToolConstants.TOOL_FILES);
        exchange.getMessage().getBody(ToolStream.class).close();
        assertThat(slow.closed()).isTrue();
    }

    @Test
    void aStreamWithoutTextIsItsStructureAsText() {
        tools.stream = arguments -> ToolStream.of(new ToolInvokeMessage.Json(JsonObject.of("n", 1)));
        start();

        assertThat(template.requestBody(STREAM, "hello", String.class)).isEqualTo("{\"n\":1}");
    }

    private static String text(ToolStream stream) {
        StringBuilder text = new StringBuilder();
        stream.forEachRemaining(message -> text.append(((ToolInvokeMessage.Text) message).text()));
        return text.toString();
    }
}
