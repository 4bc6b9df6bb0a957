package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.usage.MemoryUsageStore;
import io.bactrian.core.usage.UsageDimension;
import io.bactrian.core.usage.UsageStore;
import io.bactrian.core.usage.UsageSum;
import io.bactrian.testkit.contract.UsageStoreContract;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MemoryUsageContractTest extends UsageStoreContract {

    private final UsageStore usage = new MemoryUsageStore(100);

    @Override
    protected UsageStore usage() {
        return usage;
    }

    private void call(int model, String at) {
        InvocationTarget target = InvocationTarget.Model.of(new ProviderId("p"), "m" + model, ModelType.LLM);
        usage.append(List.of(record(ACME, target, Instant.parse(at))), List.of());
    }

    @Test
    @DisplayName("MEM-03: names without end take only so much room, and no call goes uncounted for it")
    void countsWhatHasNoRoomTogether() {
        for (int i = 0; i < 1_000; i++) {
            call(i, "2026-03-02T12:00:00Z");
        }

        List<UsageSum> sums = sums(UsageDimension.MODEL);
        assertThat(sums).hasSizeBetween(50, 100);
        assertThat(sums.get(0).key()).isEqualTo(MemoryUsageStore.OTHER);
        assertThat(sums.stream().mapToLong(UsageSum::calls).sum()).isEqualTo(1_000);
    }

    @Test
    void letsTheOldestDayGoWhereANewOneNeedsTheRoom() {
        for (int i = 0; i < 500; i++) {
            call(i, "2026-03-02T12:00:00Z");
        }
        call(1, "2026-03-03T12:00:00Z");

        assertThat(sums(UsageDimension.DAY)).extracting(UsageSum::key).containsExactly("2026-03-03");
        assertThat(sums(UsageDimension.MODEL)).extracting(UsageSum::key).containsExactly("p/m1");
    }
}
