package io.bactrian.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.FailureClass;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.provider.ModelType;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who goes out, for how long, and how they come back. */
class CooldownTest {

    private final Bench bench = new Bench();
    private final BalancingPool three = bench.pool(BalancingStrategy.ROUND_ROBIN, 1, 1, 1);

    private Cooldown cooldown(BalancingPool pool, int index) {
        return Objects.requireNonNull(pool.states().get(index).cooldown());
    }

    private List<String> out(BalancingPool pool) {
        return pool.states().stream()
                .filter(state -> state.cooldown() != null)
                .map(CredentialState::name)
                .toList();
    }

    @Test
    @DisplayName("UP-01: a rate-limited credential is out exactly as long as its provider asks")
    void isOutAsLongAsTheProviderAsks() {
        bench.fail(three, 0, Bench.rateLimited(Duration.ofSeconds(2)));

        assertThat(cooldown(three, 0).until()).isEqualTo(bench.instant().plusSeconds(2));
        bench.pass(Duration.ofMillis(1_999));
        assertThat(out(three)).containsExactly("a");
        bench.pass(Duration.ofMillis(1));
        assertThat(out(three)).isEmpty();
    }

    @Test
    @DisplayName("UP-01: an absurd wish is capped, and a wish for less than the least is not heard")
    void keepsWishesWithinBounds() {
        bench.fail(three, 0, Bench.rateLimited(Duration.ofDays(11_574)));
        bench.fail(three, 1, Bench.rateLimited(Duration.ZERO));

        assertThat(cooldown(three, 0).until()).isEqualTo(bench.instant().plus(Duration.ofHours(1)));
        assertThat(cooldown(three, 1).until()).isEqualTo(bench.instant().plusSeconds(1));
    }

    @Test
    void isOutTwiceAsLongEachTimeItFailsOnTrial() {
        Duration last = Duration.ZERO;
        for (int i = 0; i < 5; i++) {
            bench.fail(three, 0, Bench.down());
            Duration now = Duration.between(bench.instant(), cooldown(three, 0).until());
            assertThat(now).isBetween(Duration.ofSeconds(1L << i), Duration.ofMillis(1_100L << i));
            assertThat(now).isGreaterThan(last);
            last = now;
            bench.pass(now);
        }
        bench.only(three, 0).succeeded();
        bench.fail(three, 0, Bench.down());

        assertThat(cooldown(three, 0).trips())
                .as("counted anew after a success")
                .isEqualTo(1);
    }

    @Test
    void countsFailuresOfCallsThatWereUnderWayTogetherAsOne() {
        List<Attempt> together = List.of(bench.only(three, 0), bench.only(three, 0), bench.only(three, 0));

        together.forEach(attempt -> attempt.failed(Bench.down()));

        assertThat(cooldown(three, 0).trips()).isEqualTo(1);
    }

    @Test
    void aSuccessThatHadBegunBeforeEndsNoCooldown() {
        Attempt before = bench.only(three, 0);
        bench.fail(three, 0, Bench.rateLimited(Duration.ofSeconds(30)));

        before.succeeded();

        assertThat(out(three)).containsExactly("a");
    }

    @Test
    void letsOneCallFindOutWhetherItIsWellAgain() {
        bench.fail(three, 0, Bench.down());
        bench.pass(Duration.ofSeconds(2));
        Attempt trial = bench.only(three, 0);

        for (int i = 0; i < 12; i++) {
            assertThat(three.begin(new BalancingPool.Tried(), 0).orElseThrow().candidate())
                    .as("others stay away while the trial runs")
                    .isNotZero();
        }
        trial.succeeded();

        assertThat(bench.only(three, 0).candidate()).isZero();
        assertThat(bench.only(three, 0).candidate()).isZero();
    }

    @Test
    void aTrialThatIsGivenUpLeavesItToTheNext() {
        bench.fail(three, 0, Bench.down());
        bench.pass(Duration.ofSeconds(2));
        bench.only(three, 0).abandoned();

        assertThat(bench.only(three, 0).candidate()).isZero();
    }

    @Test
    void aTrialThatIsNeverHeardOfAgainKeepsOthersAwayForHalfAMinuteOnly() {
        bench.fail(three, 0, Bench.down());
        bench.pass(Duration.ofSeconds(2));
        bench.only(three, 0);
        bench.pass(Duration.ofSeconds(31));

        assertThat(bench.only(three, 0).candidate()).isZero();
    }

    @Test
    @DisplayName("UP-06: a refused credential is out for all its models, with the reason, until it is changed")
    void aRefusedCredentialIsOutForAllItsModelsUntilItIsChanged() {
        bench.fail(three, 0, Bench.refused());
        BalancedCredential other = new BalancedCredential(
                CooldownKey.ofCredential(Bench.ACME, Bench.OPENAI, "a").forModel("other", ModelType.LLM), "a", 1, 1, 0);
        BalancingPool ofOther = bench.manager.pool(
                List.of(other, new BalancedCredential(Bench.key("b"), "b", 1, 1, 1)),
                BalancingStrategy.ROUND_ROBIN,
                false);

        assertThat(out(ofOther)).containsExactly("a");
        assertThat(cooldown(ofOther, 0).reason()).isEqualTo(FailureClass.CREDENTIAL_DEAD);
        assertThat(cooldown(ofOther, 0).code()).isEqualTo(ErrorCode.AUTHORIZATION_ERROR);

        BalancingPool changed = bench.pool(BalancingStrategy.ROUND_ROBIN, 2, new int[] {1, 1, 1});
        assertThat(out(changed)).as("new values may do better at once").isEmpty();
        assertThat(bench.only(changed, 0).candidate()).isZero();
    }

    @Test
    void aServerInTroubleIsOutForOneModelOnly() {
        bench.fail(three, 0, Bench.down());
        BalancedCredential other = new BalancedCredential(
                CooldownKey.ofCredential(Bench.ACME, Bench.OPENAI, "a").forModel("other", ModelType.LLM), "a", 1, 1, 0);

        assertThat(out(three)).containsExactly("a");
        assertThat(out(bench.manager.pool(List.of(other), BalancingStrategy.ROUND_ROBIN, false)))
                .isEmpty();
        assertThat(bench.told).extracting(one -> one.key().scope()).containsExactly(CooldownScope.DEPLOYMENT);
    }

    @Test
    void takesNobodyOutForTheCallersMistakes() {
        bench.fail(three, 0, Bench.down());
        bench.pass(Duration.ofSeconds(2));
        bench.fail(three, 0, new BadRequestException(ErrorCode.BAD_REQUEST, "no"));
        bench.fail(three, 1, new BadRequestException(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "long"));
        bench.fail(three, 2, new RefusedException(ErrorCode.CONTENT_FILTER, "no"));

        assertThat(out(three)).isEmpty();
        assertThat(bench.told).hasSize(1);
    }

    @Test
    @DisplayName("A single credential is never out for a blip")
    void leavesTheOnlyOneIn() {
        BalancingPool one = bench.pool(BalancingStrategy.ROUND_ROBIN, 1);
        bench.fail(one, 0, Bench.down());
        bench.fail(one, 0, Bench.refused());
        bench.fail(one, 0, Bench.rateLimited());

        bench.fail(one, 0, Bench.rateLimited(Duration.ofSeconds(7)));

        assertThat(out(one)).isEmpty();
        assertThat(one.earliest()).isZero();
    }

    @Test
    void takesTheOnlyOneOutWhenMostOfManyCallsFail() {
        BalancingPool one = bench.pool(BalancingStrategy.ROUND_ROBIN, 1);
        for (int i = 0; i < 10; i++) {
            bench.only(one, 0).succeeded();
        }
        for (int i = 0; i < 9; i++) {
            bench.fail(one, 0, Bench.down());
        }
        assertThat(out(one)).isEmpty();

        bench.fail(one, 0, Bench.down());

        assertThat(out(one)).containsExactly("a");
    }

    @Test
    void forgetsTheFailuresOfMoreThanAMinuteAgo() {
        BalancingPool one = bench.pool(BalancingStrategy.ROUND_ROBIN, 1);
        for (int i = 0; i < 19; i++) {
            bench.fail(one, 0, Bench.down());
        }
        bench.pass(Duration.ofSeconds(70));

        bench.fail(one, 0, Bench.down());

        assertThat(out(one)).isEmpty();
    }

    @Test
    void whatIsKnownOutlivesThePoolThatFoundIt() {
        bench.fail(three, 0, Bench.rateLimited(Duration.ofMinutes(50)));
        bench.pass(Duration.ofMinutes(40));

        BalancingPool anew = bench.pool(BalancingStrategy.ROUND_ROBIN, 1, 1, 1);

        assertThat(out(anew)).containsExactly("a");
        assertThat(anew.states().get(0).errors()).isEqualTo(1);
    }

    @Test
    void takesOverWhatOtherNodesHaveFound() {
        Bench other = new Bench();
        other.fail(other.pool(BalancingStrategy.ROUND_ROBIN, 1, 1), 1, Bench.rateLimited(Duration.ofSeconds(20)));

        other.told.forEach(bench.manager::learn);

        assertThat(out(three)).containsExactly("b");
        assertThat(cooldown(three, 1).until()).isEqualTo(bench.instant().plusSeconds(20));
        bench.pass(Duration.ofSeconds(20));
        assertThat(out(three)).isEmpty();
    }

    @Test
    void tellsWhoWasAskedHowOften() {
        bench.only(three, 0).succeeded();
        bench.fail(three, 0, Bench.down());
        bench.only(three, 1);

        CredentialState a = three.states().get(0);
        assertThat(a.errors()).isEqualTo(1);
        assertThat(a.lastError()).isEqualTo(ErrorCode.SERVER_UNAVAILABLE);
        assertThat(three.states().get(1).inFlight()).isEqualTo(1);
        assertThat(three.states()).extracting(CredentialState::inFlight).containsExactly(0, 1, 0);
    }
}
