package io.bactrian.http;

import io.bactrian.core.invoke.AnswerStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The streams that are being written to clients. */
public final class OpenStreams {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fewer = lock.newCondition();
    private final Set<AnswerStream<?>> open = new HashSet<>();
    private volatile boolean closed;

    OpenStreams() {}

    void add(AnswerStream<?> stream) {
        lock.lock();
        try {
            open.add(stream);
        } finally {
            lock.unlock();
        }
    }

    void remove(AnswerStream<?> stream) {
        lock.lock();
        try {
            open.remove(stream);
            fewer.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many there are. */
    public int count() {
        lock.lock();
        try {
            return open.size();
        } finally {
            lock.unlock();
        }
    }

    /** Whether they have been ended. */
    boolean closed() {
        return closed;
    }

    /** Ends them all, and waits until their clients have been told. */
    void closeAll(Duration atMost) throws InterruptedException {
        closed = true;
        for (AnswerStream<?> stream : snapshot()) {
            stream.close();
        }
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (!open.isEmpty() && left > 0) {
                left = fewer.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private List<AnswerStream<?>> snapshot() {
        lock.lock();
        try {
            return List.copyOf(open);
        } finally {
            lock.unlock();
        }
    }
}
