package io.bactrian.core.invoke;

import static io.bactrian.core.invoke.BalancedWorld.end;
import static io.bactrian.core.invoke.BalancedWorld.role;
import static io.bactrian.core.invoke.BalancedWorld.text;
import static io.bactrian.core.invoke.FailoverTest.failure;
import static io.bactrian.core.invoke.Fixtures.ACME;
import static io.bactrian.core.invoke.Fixtures.GPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.balance.BalancingSettings;
import io.bactrian.core.balance.CredentialState;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.ModelStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls over several credentials whose provider fails in every way: streams. */
class StreamFailoverTest {

    private final BalancedWorld world = new BalancedWorld();

    private static String read(ModelStream stream) {
        StringBuilder text = new StringBuilder();
        stream.forEachRemaining(chunk -> text.append(chunk.text()));
        return text.toString();
    }

    private List<CredentialState> states() {
        return world.manager()
                .resolver()
                .resolve(ACME, GPT)
                .states(world.manager().balancing());
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "RATE_LIMITED",
                "AUTHORIZATION_ERROR",
                "SERVER_UNAVAILABLE",
                "OVERLOADED",
                "CONNECTION_FAILED",
                "CONNECTION_LOST",
                "TIMEOUT_FIRST_BYTE",
                "TIMEOUT_FIRST_TOKEN"
            })
    void opensItElsewhere(ErrorCode code) {
        world.spread("a", "b", "c");
        world.fails("b", () -> failure(code));

        for (int i = 0; i < 12; i++) {
            assertThat(read(world.open())).isIn("a!", "c!");
        }

        assertThat(world.asked.stream().filter("b"::equals)).hasSize(1);
        assertThat(world.openStreams).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "STREAM_TRUNCATED",
                "TIMEOUT_FIRST_TOKEN",
                "TIMEOUT_IDLE",
                "SERVER_UNAVAILABLE",
                "OVERLOADED",
                "RATE_LIMITED",
                "PROTOCOL_ERROR"
            })
    @DisplayName("STR-09: what fails before the first content is made good elsewhere, and nobody notices")
    void makesGoodWhatFailsBeforeTheFirstContent(ErrorCode code) {
        world.spread("a", "b");
        world.streams.put("a", List.of(role(), role(), failure(code)));

        for (int i = 0; i < 4; i++) {
            assertThat(read(world.open())).isEqualTo("b!");
        }

        assertThat(world.asked.stream().filter("a"::equals)).hasSize(1);
        assertThat(world.openStreams).isZero();
    }

    @Test
    @DisplayName("STR-09: what fails after the first content is told, with all that was delivered, and nothing twice")
    void tellsWhatFailsAfterTheFirstContent() {
        world.spread("a", "b");
        world.streams.put("a", List.of(role(), text("one "), text("two "), failure(ErrorCode.STREAM_TRUNCATED)));
        world.streams.put("b", List.of(role(), text("one "), text("two "), failure(ErrorCode.STREAM_TRUNCATED)));
        StringBuilder delivered = new StringBuilder();

        InvokeException error = catchThrowableOfType(
                InvokeException.class, () -> world.open().forEachRemaining(chunk -> delivered.append(chunk.text())));

        assertThat(error.code()).isEqualTo(ErrorCode.STREAM_TRUNCATED);
        assertThat(delivered).hasToString("one two ");
        assertThat(world.asked).hasSize(1);
        assertThat(states().stream().filter(state -> state.cooldown() != null))
                .as("whoever broke off is out for a while")
                .hasSize(1);
        assertThat(states()).extracting(CredentialState::inFlight).containsOnly(0);
    }

    private List<Duration> firstTokenTimeouts() {
        return world.world.dialect.streamed.stream()
                .map(LlmRequest::firstTokenTimeout)
                .toList();
    }

    @Test
    @DisplayName("STR-09: every attempt has the installation's time for its first token")
    void givesEveryAttemptTheTimeForItsFirstToken() {
        world.settings = BalancingSettings.DEFAULTS.withFirstTokenTimeout(Duration.ofSeconds(3));
        world.spread("a", "b");
        world.streams.put("a", List.of(role(), failure(ErrorCode.TIMEOUT_FIRST_TOKEN)));
        world.streams.put("b", List.of(role(), failure(ErrorCode.TIMEOUT_FIRST_TOKEN)));

        InvokeException error =
                catchThrowableOfType(InvokeException.class, () -> world.open().forEachRemaining(chunk -> {}));

        assertThat(error.code()).isEqualTo(ErrorCode.TIMEOUT_FIRST_TOKEN);
        assertThat(firstTokenTimeouts())
                .as("each key is asked once: who was silent may be at work on it")
                .containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(3));
        assertThat(world.waits).isEmpty();
    }

    @Test
    void prefersTheTimeThatTheRequestBrings() {
        world.settings = BalancingSettings.DEFAULTS.withFirstTokenTimeout(Duration.ofSeconds(3));
        world.spread("a");

        read(world.manager()
                .instance(world.claim(), GPT)
                .streamLlm(LlmRequest.ofText("soon").withFirstTokenTimeout(Duration.ofSeconds(1))));

        assertThat(firstTokenTimeouts()).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void setsNoTimeUnlessSomebodySays() {
        world.spread("a");

        read(world.open());

        assertThat(firstTokenTimeouts()).containsExactly((Duration) null);
    }

    @Test
    void deliversEveryPieceOnceAndInOrder() {
        world.spread("a", "b");
        List<Object> pieces = new ArrayList<>(List.of(role(), role()));
        for (int i = 0; i < 500; i++) {
            pieces.add(text(i + " "));
        }
        pieces.add(end());
        world.streams.put("a", pieces);
        world.streams.put("b", pieces);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            expected.append(i).append(' ');
        }

        assertThat(read(world.open())).isEqualTo(expected.toString());
    }

    @Test
    void holdsNoMoreThanSoManyPiecesBack() {
        world.spread("a", "b");
        List<Object> empty = new ArrayList<>(Collections.nCopies(200, role()));
        empty.add(failure(ErrorCode.STREAM_TRUNCATED));
        world.streams.put("a", empty);
        world.streams.put("b", empty);

        ModelStream stream = world.open();

        assertThat(world.asked).hasSize(1);
        assertThatThrownBy(() -> read(stream)).isInstanceOf(ProtocolException.class);
        assertThat(world.asked).as("it has begun").hasSize(1);
    }

    @Test
    void anAnswerWithoutContentIsAnAnswer() {
        world.spread("a", "b");
        world.streams.put("a", List.of(role(), end()));
        world.streams.put("b", List.of(role(), end()));

        ModelStream stream = world.open();

        assertThat(read(stream)).isEmpty();
        assertThat(world.asked).hasSize(1);
        assertThat(states()).allMatch(state -> state.cooldown() == null);
    }

    @Test
    void theOnlyOnesStreamComesAsItComes() {
        world.spread("a");
        world.streams.put("a", List.of(role(), failure(ErrorCode.STREAM_TRUNCATED)));

        ModelStream stream = world.open();

        assertThat(stream.hasNext()).isTrue();
        stream.next();
        assertThatThrownBy(stream::hasNext).isInstanceOf(ProtocolException.class);
        assertThat(world.asked).hasSize(1);
    }

    @Test
    void aStreamThatIsClosedIsNobodysFailure() {
        world.spread("a", "b");
        for (int i = 0; i < 10; i++) {
            ModelStream stream = world.open();
            stream.next();
            stream.close();
            assertThat(stream.hasNext()).isFalse();
        }

        assertThat(states()).allMatch(state -> state.cooldown() == null && state.errors() == 0);
        assertThat(states()).extracting(CredentialState::inFlight).containsOnly(0);
        assertThat(world.openStreams).isZero();
    }

    @Test
    void anotherModelAnswersWhenAllFailBeforeTheirFirstContent() {
        world.settings = BalancingSettings.DEFAULTS.withRetries(0);
        world.spread(BalancingStrategy.ROUND_ROBIN, List.of(ModelFallback.of(Fixtures.LOCAL, "tiny")), "a");
        world.streams.put("a", List.of(role(), failure(ErrorCode.STREAM_TRUNCATED)));

        assertThat(read(world.open())).isEqualTo("no key!");

        assertThat(world.openStreams).isZero();
    }
}
