package io.bactrian.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The process of one subject: takes commands on standard input, one a line, and answers each with a line of figures. It
 * stays alive from round to round, so that what is compiled stays compiled.
 */
final class Worker {

    private final Class<? extends Subject> kind;
    private final int port;
    private final int connections;
    private final Map<Scenario, Subject> subjects = new EnumMap<>(Scenario.class);

    private Worker(Class<? extends Subject> kind, int port, int connections) {
        this.kind = kind;
        this.port = port;
        this.connections = connections;
    }

    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        // nothing else may get between the answers
        System.setOut(System.err);
        Worker worker = new Worker(
                Class.forName(args[0]).asSubclass(Subject.class), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        answers.println("= ready=1");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            try {
                answers.println("= " + worker.run(line.split(" ")));
            } catch (Exception | LinkageError | AssertionError failed) {
                failed.printStackTrace();
                answers.println("! " + failed);
            }
        }
        System.exit(0);
    }

    private Figures run(String[] command) throws Exception {
        Scenario scenario = Scenario.of(command[1]);
        return switch (command[0]) {
            case "warm" -> warm(scenario, Long.parseLong(command[2]));
            case "ask" -> ask(scenario, Integer.parseInt(command[2]));
            case "stream" -> stream(scenario, Integer.parseInt(command[2]));
            case "cancel" -> cancel(scenario, Integer.parseInt(command[2]));
            case "profile" -> profile(scenario, Long.parseLong(command[2]), Path.of(command[3]));
            case "histogram" -> {
                int streams = Integer.parseInt(command[2]);
                Figures held = new Held(subject(scenario), scenario).run(streams, 20_000);
                Profile.ofHeap(kind.getSimpleName() + ", " + streams + " open streams", Path.of(command[3]), streams);
                yield held;
            }
            case "load" ->
                new Load(subject(scenario), scenario, Boolean.parseBoolean(command[4]))
                        .run(Integer.parseInt(command[2]), Long.parseLong(command[3]));
            case "hold" ->
                new Held(subject(scenario), scenario).run(Integer.parseInt(command[2]), Long.parseLong(command[3]));
            default -> throw new IllegalArgumentException(command[0]);
        };
    }

    private Subject subject(Scenario scenario) throws Exception {
        Subject known = subjects.get(scenario);
        if (known == null) {
            known = kind.getDeclaredConstructor().newInstance();
            known.open(new Subject.Setup(scenario, port, connections));
            subjects.put(scenario, known);
        }
        return known;
    }

    /** Calls for a time; what comes out is thrown away, but checked. */
    private Figures warm(Scenario scenario, long millis) throws Exception {
        Subject subject = subject(scenario);
        Answer answer = new Answer(scenario);
        Pieces pieces = new Pieces(scenario, () -> {});
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long calls = 0;
        while (System.nanoTime() < end) {
            call(subject, scenario, answer, pieces);
            calls++;
        }
        return new Figures().with("calls", calls);
    }

    private Figures profile(Scenario scenario, long millis, Path out) {
        String title = kind.getSimpleName() + ", " + scenario.text() + ", tenants in "
                + (Boolean.getBoolean("bench.store") ? "H2" : "memory");
        Profile.of(title, out, () -> {
            try {
                warm(scenario, millis);
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        return new Figures().with("profiled", 1);
    }

    private static void call(Subject subject, Scenario scenario, Answer answer, Pieces pieces) throws Exception {
        if (scenario.pieces() == 0) {
            subject.ask(answer);
        } else {
            pieces.begin();
            subject.stream(pieces);
            pieces.end();
        }
    }

    /** Whole answers, one after the other. */
    private Figures ask(Scenario scenario, int calls) throws Exception {
        Subject subject = subject(scenario);
        Answer answer = new Answer(scenario);
        long[] times = new long[calls];
        long[] outside = new long[calls];
        // the processor has forgotten this process since its last turn
        for (int i = 0; i < calls / 4 + 20; i++) {
            subject.ask(answer);
        }
        long before = answer.checked();
        long cpu = Meter.cpuNanos();
        long allocated = Meter.allocated();
        for (int i = 0; i < calls; i++) {
            long start = System.nanoTime();
            subject.ask(answer);
            times[i] = System.nanoTime() - start;
            outside[i] = times[i] - subject.upstreamNanos();
        }
        allocated = Meter.allocated() - allocated;
        cpu = Meter.cpuNanos() - cpu;
        if (answer.checked() - before != calls) {
            throw new IllegalStateException("a subject did not hand over every answer");
        }
        Figures figures = new Figures()
                .withTimes("wall", times)
                .with("cpu", cpu / 1e3 / calls)
                .with("bytes", (double) allocated / calls);
        return subject.upstreamNanos() < 0 ? figures : figures.withTimes("outside", outside);
    }

    /** Streamed answers, one after the other. */
    private Figures stream(Scenario scenario, int calls) throws Exception {
        Subject subject = subject(scenario);
        Pieces pieces = new Pieces(scenario, () -> {});
        long[] times = new long[calls];
        long[] first = new long[calls];
        for (int i = 0; i < calls / 4 + 3; i++) {
            call(subject, scenario, null, pieces);
        }
        long cpu = Meter.cpuNanos();
        long allocated = Meter.allocated();
        for (int i = 0; i < calls; i++) {
            pieces.begin();
            long start = System.nanoTime();
            subject.stream(pieces);
            times[i] = System.nanoTime() - start;
            first[i] = pieces.firstNanos() - start;
            pieces.end();
        }
        allocated = Meter.allocated() - allocated;
        cpu = Meter.cpuNanos() - cpu;
        return new Figures()
                .withTimes("wall", times)
                .withTimes("first", first)
                .with("cpu", cpu / 1e3 / calls)
                .with("bytes", (double) allocated / calls);
    }

    /** From the cut, by another thread while the reader waits for more, to the moment the mock sees the connection end. */
    private Figures cancel(Scenario scenario, int calls) throws Exception {
        Subject subject = subject(scenario);
        long[] times = new long[calls];
        for (int i = -3; i < calls; i++) {
            long took = cancelOnce(subject, scenario);
            if (took < 0) {
                return new Figures().with("cancelled", 0);
            }
            times[Math.max(0, i)] = took;
        }
        return new Figures().with("cancelled", 1).withTimes("cancel", times);
    }

    private long cancelOnce(Subject subject, Scenario scenario) throws Exception {
        long closedBefore = closedHolds()[0];
        CountDownLatch first = new CountDownLatch(1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Pieces pieces = new Pieces(scenario, first::countDown);
        pieces.begin();
        Thread reader = Threads.start(false, () -> {
            try {
                subject.stream(pieces);
            } catch (Throwable cut) {
                failure.set(cut);
            }
        });
        if (!first.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no first piece within 10 s", failure.get());
        }
        // lets the reader get back into its wait
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        AtomicLong cutAt = new AtomicLong(System.nanoTime());
        // by a thread of its own: there are clients whose cut waits for the reader, who waits for the server
        Threads.start(false, () -> {
            try {
                cutAt.set(System.nanoTime());
                pieces.cut();
            } catch (Exception failed) {
                failure.set(failed);
            }
        });
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (System.nanoTime() < limit) {
            long[] closed = closedHolds();
            if (closed[0] > closedBefore) {
                reader.join(2_000);
                // one clock for all processes of a machine: CLOCK_MONOTONIC
                return closed[1] - cutAt.get();
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(500));
        }
        return -1;
    }

    /** How many held streams the mock has seen end, and when the last one did. */
    private long[] closedHolds() throws IOException {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String line = in.readLine();
            while (line != null && !line.isEmpty()) {
                line = in.readLine();
            }
            String[] fields = in.readLine().split(" ");
            return new long[] {Long.parseLong(fields[3]), Long.parseLong(fields[4])};
        }
    }
}
