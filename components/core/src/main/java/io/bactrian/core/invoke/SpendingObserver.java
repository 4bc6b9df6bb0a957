package io.bactrian.core.invoke;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.model.Price;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.tenant.Spending;
import org.jspecify.annotations.Nullable;

/** Has the agents and tools that a call is nested in know what it has cost: as far as its model has a price, and said what was used. */
final class SpendingObserver implements CallObserver {

    @Override
    public Observation started(Invocation invocation) {
        Spending spending = invocation.claim().path().spending();
        return spending == Spending.NOBODY ? Observation.NONE : new Spent(spending);
    }

    private record Spent(Spending spending) implements Observation {

        @Override
        public void firstChunk(Invocation invocation) {
            // what it costs is known at its end
        }

        @Override
        public void succeeded(Invocation invocation, String responseModel, @Nullable TokenUsage usage) {
            if (usage == null) {
                return;
            }
            invocation
                    .trace()
                    .pricing()
                    .map(pricing -> Price.of(usage, pricing))
                    .ifPresent(price -> spending.add(price.total(), price.currency()));
        }

        @Override
        public void failed(Invocation invocation, Phase phase, @Nullable ErrorCode code) {
            // a call that failed before it answered has no price that is known
        }

        @Override
        public void failed(Invocation invocation, Phase phase, @Nullable ErrorCode code, Answer answer) {
            succeeded(invocation, answer.model(), answer.usage());
        }
    }
}
