package io.bactrian.core.config;

import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes down what happened. Nothing in it is ever changed. */
public interface AuditLog {

    /** Adds an event. */
    void append(AuditEvent event);

    /** Adds events, all of them or none. */
    void appendAll(List<AuditEvent> events);

    /** The latest events, newest first, at most so many. */
    List<AuditEvent> latest(int most);

    /**
     * Events, the newest first; {@link PageOf#next} is the number that those of the next page are below.
     *
     * @param tenant whose; null for all, those of the installation among them
     */
    PageOf<AuditEntry> find(@Nullable TenantId tenant, AuditQuery query);

    /**
     * Removes some of what is older.
     *
     * @param before from when on everything is kept
     * @param most how many events at most
     * @return how many were removed; fewer than asked for if there are no more
     */
    int removeBefore(Instant before, int most);
}
