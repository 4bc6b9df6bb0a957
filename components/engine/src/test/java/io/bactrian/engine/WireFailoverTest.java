package io.bactrian.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.ModelInstance;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.RecordedRequest;
import io.bactrian.testkit.Reply;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two keys at one provider over real connections: whom a call goes to when the one that it asked is silent, or says so. */
class WireFailoverTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final AtomicInteger CALLS = new AtomicInteger();
    private static final InvocationTarget.Model MODEL =
            InvocationTarget.Model.of(new ProviderId("openai"), "gpt-4o-mini", ModelType.LLM);
    private static final LlmRequest QUESTION = LlmRequest.ofText("hello");

    private final FaultServer provider = FaultServer.start();
    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, Supplier<Reply>> replies = new HashMap<>();

    @AfterEach
    void stop() {
        provider.close();
    }

    /** Spreads calls over keys by turns, beginning with the first. */
    private Installation open(String... keys) {
        properties.put("bactrian.egress.allow", "127.0.0.1:" + provider.port());
        for (String key : keys) {
            properties.put("bactrian.credentials." + key + ".provider", "openai");
            properties.put("bactrian.credentials." + key + ".api_key", "sk-" + key);
            properties.put("bactrian.credentials." + key + ".base_url", provider.url("/v1"));
        }
        if (keys.length > 1) {
            properties.put("bactrian.balancing.both.model", "openai/gpt-4o-mini");
            properties.put("bactrian.balancing.both.credentials", String.join(",", keys));
        }
        properties.putIfAbsent("bactrian.retry.first-wait", "10ms");
        // who is out stays out for the whole test
        properties.put("bactrian.cooldown.base", "1m");
        provider.handle(request -> replies.get(key(request)).get());
        return Installation.open(new MapSettings(properties, name -> null), Installation.Beans.NONE, Clock.systemUTC());
    }

    private static String key(RecordedRequest request) {
        return request.header("authorization").orElseThrow().substring("Bearer sk-".length());
    }

    private List<String> asked() {
        return provider.requests().stream().map(WireFailoverTest::key).toList();
    }

    private static ModelInstance instance(Installation installation) {
        CallerClaim claim = CallerClaim.ofTenant(
                TenantId.DEFAULT,
                InvokeSource.ROUTE,
                new RequestId("call-" + CALLS.incrementAndGet()),
                Deadline.in(Duration.ofMinutes(1)));
        return installation.modelManager().instance(claim, MODEL);
    }

    private static String read(Installation installation) {
        try (ModelStream stream = instance(installation).streamLlm(QUESTION)) {
            return stream.collect().text();
        }
    }

    private static String ask(Installation installation) {
        return instance(installation).invokeLlm(QUESTION).text();
    }

    private static String piece(String content, String finish) {
        return "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + content
                + "\"},\"finish_reason\":" + finish + "}]}";
    }

    private static Reply stream(String text) {
        return Reply.sse(piece("", "null"), piece(text, "null"), piece("", "\"stop\""), "[DONE]");
    }

    private static Reply whole(String text) {
        return Reply.json(
                200,
                "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":"
                        + "{\"role\":\"assistant\",\"content\":\"" + text + "\"}}]}");
    }

    private static Reply told(int status, boolean shouldRetry) {
        return Reply.json(status, "{\"error\":{\"message\":\"no\"}}")
                .header("x-should-retry", Boolean.toString(shouldRetry));
    }

    @Test
    @DisplayName("STR-09: a stream whose first token does not come is opened with the next key, and the first is cut")
    void asksTheNextKeyWhenTheFirstTokenDoesNotCome() {
        properties.put("bactrian.retry.first-token-timeout", "300ms");
        replies.put("a", () -> stream("a").stallAfterBytes(("data: " + piece("", "null") + "\n\n").length()));
        replies.put("b", () -> stream("b"));

        try (Installation installation = open("a", "b")) {
            for (int i = 0; i < 4; i++) {
                assertThat(read(installation)).isEqualTo("b");
            }
        }

        assertThat(asked()).as("who was silent is out for a while").containsOnlyOnce("a");
        assertThat(provider.awaitOpenConnections(0, SOON)).isTrue();
    }

    @Test
    @DisplayName("STR-09: with nobody left to ask, the error says what was waited for")
    void saysThatTheFirstTokenDidNotCome() {
        properties.put("bactrian.retry.first-token-timeout", "300ms");
        replies.put("a", Reply::blackHole);
        replies.put("b", Reply::blackHole);

        try (Installation installation = open("a", "b")) {
            InvokeException error = catchThrowableOfType(InvokeException.class, () -> read(installation));

            assertThat(error.code()).isEqualTo(ErrorCode.TIMEOUT_FIRST_TOKEN);
            assertThat(error)
                    .hasMessageContaining("did not send the first token of its answer in time")
                    .hasMessageContaining("bactrian.retry.first-token-timeout");
        }

        assertThat(asked()).containsExactlyInAnyOrder("a", "b");
        assertThat(provider.awaitOpenConnections(0, SOON)).isTrue();
    }

    @Test
    void refusesATimeThatIsNone() {
        properties.put("bactrian.retry.first-token-timeout", "soon");

        assertThatThrownBy(() -> open("a"))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.retry.first-token-timeout has to be a duration");
    }

    @Test
    void triesOnceMoreWhatIsWantedOnceMore() {
        replies.put("a", () -> asked().size() == 1 ? told(400, true) : whole("a"));

        try (Installation installation = open("a")) {
            assertThat(ask(installation)).isEqualTo("a");
        }

        assertThat(asked()).containsExactly("a", "a");
    }

    @Test
    void triesTheSameKeyNoMoreThanIsWanted() {
        replies.put("a", () -> told(503, false));

        try (Installation installation = open("a")) {
            assertThatThrownBy(() -> ask(installation)).isInstanceOf(InvokeException.class);
        }

        assertThat(asked()).containsExactly("a");
    }

    @Test
    void asksAnotherKeyThoughOneIsNotToBeTriedAgain() {
        replies.put("a", () -> told(503, false));
        replies.put("b", () -> whole("b"));

        try (Installation installation = open("a", "b")) {
            for (int i = 0; i < 4; i++) {
                assertThat(ask(installation)).isEqualTo("b");
            }
        }

        assertThat(asked()).containsOnlyOnce("a");
    }

    @Test
    void leavesAFaultOfTheRequestAloneWithoutAWord() {
        replies.put("a", () -> Reply.json(400, "{\"error\":{\"message\":\"no\"}}"));

        try (Installation installation = open("a")) {
            assertThatThrownBy(() -> ask(installation)).isInstanceOf(BadRequestException.class);
        }

        assertThat(asked()).containsExactly("a");
    }
}
