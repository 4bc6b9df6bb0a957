package io.bactrian.core.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** An audit log of bounded length that is gone with the process. */
final class MemoryAuditLog implements AuditLog {

    private final int kept;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<AuditEvent> events = new ArrayDeque<>();

    /** @param kept how many events are kept; older ones are dropped */
    MemoryAuditLog(int kept) {
        this.kept = kept;
    }

    @Override
    public void append(AuditEvent event) {
        lock.lock();
        try {
            events.addFirst(event);
            if (events.size() > kept) {
                events.removeLast();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<AuditEvent> latest(int most) {
        lock.lock();
        try {
            return events.stream().limit(Math.max(0, most)).toList();
        } finally {
            lock.unlock();
        }
    }
}
