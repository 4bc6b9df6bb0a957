package io.bactrian.core.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What calls cost is added up for all that they are nested in, and for nobody else. */
class SpendingTest {

    private static final BigDecimal CENT = new BigDecimal("0.01");

    @Test
    void addsUpForAllThatACallIsNestedIn() {
        CallPath agent = CallPath.NONE.enter("agent:support");
        CallPath tool = agent.enter("tool-workflow:search");
        CallPath other = agent.enter("tool-workflow:order_status");

        tool.spending().add(CENT, "USD");
        tool.spending().add(CENT, "USD");
        other.spending().add(CENT, "EUR");

        assertThat(tool.spending().total()).isEqualTo(Map.of("USD", new BigDecimal("0.02")));
        assertThat(other.spending().total()).isEqualTo(Map.of("EUR", CENT));
        assertThat(agent.spending().total()).isEqualTo(Map.of("USD", new BigDecimal("0.02"), "EUR", CENT));
    }

    @Test
    void addsNothingUpForCallsThatAreNestedInNothing() {
        CallPath.NONE.spending().add(CENT, "USD");
        CallPath.NONE.enter("agent:support").spending().add(CENT, "USD");

        assertThat(Spending.NOBODY.total()).isEmpty();
    }

    @Test
    void tellsTwoRunsOfTheSameAgentApart() {
        CallPath first = CallPath.NONE.enter("agent:support");
        CallPath second = CallPath.NONE.enter("agent:support");

        first.spending().add(CENT, "USD");

        assertThat(first).isEqualTo(second).hasSameHashCodeAs(second);
        assertThat(second.spending().total()).isEmpty();
        assertThat(first.steps()).isEqualTo(List.of("agent:support"));
    }

    @Test
    void losesNothingToCallsAtTheSameTime() {
        CallPath agent = CallPath.NONE.enter("agent:support");

        IntStream.range(0, 2_000)
                .parallel()
                .forEach(call -> agent.enter("tool:" + call % 7).spending().add(CENT, "USD"));

        assertThat(agent.spending().total()).isEqualTo(Map.of("USD", new BigDecimal("20.00")));
    }
}
