package io.bactrian.core.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tenant.TenantId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PerTenantTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");

    private final Map<TenantId, Long> versions = new ConcurrentHashMap<>();
    private final AtomicInteger made = new AtomicInteger();
    private boolean away;

    private final PerTenant<String> perTenant = new PerTenant<>(tenant -> versions.getOrDefault(tenant, 0L), tenant -> {
        if (away) {
            throw new UnavailableException(ErrorCode.STORE_UNAVAILABLE, "away");
        }
        return tenant + " " + made.incrementAndGet();
    });

    @Test
    void isMadeOnceForEachVersionOfATenant() {
        assertThat(perTenant.of(ACME)).isEqualTo("acme 1");
        assertThat(perTenant.of(ACME)).isEqualTo("acme 1");
        assertThat(perTenant.of(GLOBEX)).isEqualTo("globex 2");
        versions.put(ACME, 1L);
        assertThat(perTenant.of(ACME)).isEqualTo("acme 3");
        assertThat(perTenant.of(GLOBEX)).isEqualTo("globex 2");
    }

    @Test
    void servesWhatIsKnownWhileNothingHasChangedAndNothingOldOtherwise() {
        perTenant.of(ACME);
        away = true;
        assertThat(perTenant.of(ACME)).isEqualTo("acme 1");

        versions.put(ACME, 1L);

        assertThatThrownBy(() -> perTenant.of(ACME)).isInstanceOf(UnavailableException.class);
    }
}
