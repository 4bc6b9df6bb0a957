package io.bactrian.server;

import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.Audited;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.engine.Installation;
import io.bactrian.http.AuthenticationThrottle;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes down who has presented too many wrong keys: the address and how many, never what was presented. */
final class RefusedAttempts implements AuthenticationThrottle.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(RefusedAttempts.class);

    private final Installation installation;

    /** @param installation has the audit log */
    RefusedAttempts(Installation installation) {
        this.installation = installation;
    }

    @Override
    public void refused(String whom, int failures, Duration lasting) {
        LOG.warn("{} wrong keys from {}: no key of theirs is looked up for {}", failures, whom, lasting);
        Audited.note(
                installation.audit(),
                new AuditEvent(
                        installation.clock().instant(),
                        null,
                        "address " + whom,
                        "key.guess",
                        failures + " wrong keys, refused for " + lasting.toSeconds() + " s",
                        ErrorCode.RATE_LIMITED.text()));
    }
}
