package io.bactrian.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.access.DenialLimits;
import io.bactrian.core.access.DenialLog;
import io.bactrian.core.config.AuditEntry;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.AuditQuery;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

    @Test
    default void givesPagesOfATenantsEventsNewestFirst() {
        for (int i = 0; i < 7; i++) {
            auditLog().append(event(i % 2 == 0 ? ACME : GLOBEX, "s" + i));
        }

        assertThat(byPages(ACME, AuditQuery.latest(2))).containsExactly("s6", "s4", "s2", "s0");
        assertThat(byPages(null, AuditQuery.latest(3))).containsExactly("s6", "s5", "s4", "s3", "s2", "s1", "s0");
        assertThat(byPages(NOBODY, AuditQuery.latest(3))).isEmpty();
    }

    private List<String> byPages(@Nullable TenantId tenant, AuditQuery query) {
        List<String> subjects = new ArrayList<>();
        PageOf<AuditEntry> page = auditLog().find(tenant, query);
        page.items().forEach(entry -> subjects.add(entry.event().subject()));
        while (page.next() != null) {
            assertThat(page.items()).hasSize(query.most());
            page = auditLog().find(tenant, query.before(Long.valueOf(page.next())));
            page.items().forEach(entry -> subjects.add(entry.event().subject()));
        }
        return subjects;
    }

    @Test
    default void findsEventsByActionOutcomeAndTime() {
        Instant noon = Instant.parse("2026-03-02T12:00:00Z");
        auditLog()
                .appendAll(List.of(
                        new AuditEvent(noon, ACME, "ann", "credential.update", "one", "done"),
                        new AuditEvent(
                                noon.plusSeconds(1), ACME, "ann", "credential.update", "two", "access_denied", 7),
                        new AuditEvent(noon.plusSeconds(2), ACME, "ann", "member.add", "three", "egress_denied"),
                        new AuditEvent(noon.plusSeconds(3), GLOBEX, "ann", "member.add", "four", "done")));

        assertThat(subjects(new AuditQuery(null, 10, "credential.update", (String) null)))
                .containsExactly("two", "one");
        assertThat(subjects(new AuditQuery(null, 10, null, "done"))).containsExactly("four", "one");
        assertThat(subjects(new AuditQuery(null, 10, null, Set.of("access_denied", "egress_denied"), null)))
                .containsExactly("three", "two");
        assertThat(subjects(new AuditQuery(null, 10, null, Set.of(), noon.plusSeconds(2))))
                .containsExactly("four", "three");
        assertThat(auditLog()
                        .find(ACME, new AuditQuery(null, 1, null, "access_denied"))
                        .items())
                .singleElement()
                .satisfies(entry -> assertThat(entry.event().count()).isEqualTo(7));
    }

    private List<String> subjects(AuditQuery query) {
        return auditLog().find(null, query).items().stream()
                .map(entry -> entry.event().subject())
                .toList();
    }

    @Test
    default void removesWhatIsOlderThanItIsToBeKept() {
        Instant noon = Instant.parse("2026-03-02T12:00:00Z");
        for (int i = 0; i < 5; i++) {
            auditLog().append(new AuditEvent(noon.plusSeconds(i), ACME, "ann", "member.add", "s" + i, "done"));
        }

        assertThat(auditLog().removeBefore(noon.plusSeconds(3), 2)).isEqualTo(2);
        assertThat(auditLog().removeBefore(noon.plusSeconds(3), 2)).isEqualTo(1);
        assertThat(auditLog().removeBefore(noon.plusSeconds(3), 2)).isZero();

        assertThat(subjects(AuditQuery.latest(10))).containsExactly("s4", "s3");
    }

    @Test
    default void getsDenialsWithTheirCountsFromWhoKeepsThemForIt() {
        Clock clock = Clock.fixed(Instant.parse("2026-03-02T12:00:00Z"), ZoneOffset.UTC);
        AuditEvent denial =
                new AuditEvent(clock.instant(), ACME, "dora", "model.invoke", "openai/gpt-4o (llm)", "access_denied");
        try (DenialLog denials = DenialLog.open(auditLog(), DenialLimits.USUAL, clock, () -> 0)) {
            denials.append(event(ACME, "done"));
            for (int i = 0; i < 1_000; i++) {
                denials.append(denial);
            }
        }

        List<AuditEvent> kept = auditLog().find(ACME, AuditQuery.latest(10)).items().stream()
                .map(AuditEntry::event)
                .toList();
        assertThat(kept).last().isEqualTo(event(ACME, "done"));
        assertThat(kept.subList(0, kept.size() - 1)).hasSizeBetween(1, 2).allSatisfy(event -> assertThat(event.actor())
                .isEqualTo("dora"));
        assertThat(kept.stream()
                        .filter(event -> event.outcome().equals("access_denied"))
                        .mapToLong(AuditEvent::count)
                        .sum())
                .isEqualTo(1_000);
    }
}
