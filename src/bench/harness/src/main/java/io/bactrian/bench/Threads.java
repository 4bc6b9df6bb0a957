package io.bactrian.bench;

import java.lang.reflect.Method;

/** Starts threads of both kinds; virtual ones by reflection, since the code runs on JDK 17 too. */
final class Threads {

    private Threads() {}

    /** Whether this JVM has virtual threads. */
    static boolean virtualPossible() {
        return Runtime.version().feature() >= 21;
    }

    static Thread start(boolean virtual, Runnable work) {
        if (virtual) {
            try {
                Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
                return (Thread) start.invoke(null, work);
            } catch (ReflectiveOperationException none) {
                throw new IllegalStateException("no virtual threads on Java " + Runtime.version(), none);
            }
        }
        Thread thread = new Thread(null, work, "bench", 256 * 1024);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
