package io.bactrian.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import javax.management.JMException;
import javax.management.ObjectName;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Where a subject spends time and memory, from Java Flight Recorder: methods by their share. */
final class Profile {

    private static final int LINES = 30;
    private static final int DEPTH = 128;

    private final Map<String, Long> allocatedBy = new HashMap<>();
    private final Map<String, Long> allocatedIn = new HashMap<>();
    private final Map<String, Long> timeBy = new HashMap<>();
    private final Map<String, Long> timeIn = new HashMap<>();

    /** Records while the work is done, and appends what was found to a file. */
    static void of(String title, Path out, Runnable work) {
        try (Recording recording = new Recording()) {
            recording
                    .enable("jdk.ObjectAllocationSample")
                    .with("throttle", "20000/s")
                    .withStackTrace();
            recording
                    .enable("jdk.ExecutionSample")
                    .withPeriod(Duration.ofMillis(5))
                    .withStackTrace();
            recording.start();
            work.run();
            recording.stop();
            Path file = Files.createTempFile("bench", ".jfr");
            recording.dump(file);
            Profile profile = new Profile();
            try (RecordingFile events = new RecordingFile(file)) {
                while (events.hasMoreEvents()) {
                    profile.add(events.readEvent());
                }
            }
            Files.delete(file);
            Files.writeString(out, profile.text(title), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Appends what lives on the heap, class by class, to a file: in bytes for each of so many streams. */
    static void ofHeap(String title, Path out, int streams) {
        try {
            String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
            StringBuilder text = new StringBuilder("# " + title + "\n\n## bytes a stream, by class\n");
            histogram
                    .lines()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(fields -> fields.length >= 4 && fields[0].matches("\\d+:"))
                    .limit(LINES)
                    .forEach(fields -> text.append(String.format(
                            java.util.Locale.ROOT,
                            "%8.0f  %5.2f ×  %s%n",
                            Double.parseDouble(fields[2]) / streams,
                            Double.parseDouble(fields[1]) / streams,
                            fields[3])));
            Files.writeString(out, text.append('\n'), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (JMException failed) {
            throw new IllegalStateException("this JVM gives no histogram", failed);
        }
    }

    private void add(RecordedEvent event) {
        if (event.getStackTrace() == null) {
            return;
        }
        List<RecordedFrame> frames = event.getStackTrace().getFrames();
        if (frames.stream().limit(DEPTH).noneMatch(frame -> method(frame).startsWith("io.bactrian.bench.Worker"))) {
            return;
        }
        boolean allocation = event.getEventType().getName().equals("jdk.ObjectAllocationSample");
        long weight = allocation ? event.getLong("weight") : 1;
        String kind = allocation ? event.getClass("objectClass").getName() + " in " : "";
        first(frames, name -> true)
                .ifPresent(name -> (allocation ? allocatedIn : timeIn).merge(kind + name, weight, Long::sum));
        first(frames, name -> name.startsWith("io.bactrian.") && !name.startsWith("io.bactrian.bench."))
                .ifPresent(name -> (allocation ? allocatedBy : timeBy).merge(name, weight, Long::sum));
    }

    private static Optional<String> first(List<RecordedFrame> frames, Predicate<String> wanted) {
        return frames.stream().map(Profile::method).filter(wanted).findFirst();
    }

    private static String method(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    private String text(String title) {
        return "# " + title + "\n\n"
                + table("bytes, by the innermost method of ours", allocatedBy)
                + table("bytes, by class and method", allocatedIn)
                + table("time, by the innermost method of ours", timeBy)
                + table("time, by method", timeIn);
    }

    private static String table(String title, Map<String, Long> weights) {
        double all = weights.values().stream().mapToLong(Long::longValue).sum();
        StringBuilder text = new StringBuilder("## " + title + "\n");
        weights.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(LINES)
                .forEach(entry -> text.append(String.format(
                        java.util.Locale.ROOT, "%5.1f %%  %s%n", entry.getValue() * 100 / all, entry.getKey())));
        return text.append('\n').toString();
    }
}
