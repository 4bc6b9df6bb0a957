package io.bactrian.support;

import io.bactrian.core.invoke.AnswerStream;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.camel.Exchange;

/**
 * Whether the answer of an exchange is wanted still. Whoever made the exchange says when it is not, such as a server whose client
 * has left: what works for the answer is stopped then. Thread-safe.
 */
public final class AnswerWanted {

    /** Exchange property, in: an instance of this, of whoever waits. */
    public static final String PROPERTY = "BactrianAnswerWanted";

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<AnswerStream<?>> works = new HashSet<>();
    private boolean over;

    /** Says that nobody waits for the answer any more. */
    public void noMore() {
        Set<AnswerStream<?>> stopped;
        lock.lock();
        try {
            over = true;
            stopped = Set.copyOf(works);
            works.clear();
        } finally {
            lock.unlock();
        }
        stopped.forEach(AnswerStream::close);
    }

    /**
     * Does work that is closed as soon as its answer is not wanted any more.
     *
     * @param exchange whose answer it is
     * @param work what is closed
     * @param doing the work
     */
    public static <T> T whileWanted(Exchange exchange, AnswerStream<?> work, Supplier<T> doing) {
        AnswerWanted wanted = exchange.getProperty(PROPERTY, AnswerWanted.class);
        if (wanted == null) {
            return doing.get();
        }
        wanted.begin(work);
        try {
            return doing.get();
        } finally {
            wanted.end(work);
        }
    }

    private void begin(AnswerStream<?> work) {
        lock.lock();
        try {
            if (!over) {
                works.add(work);
                return;
            }
        } finally {
            lock.unlock();
        }
        work.close();
    }

    private void end(AnswerStream<?> work) {
        lock.lock();
        try {
            works.remove(work);
        } finally {
            lock.unlock();
        }
    }
}
