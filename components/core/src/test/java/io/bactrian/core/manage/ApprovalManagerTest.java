package io.bactrian.core.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.MemoryApprovals;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApprovalManagerTest {

    private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId BETA = new TenantId("beta");
    private static final Actor OPERATOR = new Actor.Operator();
    private static final Actor ADMIN = new Actor.Member(ACME, new UserId("ada"), Role.ADMIN);
    private static final Actor EDITOR = new Actor.Member(ACME, new UserId("ed"), Role.EDITOR);
    private static final Actor STRANGER = new Actor.Member(BETA, new UserId("ada"), Role.OWNER);

    private final MemoryApprovals approvals = new MemoryApprovals();
    private final MemoryConfigurationStore audit = new MemoryConfigurationStore("memory", Clock.systemUTC());
    private final ApprovalManager manager = new ApprovalManager(
            approvals, new AccessControl(audit, Clock.fixed(NOW, ZoneOffset.UTC)), Clock.fixed(NOW, ZoneOffset.UTC));

    private Approval asked(String id) {
        return approvals.request(new Approval(
                id,
                ACME,
                new UserId("ed"),
                null,
                "tool-builtin:mail/send",
                "{\"id\":\"" + id + "\"}",
                "call",
                Approval.Status.PENDING,
                NOW,
                NOW.plus(Duration.ofHours(1)),
                null,
                null));
    }

    @Test
    void takesDownWhoDecided() {
        asked("a1");
        asked("a2");

        assertThat(manager.approve(ADMIN, ACME, "a1").status()).isEqualTo(Approval.Status.APPROVED);
        assertThat(manager.deny(OPERATOR, ACME, "a2").decidedBy()).isEqualTo("operator");

        assertThat(manager.pending(OPERATOR, ACME, 10)).isEmpty();
        assertThat(manager.get(ADMIN, ACME, "a1").decidedBy()).isEqualTo("ada");
        assertThat(audit.latest(10))
                .extracting(AuditEvent::action, AuditEvent::actor, AuditEvent::subject, AuditEvent::outcome)
                .containsExactly(
                        tuple("approval.deny", "operator", "a2", "done"),
                        tuple("approval.approve", "ada", "a1", "done"));
    }

    @Test
    void letsNobodyElseDecideOrLook() {
        Approval asked = asked("a1");

        for (Actor actor : List.of(EDITOR, STRANGER)) {
            assertThatThrownBy(() -> manager.approve(actor, ACME, "a1")).isInstanceOf(RefusedException.class);
            assertThatThrownBy(() -> manager.deny(actor, ACME, "a1")).isInstanceOf(RefusedException.class);
            assertThatThrownBy(() -> manager.get(actor, ACME, "a1")).isInstanceOf(RefusedException.class);
            assertThatThrownBy(() -> manager.pending(actor, ACME, 10)).isInstanceOf(RefusedException.class);
        }
        assertThat(manager.pending(ADMIN, ACME, 10)).containsExactly(asked);
        assertThat(audit.latest(10)).hasSize(8).allMatch(event -> event.outcome()
                .equals("access_denied"));
    }

    @Test
    void saysWhatIsNotThere() {
        assertThatThrownBy(() -> manager.get(ADMIN, ACME, "a9"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("./bactrian approval list --tenant acme");
        assertThatThrownBy(() -> manager.approve(STRANGER, BETA, asked("a1").id()))
                .isInstanceOf(BadRequestException.class);
        assertThat(approvals.find(ACME, "a1").orElseThrow().status()).isEqualTo(Approval.Status.PENDING);
    }
}
