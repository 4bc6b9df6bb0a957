package io.bactrian.core.config;

import io.bactrian.core.error.InvokeException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is taken down, whatever comes of it. What has been done is not undone, and what was refused is not told
 * otherwise, because the audit log is away: the event goes to the process's own log then.
 */
public final class Audited {

    private static final Logger LOG = LoggerFactory.getLogger(Audited.class);
    private static final String DONE = "done";

    private Audited() {}

    /**
     * Does some work and takes it down.
     *
     * @param event the event for an outcome: {@code done}, or the code of a refusal
     * @param work what is done, without the taking down
     */
    public static <T> T run(AuditLog audit, Function<String, AuditEvent> event, Supplier<T> work) {
        T result;
        try {
            result = work.get();
        } catch (InvokeException e) {
            note(audit, event.apply(e.code().text()));
            throw e;
        }
        note(audit, event.apply(DONE));
        return result;
    }

    /** Takes an event down. */
    public static void note(AuditLog audit, AuditEvent event) {
        try {
            audit.append(event);
        } catch (InvokeException e) {
            LOG.warn(
                    "not in the audit log ({}): {} {} of {} by {}: {}",
                    e.code().text(),
                    event.action(),
                    event.subject(),
                    event.tenant(),
                    event.actor(),
                    event.outcome());
        }
    }
}
