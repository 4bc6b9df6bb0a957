package io.bactrian.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The parts of a run, one after the other. */
final class Sections {

    private static final List<Peer> ASKED = List.of(
            Peer.RAW,
            Peer.HC5,
            Peer.OKHTTP,
            Peer.JDK,
            Peer.OPENAI,
            Peer.LANGCHAIN4J,
            Peer.CAMEL,
            Peer.OURS,
            Peer.STORED,
            Peer.INSIDE);
    private static final List<Peer> LOADED =
            List.of(Peer.RAW, Peer.HC5, Peer.OKHTTP, Peer.JDK, Peer.OPENAI, Peer.LANGCHAIN4J, Peer.CAMEL, Peer.OURS);
    private static final List<Peer> STREAMED =
            List.of(Peer.RAW, Peer.HC5, Peer.OKHTTP, Peer.JDK, Peer.OPENAI, Peer.LANGCHAIN4J, Peer.OURS);
    private static final List<Scenario> STREAMS =
            List.of(Scenario.BURST100, Scenario.BURST1000, Scenario.FLUSH100, Scenario.FLUSH1000, Scenario.FIRST);
    private static final List<Peer> HELD = List.of(Peer.RAW, Peer.HC5, Peer.OPENAI, Peer.LANGCHAIN4J, Peer.OURS);
    private static final long SECONDS = 60;
    private static final int CONNECTIONS = 1_100;

    private final Jvms jvms;
    private final Effort effort;
    private final File log;
    private final Consumer<String> progress;

    Sections(Jvms jvms, Effort effort, File log, Consumer<String> progress) {
        this.jvms = jvms;
        this.effort = effort;
        this.log = log;
        this.progress = progress;
    }

    /** The mock while something is measured. */
    private final class Mock implements AutoCloseable {

        private final WorkerProcess process;
        private final int port;

        Mock(boolean virtual) {
            process = WorkerProcess.start("mock", jvms.mock(virtual), log);
            port = Integer.parseInt(process.line(SECONDS).substring("port ".length()));
        }

        /** Requests, their bytes, and how many were refused. */
        long[] statistics() {
            try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                while (!in.readLine().isEmpty()) {
                    // the head says nothing
                }
                return Arrays.stream(in.readLine().split(" "))
                        .mapToLong(Long::parseLong)
                        .toArray();
            } catch (IOException gone) {
                throw new UncheckedIOException("the mock is gone", gone);
            }
        }

        @Override
        public void close() {
            process.close();
        }
    }

    private WorkerProcess worker(int version, Peer peer, Mock mock, int connections) {
        return WorkerProcess.start(peer.id(), jvms.worker(version, peer, mock.port, connections), log)
                .ready();
    }

    private Map<String, WorkerProcess> workers(int version, List<Peer> peers, Mock mock) {
        Map<String, WorkerProcess> workers = new LinkedHashMap<>();
        peers.forEach(peer -> workers.put(peer.id(), worker(version, peer, mock, CONNECTIONS)));
        return workers;
    }

    private void warm(Map<String, WorkerProcess> workers, Scenario scenario, long millis) {
        progress.accept("warming up for " + scenario.text() + ": " + String.join(", ", workers.keySet()));
        workers.values().forEach(worker -> worker.ask("warm " + scenario.text() + " " + millis, SECONDS));
    }

    private Rounds rounds(Map<String, WorkerProcess> workers, String command) {
        progress.accept(effort.rounds() + " rounds of: " + command);
        return Rounds.run(effort.rounds(), workers, command, SECONDS);
    }

    /** (a) Whole answers, one caller. */
    void asks(int version, Results results) {
        progress.accept("(a) one caller, JDK " + version);
        try (Mock mock = new Mock(false)) {
            Map<String, WorkerProcess> workers = workers(version, ASKED, mock);
            try {
                Map<Scenario, Rounds> asks = new TreeMap<>();
                for (Scenario scenario : List.of(Scenario.SMALL, Scenario.LARGE)) {
                    warm(workers, scenario, effort.warmMillis());
                    asks.put(scenario, rounds(workers, "ask " + scenario.text() + " " + effort.asks()));
                }
                results.asks.put(version, asks);
                workers.forEach((id, worker) -> results.requestBytes.putIfAbsent(id, requestBytes(mock, worker)));
                if (mock.statistics()[2] > 0) {
                    throw new IllegalStateException("the mock has refused requests without question or key");
                }
            } finally {
                workers.values().forEach(WorkerProcess::close);
            }
        }
    }

    private static double requestBytes(Mock mock, WorkerProcess worker) {
        long[] before = mock.statistics();
        worker.ask("ask small 10", SECONDS);
        long[] after = mock.statistics();
        return (double) (after[1] - before[1]) / (after[0] - before[0]);
    }

    /** (a2) Whole answers with ever more tenants. */
    void tenants(Results results) {
        progress.accept("(a2) more tenants");
        try (Mock mock = new Mock(false)) {
            List<Peer> peers =
                    Arrays.stream(effort.tenants()).mapToObj(Peer::withTenants).toList();
            Map<String, WorkerProcess> workers = workers(jvms.newest(), peers, mock);
            try {
                warm(workers, Scenario.SMALL, effort.warmMillis());
                results.tenants = Optional.of(rounds(workers, "ask small " + effort.asks()));
            } finally {
                workers.values().forEach(WorkerProcess::close);
            }
        }
    }

    /** (b) Many callers. */
    void loads(Results results) {
        progress.accept("(b) many callers");
        try (Mock mock = new Mock(false)) {
            Map<String, WorkerProcess> workers = workers(jvms.newest(), LOADED, mock);
            try {
                warm(workers, Scenario.SMALL, effort.warmMillis());
                loads(results, workers, Scenario.SMALL, effort.loads());
                loads(results, workers, Scenario.DELAYED, effort.delayedLoads());
            } finally {
                workers.values().forEach(WorkerProcess::close);
            }
        }
    }

    private void loads(Results results, Map<String, WorkerProcess> workers, Scenario scenario, int[] callers) {
        for (int number : callers) {
            progress.accept(number + " callers, " + scenario.text());
            workers.forEach((id, worker) -> results.loads.add(new Results.LoadRow(
                    id,
                    scenario,
                    number,
                    attempt(
                            id,
                            () -> worker.ask(
                                    "load " + scenario.text() + " " + number + " " + effort.loadMillis() + " true",
                                    SECONDS)))));
        }
    }

    /** What others do not get through is told, not hidden, and ends nothing. */
    private Optional<Figures> attempt(String id, Supplier<Figures> work) {
        try {
            return Optional.of(work.get());
        } catch (IllegalStateException | UncheckedIOException failed) {
            progress.accept(id + " failed: " + failed.getMessage());
            return Optional.empty();
        }
    }

    /** (c) Streams, one caller. */
    void streams(Results results) {
        progress.accept("(c) streams");
        try (Mock mock = new Mock(false)) {
            Map<String, WorkerProcess> workers = workers(jvms.newest(), STREAMED, mock);
            try {
                for (Scenario scenario : STREAMS) {
                    // the longer streams are warm by the shorter ones
                    boolean longer = scenario.pieces() == 1_000;
                    warm(workers, scenario, longer ? effort.warmMillis() / 4 : effort.warmMillis() / 2);
                    int streams = longer ? Math.max(2, effort.streams() / 5) : effort.streams();
                    results.streams.put(scenario, rounds(workers, "stream " + scenario.text() + " " + streams));
                }
                progress.accept(effort.cancels() + " streams cut");
                workers.forEach(
                        (id, worker) -> attempt(id, () -> worker.ask("cancel hold " + effort.cancels(), SECONDS))
                                .ifPresent(figures -> results.cancels.put(id, figures)));
            } finally {
                workers.values().forEach(WorkerProcess::close);
            }
        }
    }

    /** (d) Streams held open, each subject and number in a new process, on virtual threads. */
    void held(Results results) {
        if (jvms.newest() < 21) {
            progress.accept("(d) left out: no JDK with virtual threads");
            return;
        }
        for (int streams : effort.held()) {
            for (Peer peer : HELD) {
                if (peer == Peer.LANGCHAIN4J && streams > 1_000) {
                    // a platform thread for each stream
                    continue;
                }
                progress.accept("(d) " + streams + " streams of " + peer.id());
                try (Mock mock = new Mock(true);
                        WorkerProcess worker = worker(jvms.newest(), peer, mock, streams + 200)) {
                    // as in a process that has served for a while: frames of compiled code are a fraction of the others
                    attempt(
                            peer.id(),
                            () -> worker.ask("warm " + Scenario.BURST100.text() + " " + effort.warmMillis(), SECONDS));
                    Optional<Figures> figures =
                            attempt(peer.id(), () -> worker.ask("hold hold " + streams + " 20000", SECONDS));
                    results.held.add(new Results.HeldRow(
                            peer.id(), streams, figures.filter(found -> found.get("opened") == streams)));
                }
            }
        }
    }

    /** The parts one by one, by JMH. */
    void micro(Results results) {
        progress.accept("JMH: forks, warm-up rounds, measured rounds, milliseconds: " + String.join(" ", effort.jmh()));
        Process process;
        try {
            process = new ProcessBuilder(jvms.micro(List.of(effort.jmh())))
                    .redirectError(ProcessBuilder.Redirect.appendTo(log))
                    .start();
            List<String> lines = new ArrayList<>();
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                out.lines().filter(line -> line.startsWith("J ")).forEach(lines::add);
            }
            if (process.waitFor() != 0) {
                throw new IllegalStateException("JMH failed: see " + log);
            }
            for (String line : lines) {
                String[] fields = line.split(" ", 4);
                results.micro.add(new Results.MicroRow(fields[1], fields[2], Figures.parse(fields[3])));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where time and memory go in ours; for work on the product, not for a table. */
    void profile(Path out) {
        try (Mock mock = new Mock(false);
                WorkerProcess worker = worker(jvms.newest(), Peer.OURS, mock, CONNECTIONS);
                WorkerProcess stored = worker(jvms.newest(), Peer.STORED, mock, CONNECTIONS)) {
            for (Scenario scenario : List.of(Scenario.SMALL, Scenario.BURST1000)) {
                progress.accept("profile of " + scenario.text());
                worker.ask("warm " + scenario.text() + " " + effort.warmMillis(), SECONDS);
                worker.ask("profile " + scenario.text() + " 8000 " + out, SECONDS);
            }
            progress.accept("profile with tenants in H2");
            stored.ask("warm small " + effort.warmMillis(), SECONDS);
            stored.ask("profile small 8000 " + out, SECONDS);
        }
        progress.accept("heap of open streams");
        try (Mock mock = new Mock(true);
                WorkerProcess worker = worker(jvms.newest(), Peer.OURS, mock, 2_200)) {
            worker.ask("histogram hold 2000 " + out, SECONDS);
        }
    }
}
