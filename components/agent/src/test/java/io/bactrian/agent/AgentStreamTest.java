package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.model.LlmResult;
import io.bactrian.json.JsonMappers;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A run event by event, and what ends it before its end. */
class AgentStreamTest extends AgentTestBase {

    private static final String STREAM = WITH_TOOLS + "&stream=true";

    private final Hanging hanging = new Hanging(false);

    @BeforeEach
    void declareTools() {
        tools.text("city", "weather", (what, runtime) -> "Rain in " + what);
        tools.add(TestTools.taking("steps", "slow"), hanging);
    }

    private AgentStream stream(Object body) {
        return template.requestBody(STREAM, body, AgentStream.class);
    }

    @Test
    void tellsWhatHappensInTheOrderInWhichItDoes() {
        model.sayAndCall("Let me see. ", call("7", "weather", "{\"what\":\"Oslo\"}"))
                .think("It rains.", "Take an umbrella.");
        start();

        List<AgentEvent> events = new ArrayList<>();
        stream("Oslo?").forEachRemaining(events::add);

        assertThat(events)
                .extracting(AgentEvent::type)
                .containsExactly("text", "tool_start", "tool_end", "reasoning", "text", "end");
        assertThat(events.get(0)).isEqualTo(new AgentEvent.Text("Let me see. "));
        assertThat(events.get(1)).isEqualTo(new AgentEvent.ToolStart("7", "weather", "{\"what\":\"Oslo\"}"));
        AgentEvent.ToolEnd end = (AgentEvent.ToolEnd) events.get(2);
        assertThat(end.observation()).contains("Rain in Oslo");
        assertThat(end.callId()).isEqualTo("7");
        AgentResult result = ((AgentEvent.End) events.get(5)).result();
        assertThat(result.text()).isEqualTo("Take an umbrella.");
        assertThat(result.steps()).hasSize(2);
        assertThat(result.steps().get(0).text()).isEqualTo("Let me see. ");
        assertThat(result.steps().get(1).reasoning()).isEqualTo("It rains.");
        assertThat(result.usage().completionTokens()).isEqualTo(6);
        assertThat(openStreams()).isZero();
        assertThat(model.openStreams()).isZero();
    }

    @Test
    void doesTheSameWithoutStreaming() {
        model.sayAndCall("Let me see. ", call("7", "weather", "{\"what\":\"Oslo\"}"))
                .think("It rains.", "Take an umbrella.");
        start();

        AgentResult result = ask(WITH_TOOLS, "Oslo?");

        assertThat(result.text()).isEqualTo("Take an umbrella.");
        assertThat(result.steps().get(0).text()).isEqualTo("Let me see. ");
        assertThat(result.steps().get(1).reasoning()).isEqualTo("It rains.");
    }

    @Test
    void becomesServerSentEventsOneAtARead() throws Exception {
        model.sayAndCall("Let me see. ", call("7", "weather", "{\"what\":\"Oslo\"}"))
                .reply("Rain,\nas ", "ever.");
        start();

        List<String> reads = new ArrayList<>();
        try (InputStream sse =
                context.getTypeConverter().mandatoryConvertTo(InputStream.class, exchange(), stream("Oslo?"))) {
            byte[] buffer = new byte[65_536];
            for (int count = sse.read(buffer); count >= 0; count = sse.read(buffer)) {
                reads.add(new String(buffer, 0, count, StandardCharsets.UTF_8));
            }
        }

        assertThat(reads)
                .extracting(read -> read.lines().findFirst().orElseThrow())
                .containsExactly(
                        "event: text",
                        "event: tool_start",
                        "event: tool_end",
                        "event: text",
                        "event: text",
                        "event: end");
        assertThat(reads.get(1))
                .isEqualTo(
                        "event: tool_start\n"
                                + "data: {\"id\":\"7\",\"tool\":\"weather\",\"arguments\":\"{\\\"what\\\":\\\"Oslo\\\"}\"}\n\n");
        assertThat(reads.get(3)).isEqualTo("event: text\ndata: {\"text\":\"Rain,\\nas \"}\n\n");
        var end = JsonMappers.shared().readTree(reads.get(5).substring("event: end\ndata: ".length()));
        assertThat(end.get("status").asText()).isEqualTo("answered");
        assertThat(end.get("answer").asText()).isEqualTo("Rain,\nas ever.");
        assertThat(end.at("/steps/0/calls/0/outcome").asText()).isEqualTo("success");
        assertThat(end.at("/steps/0/calls/0/address").asText()).isEqualTo("tool-builtin:city/weather");
        assertThat(end.at("/usage/total_tokens").asLong()).isPositive();
    }

    private Exchange exchange() {
        return context.getEndpoint("direct:any").createExchange();
    }

    @Test
    void becomesTextAndAWholeResultWhenItIsRead() throws Exception {
        model.reply("Good ", "day.").reply("Good ", "night.").reply("Good ", "morning.");
        start();

        AgentStream stream = stream("hello");
        assertThat(context.getTypeConverter().mandatoryConvertTo(String.class, exchange(), stream))
                .isEqualTo("Good day.");
        assertThat(stream.collect().text())
                .as("what was read for a log is still there")
                .isEqualTo("Good day.");
        assertThat(context.getTypeConverter()
                        .mandatoryConvertTo(AgentResult.class, exchange(), stream("hello"))
                        .text())
                .isEqualTo("Good night.");
        assertThat(context.getTypeConverter()
                        .mandatoryConvertTo(LlmResult.class, exchange(), stream("hello"))
                        .text())
                .isEqualTo("Good morning.");
    }

    @Test
    void interruptsToolsWhenItsReaderClosesIt() throws Exception {
        model.calls(call("1", "slow", "{}"));
        start();
        AgentStream stream = stream("hello");
        assertThat(stream.next()).isInstanceOf(AgentEvent.ToolStart.class);
        CompletableFuture<Boolean> more = CompletableFuture.supplyAsync(stream::hasNext);
        assertThat(Hanging.reached(hanging.begun)).isTrue();

        stream.close();

        assertThat(more.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isFalse();
        assertThat(Hanging.reached(hanging.interrupted)).isTrue();
        assertThat(stream.hasNext()).isFalse();
        assertThat(openStreams()).isZero();
        assertThat(model.asked()).hasSize(1);
        AgentEndpoint endpoint = context.getEndpoint(STREAM, AgentEndpoint.class);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(endpoint.runningTools()).hasValue(0));
        assertThat(endpoint.openRuns()).hasValue(0);
        assertThat(endpoint.traffic().lastError()).isEqualTo(ErrorCode.CANCELLED);
    }

    @Test
    void cutsTheModelOffWhenItsReaderClosesIt() throws Exception {
        model.stall("The first ", "words");
        start();
        AgentStream stream = stream("hello");
        assertThat(stream.next()).isEqualTo(new AgentEvent.Text("The first "));
        assertThat(stream.next()).isEqualTo(new AgentEvent.Text("words"));
        CompletableFuture<Boolean> more = CompletableFuture.supplyAsync(stream::hasNext);
        assertThat(model.openStreams()).isEqualTo(1);

        stream.close();

        assertThat(more.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isFalse();
        assertThat(model.openStreams()).isZero();
        assertThat(openStreams()).isZero();
    }

    @Test
    @DisplayName("A run that was closed has no answer, and half of one never passes for one")
    void hasNoAnswerOnceItWasClosed() {
        model.stall("half an answer");
        start();
        AgentStream stream = stream("hello");
        stream.next();
        stream.close();

        assertThatThrownBy(stream::collect)
                .isInstanceOfSatisfying(UnavailableException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.CANCELLED));
    }

    @Test
    void endsWithItsExchange() throws Exception {
        model.calls(call("1", "slow", "{}"));
        AtomicReference<CompletableFuture<Boolean>> reading = new AtomicReference<>();
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to(STREAM).process(exchange -> {
                    AgentStream stream = exchange.getMessage().getBody(AgentStream.class);
                    stream.next();
                    reading.set(CompletableFuture.supplyAsync(stream::hasNext));
                    assertThat(Hanging.reached(hanging.begun)).isTrue();
                    exchange.getMessage().setBody("something else");
                });
            }
        });

        template.requestBody("direct:ask", "hello");

        assertThat(Hanging.reached(hanging.interrupted)).isTrue();
        assertThatThrownBy(() -> reading.get().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("its exchange has ended");
        assertThat(openStreams()).isZero();
    }

    @Test
    void endsWithTheContext() throws Exception {
        model.stall("The first words");
        start();
        AgentStream stream = stream("hello");
        stream.next();

        context.close();

        assertThat(model.openStreams()).isZero();
        assertThatThrownBy(stream::hasNext).isInstanceOf(InvokeException.class);
    }

    @Test
    void saysWhyItFailedWhereItIsRead() {
        model.sayAndCall("Let me see. ", call("7", "weather", "{}"))
                .fail(new UnavailableException(ErrorCode.OVERLOADED, "too much going on"));
        start();
        AgentStream stream = stream("Oslo?");

        assertThatThrownBy(() -> stream.forEachRemaining(event -> {}))
                .isInstanceOfSatisfying(UnavailableException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.OVERLOADED));

        assertThat(stream.hasNext()).isFalse();
        assertThat(openStreams()).isZero();
        assertThat(context.getEndpoint(STREAM, AgentEndpoint.class).traffic().failures())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("A tracer does not have the work done: nobody would see it happen, or could stop it")
    void isNotReadByATracer() throws Exception {
        model.reply("the answer");
        context.setBacklogTracing(true);
        context.setTracing(true);
        List<Integer> asked = new ArrayList<>();
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask")
                        .to(STREAM)
                        .setProperty("step", constant("one"))
                        .process(exchange -> asked.add(model.asked().size()));
            }
        });

        AgentStream stream = template.requestBody("direct:ask", "hello", AgentStream.class);

        assertThat(asked).as("questions before anybody reads").containsExactly(0);
        assertThat(stream.collect().text()).isEqualTo("the answer");
    }

    @Test
    @DisplayName("Whoever reads a run that has failed already gets no empty answer: a tracer may have read it before")
    void hasNoAnswerForASecondReaderOnceItHasFailed() {
        model.fail(new UnavailableException(ErrorCode.OVERLOADED, "too much going on"));
        start();
        AgentStream stream = stream("hello");
        assertThatThrownBy(() -> AgentConverter.toString(stream)).isInstanceOf(UnavailableException.class);

        assertThatThrownBy(() -> AgentConverter.toString(stream)).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(
                        () -> AgentConverter.toInputStream(stream, exchange()).read())
                .isInstanceOf(UnavailableException.class);
    }

    @Test
    void showsNothingOfWhatWasSaidWhenItIsPrinted() {
        model.reply("a secret answer");
        start();
        AgentStream stream = stream("a secret question");

        assertThat(stream.toString()).isEqualTo("AgentStream[agent helper, open]");
        stream.close();
        assertThat(stream.toString()).isEqualTo("AgentStream[agent helper, ended]");
    }
}
