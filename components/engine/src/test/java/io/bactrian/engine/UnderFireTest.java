package io.bactrian.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.balance.CredentialState;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.ModelInstance;
import io.bactrian.core.invoke.Resolution;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Four keys at a provider that fails in every way, over real connections. */
class UnderFireTest {

    private static final int CALLS = 10_000;
    private static final int THREADS = 16;
    private static final long SEED = 20_261_128;
    private static final Pattern NONCE = Pattern.compile("nonce-\\d+");
    private static final InvocationTarget.Model MODEL =
            InvocationTarget.Model.of(new ProviderId("openai"), "gpt-4o-mini", ModelType.LLM);

    private final FaultServer provider = FaultServer.start();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final Map<String, String> properties = new HashMap<>();

    @AfterEach
    void stop() {
        provider.close();
    }

    private Installation open(String... keys) {
        properties.put("bactrian.egress.allow", "127.0.0.1:" + provider.port());
        for (String key : keys) {
            properties.put("bactrian.credentials." + key + ".provider", "openai");
            properties.put("bactrian.credentials." + key + ".api_key", "sk-" + key);
            properties.put("bactrian.credentials." + key + ".base_url", provider.url("/v1"));
        }
        properties.put("bactrian.balancing.fast.model", "openai/gpt-4o-mini");
        properties.put("bactrian.balancing.fast.credentials", String.join(",", keys));
        properties.put("bactrian.balancing.fast.strategy", "power_of_two");
        properties.put("bactrian.cooldown.base", "5ms");
        properties.put("bactrian.cooldown.refused", "20ms");
        properties.put("bactrian.cooldown.longest", "50ms");
        properties.put("bactrian.retry.count", "5");
        properties.put("bactrian.retry.first-wait", "10ms");
        properties.put("bactrian.retry.longest-wait", "1s");
        return Installation.open(new MapSettings(properties, name -> null), Installation.Beans.NONE, Clock.systemUTC());
    }

    private static ModelInstance instance(Installation installation, int call) {
        CallerClaim claim = CallerClaim.ofTenant(
                TenantId.DEFAULT,
                InvokeSource.ROUTE,
                new RequestId("call-" + call),
                Deadline.in(Duration.ofMinutes(1)));
        return installation.modelManager().instance(claim, MODEL);
    }

    private static List<CredentialState> states(Installation installation) {
        Resolution resolution = installation.modelManager().resolver().resolve(TenantId.DEFAULT, MODEL);
        return resolution.states(installation.modelManager().balancing());
    }

    private static String question(int call) {
        return "say nonce-" + call + " three times";
    }

    private static String piece(String nonce, int number) {
        return nonce + "/" + number + ";";
    }

    private static String answer(String nonce) {
        return piece(nonce, 1) + piece(nonce, 2) + piece(nonce, 3);
    }

    // --- the provider

    private Reply reply(RecordedRequest request) {
        String body = request.bodyText();
        Matcher nonce = NONCE.matcher(body);
        if (!nonce.find()) {
            return Reply.json(400, "{\"error\":{\"message\":\"no nonce\"}}");
        }
        boolean streamed = body.contains("\"stream\":true");
        // by the number of the request and not by the clock: one seed, one schedule
        int roll = new Random(SEED + asked.incrementAndGet()).nextInt(100);
        Reply good = streamed ? stream(nonce.group()) : whole(nonce.group());
        if (roll < 70) {
            return good.keepAlive();
        }
        return streamed && roll >= 92 ? brokenStream(good, roll) : fault(roll, good);
    }

    private static Reply fault(int roll, Reply good) {
        return switch (roll % 10) {
            case 0 -> error(429, "rate_limit_exceeded").header("retry-after-ms", "15");
            case 1 -> error(429, "rate_limit_exceeded");
            case 2 -> error(500, "server_error");
            case 3 -> error(503, "overloaded").header("retry-after", "soon");
            case 4 -> error(529, "overloaded_error");
            case 5 -> error(401, "invalid_api_key");
            case 6 -> error(408, "timeout");
            case 7 -> Reply.body(200, "text/html", "<html>welcome</html>".getBytes(UTF_8));
            case 8 -> Reply.resetAfterHeaders();
            default -> good.closeAfterBytes(0);
        };
    }

    /** Before its first content, or after it. */
    private static Reply brokenStream(Reply good, int roll) {
        return roll < 96 ? good.closeAfterBytes(60) : good.resetAfterBytes(260);
    }

    private static Reply error(int status, String code) {
        return Reply.json(status, "{\"error\":{\"message\":\"no\",\"code\":\"" + code + "\"}}")
                .keepAlive();
    }

    private static Reply whole(String nonce) {
        return Reply.json(
                200,
                "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":"
                        + "{\"role\":\"assistant\",\"content\":\"" + answer(nonce) + "\"}}],"
                        + "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7,\"total_tokens\":12}}");
    }

    private static Reply stream(String nonce) {
        return Reply.sse(
                delta("{\"role\":\"assistant\",\"content\":\"\"}", "null"),
                delta("{\"content\":\"" + piece(nonce, 1) + "\"}", "null"),
                delta("{\"content\":\"" + piece(nonce, 2) + "\"}", "null"),
                delta("{\"content\":\"" + piece(nonce, 3) + "\"}", "\"stop\""),
                "[DONE]");
    }

    private static String delta(String delta, String finish) {
        return "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":"
                + finish + "}]}";
    }

    // --- the callers

    /** What became of a call: its text, and how it failed if it did. */
    private record Outcome(int call, boolean streamed, String text, InvokeException failure) {}

    /** As callers do: one who is told when to come back comes back then. */
    private Outcome patient(Installation installation, int call) throws InterruptedException {
        Outcome outcome = ask(installation, call);
        while (outcome.failure() != null
                && outcome.failure().getMessage().contains("cooling down")
                && outcome.failure().retryAfter().isPresent()) {
            refusals.incrementAndGet();
            new CountDownLatch(1).await(outcome.failure().retryAfter().get().toNanos(), TimeUnit.NANOSECONDS);
            outcome = ask(installation, call);
        }
        return outcome;
    }

    private Outcome ask(Installation installation, int call) {
        boolean streamed = call % 2 == 0;
        StringBuilder text = new StringBuilder();
        try {
            if (streamed) {
                try (ModelStream stream = instance(installation, call).streamLlm(LlmRequest.ofText(question(call)))) {
                    stream.forEachRemaining(chunk -> text.append(chunk.text()));
                }
            } else {
                text.append(instance(installation, call)
                        .invokeLlm(LlmRequest.ofText(question(call)))
                        .text());
            }
            return new Outcome(call, streamed, text.toString(), null);
        } catch (InvokeException e) {
            return new Outcome(call, streamed, text.toString(), e);
        }
    }

    private static boolean wasLost(Outcome outcome) {
        return !outcome.streamed()
                && outcome.failure() != null
                && outcome.failure().code() == ErrorCode.STREAM_TRUNCATED;
    }

    @Test
    @DisplayName(
            "UP-11: ten thousand calls under a seeded schedule of faults: nothing twice, nothing mixed up, nothing left")
    void tenThousandCalls() throws Exception {
        provider.handle(this::reply);
        List<Outcome> outcomes = new ArrayList<>();
        try (Installation installation = open("a", "b", "c", "d")) {
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            try {
                List<Future<Outcome>> all = new ArrayList<>();
                for (int i = 0; i < CALLS; i++) {
                    int call = i;
                    all.add(threads.submit(() -> patient(installation, call)));
                }
                for (Future<Outcome> one : all) {
                    outcomes.add(one.get(3, TimeUnit.MINUTES));
                }
            } finally {
                threads.shutdownNow();
            }

            assertThat(states(installation))
                    .allSatisfy(state ->
                            assertThat(state.inFlight()).as(state.name()).isZero());
            assertThat(states(installation).stream()
                            .mapToLong(CredentialState::requests)
                            .sum())
                    .as("every attempt was counted")
                    .isEqualTo(asked.get());
        }
        for (Outcome outcome : outcomes) {
            String whole = answer("nonce-" + outcome.call());
            if (outcome.failure() == null) {
                assertThat(outcome.text()).isEqualTo(whole);
            } else {
                // what was delivered before it failed is the beginning of the answer, and nothing of it came twice
                assertThat(whole).startsWith(outcome.text());
                assertThat(outcome.streamed() || outcome.text().isEmpty()).isTrue();
            }
        }
        List<Outcome> failed =
                outcomes.stream().filter(outcome -> outcome.failure() != null).toList();
        assertThat(failed.stream().filter(outcome -> !outcome.text().isEmpty()))
                .as("streams that broke off after their first content")
                .isNotEmpty()
                .allMatch(Outcome::streamed);
        assertThat(failed.stream().filter(UnderFireTest::wasLost))
                .as("UP-03: whole answers that were lost on their way, and are not asked for twice")
                .isNotEmpty();
        assertThat(failed.stream()
                        .filter(outcome -> outcome.text().isEmpty() && !wasLost(outcome))
                        .count())
                .as("calls that found nobody, of which there are none but by the worst of luck")
                .isLessThan(CALLS / 200);
        assertThat(provider.awaitOpenConnections(0, Duration.ofSeconds(20)))
                .as("no connection is left open")
                .isTrue();
    }
}
