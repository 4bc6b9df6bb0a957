package io.bactrian.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every audit log has to do. */
public interface AuditLogContract extends StoreFixture {

    private static AuditEvent event(@Nullable TenantId tenant, String subject) {
        return new AuditEvent(
                Instant.parse("2026-03-02T10:11:12.123456Z"), tenant, "ann", "credential.update", subject, "done");
    }

    @Test
    default void givesTheLatestEventsNewestFirst() {
        List<AuditEvent> events = List.of(event(NOBODY, "one"), event(null, "two"), event(ACME, "three"));
        events.forEach(auditLog()::append);

        assertThat(auditLog().latest(10)).containsExactly(events.get(2), events.get(1), events.get(0));
        assertThat(auditLog().latest(2)).containsExactly(events.get(2), events.get(1));
        assertThat(auditLog().latest(0)).isEmpty();
        assertThat(auditLog().latest(-1)).isEmpty();
    }

    @Test
    default void keepsWhatARemovedTenantDid() {
        addTenants();
        auditLog().append(event(ACME, "before the end"));

        store().removeTenant(ACME);

        assertThat(auditLog().latest(1)).containsExactly(event(ACME, "before the end"));
    }
}
