package io.bactrian.store;

import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.Audited;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The credentials that could not be opened when they were last needed: counted for health, told of once each. */
final class UnreadableCredentials {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadableCredentials.class);
    private static final int MOST = 10_000;

    private record Key(TenantId tenant, CredentialId id, boolean previous) {}

    private final AuditLog audit;
    private final Clock clock;
    private final ConcurrentMap<Key, String> reasons = new ConcurrentHashMap<>();

    UnreadableCredentials(AuditLog audit, Clock clock) {
        this.audit = audit;
        this.clock = clock;
    }

    int count() {
        return reasons.size();
    }

    void report(TenantId tenant, CredentialId id, boolean previous, String reason) {
        if (reasons.size() >= MOST || reasons.put(new Key(tenant, id, previous), reason) != null) {
            return;
        }
        LOG.warn("unreadable: {}", reason);
        // the caller is told why the credential does not open, also when the log is away
        Audited.note(
                audit,
                new AuditEvent(
                        clock.instant(),
                        tenant,
                        "store",
                        "credential.unreadable",
                        previous ? id.value() + " (previous values)" : id.value(),
                        ErrorCode.CREDENTIAL_UNREADABLE.text()));
    }

    void opened(TenantId tenant, CredentialId id, boolean previous) {
        if (!reasons.isEmpty()) {
            reasons.remove(new Key(tenant, id, previous));
        }
    }

    /** A credential that was set anew or removed: there is nothing unreadable about it any more. */
    void forget(TenantId tenant, CredentialId id) {
        opened(tenant, id, false);
        opened(tenant, id, true);
    }

    void forget(TenantId tenant) {
        reasons.keySet().removeIf(key -> key.tenant().equals(tenant));
    }
}
