package io.bactrian.core.config;

import java.util.List;

/** Takes down what happened. */
public interface AuditLog {

    /** Adds an event. */
    void append(AuditEvent event);

    /** The latest events, newest first, at most so many. */
    List<AuditEvent> latest(int most);
}
