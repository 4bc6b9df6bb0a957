package io.bactrian.core.config;

import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An audit log of bounded length that is gone with the process. */
final class MemoryAuditLog implements AuditLog {

    private final int kept;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<AuditEntry> entries = new ArrayDeque<>();
    private long last;

    /** @param kept how many events are kept; older ones are dropped */
    MemoryAuditLog(int kept) {
        this.kept = kept;
    }

    @Override
    public void append(AuditEvent event) {
        appendAll(List.of(event));
    }

    @Override
    public void appendAll(List<AuditEvent> events) {
        locked(() -> {
            for (AuditEvent event : events) {
                last++;
                entries.addFirst(new AuditEntry(last, event));
                if (entries.size() > kept) {
                    entries.removeLast();
                }
            }
            return events;
        });
    }

    @Override
    public List<AuditEvent> latest(int most) {
        return locked(() ->
                entries.stream().limit(Math.max(0, most)).map(AuditEntry::event).toList());
    }

    @Override
    public PageOf<AuditEntry> find(@Nullable TenantId tenant, AuditQuery query) {
        List<AuditEntry> found = locked(() -> entries.stream()
                .filter(entry -> tenant == null || tenant.equals(entry.event().tenant()))
                .filter(query::wants)
                .limit(query.most() + 1L)
                .toList());
        return PageOf.of(found, query.most(), entry -> Long.toString(entry.id()));
    }

    @Override
    public int removeBefore(Instant before, int most) {
        return locked(() -> {
            int removed = 0;
            Iterator<AuditEntry> oldestFirst = entries.descendingIterator();
            while (removed < most && oldestFirst.hasNext()) {
                if (oldestFirst.next().event().at().isBefore(before)) {
                    oldestFirst.remove();
                    removed++;
                }
            }
            return removed;
        });
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
