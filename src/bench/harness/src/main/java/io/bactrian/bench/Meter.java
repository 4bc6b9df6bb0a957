package io.bactrian.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads what this process has used so far. */
final class Meter {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final Path TASKS = Path.of("/proc/self/task");

    private Meter() {}

    /** Bytes allocated by all threads; on JDK 17 by those that still live, which is why loops end after the reading. */
    static long allocated() {
        if (Runtime.version().feature() >= 21) {
            return total();
        }
        long sum = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }

    // since JDK 21
    private static long total() {
        try {
            return (long)
                    ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes").invoke(THREADS);
        } catch (ReflectiveOperationException none) {
            throw new IllegalStateException("this JVM does not count allocations", none);
        }
    }

    /**
     * CPU time of the process in nanoseconds, compiler and collector included. From the scheduler's own figures, since the
     * bean counts in steps of 10 ms; those of threads that are gone are missing.
     */
    static long cpuNanos() {
        if (!Files.isDirectory(TASKS)) {
            return SYSTEM.getProcessCpuTime();
        }
        long sum = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                sum += running(task.resolve("schedstat"));
            }
        } catch (IOException unreadable) {
            return SYSTEM.getProcessCpuTime();
        }
        return sum == 0 ? SYSTEM.getProcessCpuTime() : sum;
    }

    private static long running(Path schedstat) {
        try {
            String text = Files.readString(schedstat, StandardCharsets.US_ASCII);
            return Long.parseLong(text.substring(0, text.indexOf(' ')));
        } catch (IOException | RuntimeException ended) {
            return 0;
        }
    }

    /** Bytes on the heap after collections. */
    static long liveHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Resident kilobytes of the process. */
    static long residentKilobytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException none) {
            return 0;
        }
        return 0;
    }

    static int platformThreads() {
        return THREADS.getThreadCount();
    }
}
