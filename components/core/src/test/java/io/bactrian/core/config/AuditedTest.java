package io.bactrian.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuditedTest {

    private final List<String> outcomes = new ArrayList<>();
    private boolean away;

    private final AuditLog audit = new AuditLog() {
        @Override
        public void append(AuditEvent event) {
            if (away) {
                throw new UnavailableException(ErrorCode.STORE_UNAVAILABLE, "away");
            }
            outcomes.add(event.outcome());
        }

        @Override
        public void appendAll(List<AuditEvent> events) {
            events.forEach(this::append);
        }

        @Override
        public PageOf<AuditEntry> find(@Nullable TenantId tenant, AuditQuery query) {
            return new PageOf<>(List.of(), null);
        }

        @Override
        public int removeBefore(Instant before, int most) {
            return 0;
        }

        @Override
        public List<AuditEvent> latest(int most) {
            return List.of();
        }
    };

    private static AuditEvent event(String outcome) {
        return new AuditEvent(Instant.EPOCH, null, "operator", "key.rotate", "key", outcome);
    }

    private String refuse() {
        throw new BadRequestException(ErrorCode.INVALID_PARAM, "5 data keys need it");
    }

    @Test
    void takesDownWhatWasDoneAndWhatWasRefused() {
        assertThat(Audited.run(audit, AuditedTest::event, () -> "result")).isEqualTo("result");
        assertThatThrownBy(() -> Audited.run(audit, AuditedTest::event, this::refuse))
                .isInstanceOf(BadRequestException.class);

        assertThat(outcomes).containsExactly("done", "invalid_param");
    }

    @Test
    void tellsWhatHasBecomeOfTheWorkAlsoWhenNobodyTakesItDown() {
        away = true;

        assertThat(Audited.run(audit, AuditedTest::event, () -> "result"))
                .as("done is done: told otherwise, it would be done again")
                .isEqualTo("result");
        assertThatThrownBy(() -> Audited.run(audit, AuditedTest::event, this::refuse))
                .hasMessage("5 data keys need it");
    }
}
