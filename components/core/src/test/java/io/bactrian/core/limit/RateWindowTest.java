package io.bactrian.core.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.limit.RateBlocks.Correction;
import io.bactrian.core.limit.RateBlocks.UnitsGranted;
import io.bactrian.core.limit.RateBlocks.UnitsWanted;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateWindowTest {

    private static final Duration PER = Duration.ofSeconds(16);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final RateWindow window = RateWindow.empty(PER, 0);

    private UnitsGranted take(long second, long units, Correction... corrections) {
        return window.take(second * SECOND, 100, new UnitsWanted(units, units, List.of(corrections)), 1);
    }

    @Test
    void countsAUnitUntilTheLimitsTimeIsSurelyOver() {
        assertThat(take(0, 100).units()).isEqualTo(100);

        // taken at the end of its slice, it would be sixteen seconds old at the end of the sixteenth after it
        assertThat(take(16, 1).units()).isZero();
        assertThat(take(16, 1).comeBack()).isEqualTo(Duration.ofSeconds(1));
        assertThat(take(17, 100).units()).isEqualTo(100);
    }

    @Test
    void saysWhenEnoughIsFree() {
        take(0, 60);
        take(5, 40);

        assertThat(take(6, 10).comeBack()).isEqualTo(Duration.ofSeconds(11));
        assertThat(take(6, 60).comeBack()).isEqualTo(Duration.ofSeconds(11));
        assertThat(take(6, 61).comeBack()).isEqualTo(Duration.ofSeconds(16));
    }

    @Test
    void putsRightWhatWasUsedInTheSliceItWasTakenOf() {
        long slice = take(0, 60).slice();
        take(5, 40);

        assertThat(take(6, 50, new Correction(slice, -50)).units()).isEqualTo(50);
        assertThat(take(17, 10).units()).isEqualTo(10);
        assertThat(take(17, 1).units()).isZero();
    }

    @Test
    void forgetsWhatIsGivenBackTooLate() {
        long slice = take(0, 60).slice();
        take(18, 100);

        assertThat(take(18, 1, new Correction(slice, -60)).units()).isZero();
    }

    @Test
    void countsWhatBecomesKnownLaterFromThenOn() {
        long slice = take(0, 10).slice();

        assertThat(take(20, 1, new Correction(slice, 150)).units()).isZero();
        assertThat(take(36, 1).units()).isZero();
        assertThat(take(37, 100).units()).isEqualTo(100);
    }

    @Test
    void staysWhereItIsWhenTheClockIsSetBack() {
        take(10, 100);

        UnitsGranted granted = take(2, 1);

        assertThat(granted.units()).isZero();
        assertThat(granted.slice()).isEqualTo(10);
        assertThat(granted.lasting()).isEqualTo(Duration.ofSeconds(9));
        assertThat(take(26, 1).units()).isZero();
        assertThat(take(27, 1).units()).isEqualTo(1);
    }

    @Test
    void givesOneOfThoseWhoShareAPartAndNearTheLimitNoMoreThanItNeeds() {
        assertThat(window.takeShared(0, 800, new UnitsWanted(1, 1_000, List.of()))
                        .units())
                .isEqualTo(100);
        assertThat(window.takeShared(0, 800, new UnitsWanted(1, 20, List.of())).units())
                .isEqualTo(20);
        assertThat(window.takeShared(0, 800, new UnitsWanted(675, 1_000, List.of()))
                        .units())
                .isEqualTo(675);
        assertThat(window.takeShared(0, 800, new UnitsWanted(1, 1_000, List.of()))
                        .units())
                .isEqualTo(1);
    }

    @Test
    void isTheSameAfterItWasKept() {
        take(3, 60);
        RateWindow kept = RateWindow.of(PER, window.newest(), window.used());

        assertThat(kept.take(4 * SECOND, 100, new UnitsWanted(41, 41, List.of()), 1)
                        .units())
                .isZero();
        assertThatThrownBy(() -> RateWindow.of(PER, 0, new long[3])).isInstanceOf(IllegalArgumentException.class);
    }
}
