package io.bactrian.model.local;

import ai.djl.util.Ec2Utils;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.model.ModelDialect;
import io.bactrian.core.tenant.Deadline;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The program of a child JVM: asks the local model for the first time and prints what it saw as {@code name=value}. */
public final class Probe {

    static final String TEXT = "A camel stores fat in its humps";

    private Probe() {}

    /** First argument: what to do; second: the data folder. */
    public static void main(String[] arguments) {
        try {
            Path data = Path.of(arguments[1]);
            switch (arguments[0]) {
                case "ask" -> ask(data);
                case "ask-and-watch-sockets" -> askAndWatchSockets(data);
                case "ask-and-watch-kernel" -> askAndWatchKernel(data);
                case "ask-from-32-threads" -> askFromManyThreads(data);
                case "exit-while-asking" -> exitWhileAsking(data);
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        } catch (InvokeException e) {
            print("refused", e.code().text());
            print("message", e.getMessage());
        } catch (Exception | Error e) {
            e.printStackTrace();
            System.exit(3);
        }
        System.exit(0);
    }

    private static void ask(Path data) {
        Properties before = (Properties) System.getProperties().clone();
        // as on a thread of a container that knows nothing of this class path
        Thread.currentThread().setContextClassLoader(null);
        print("vector", vector(new LocalDialect(Calls.environment(data))));
        print("properties", changedSince(before));
        print("loader", String.valueOf(Thread.currentThread().getContextClassLoader()));
    }

    private static String changedSince(Properties before) {
        Set<String> names = new TreeSet<>(System.getProperties().stringPropertyNames());
        names.addAll(before.stringPropertyNames());
        names.removeIf(name -> Objects.equals(before.getProperty(name), System.getProperty(name)));
        // what JNA notes for itself
        names.removeAll(Set.of("jna.loaded", "jna.platform.library.path", "jnidispatch.path"));
        return names.toString();
    }

    private static void askAndWatchSockets(Path data) throws IOException {
        ConnectionRecorder.install();
        ask(data);
        print("attempts", ConnectionRecorder.ATTEMPTS.toString());
        // the very call that must not have been made, to show that it would have been seen
        Ec2Utils.callHome("probe");
        print("control", String.valueOf(ConnectionRecorder.ATTEMPTS.size()));
    }

    private static void askAndWatchKernel(Path data) throws IOException {
        long before = unroutable();
        ask(data);
        print("attempts", String.valueOf(unroutable() - before));
        try (Socket socket = new Socket("169.254.169.254", 80)) {
            print("connected", socket.toString());
        } catch (IOException expected) {
            print("control", String.valueOf(unroutable() - before));
        }
    }

    /** Packets that the kernel could not route, in a network namespace that has no route at all: every attempt. */
    private static long unroutable() throws IOException {
        long count = 0;
        List<String> lines = Files.readAllLines(Path.of("/proc/self/net/snmp"));
        List<String> ip = lines.stream().filter(line -> line.startsWith("Ip:")).toList();
        int column = Arrays.asList(ip.get(0).split(" ")).indexOf("OutNoRoutes");
        count += Long.parseLong(ip.get(1).split(" ")[column]);
        Path six = Path.of("/proc/self/net/snmp6");
        if (Files.exists(six)) {
            count += Files.readAllLines(six).stream()
                    .filter(line -> line.startsWith("Ip6OutNoRoutes"))
                    .mapToLong(line ->
                            Long.parseLong(line.replaceAll("\\D+6?", " ").trim()))
                    .sum();
        }
        return count;
    }

    private static void askFromManyThreads(Path data) throws Exception {
        int threads = 32;
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        Callable<MiniLm> first = () -> {
            ModelDialect own = Calls.dialect(data);
            start.await();
            vector(own);
            return SharedModel.get(() -> data, Deadline.in(Duration.ofMinutes(1)));
        };
        List<Future<MiniLm>> asked =
                Collections.nCopies(threads, first).stream().map(pool::submit).toList();
        start.countDown();
        Set<MiniLm> models = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Future<MiniLm> each : asked) {
            models.add(each.get());
        }
        print("models", String.valueOf(models.size()));
        pool.shutdown();
        Set<String> strays = new HashSet<>();
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon() && thread != Thread.currentThread())
                .filter(thread -> !thread.getName().startsWith("pool-1-"))
                .forEach(thread -> strays.add(thread.getName()));
        print("strays", strays.toString());
    }

    private static void exitWhileAsking(Path data) {
        ModelDialect dialect = Calls.dialect(data);
        vector(dialect);
        CountDownLatch busy = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            Thread worker = new Thread(() -> {
                while (true) {
                    vector(dialect);
                    busy.countDown();
                }
            });
            worker.setDaemon(true);
            worker.start();
        }
        try {
            busy.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        print("busy", "yes");
    }

    private static String vector(ModelDialect dialect) {
        float[] vector = Calls.embed(dialect, TEXT).embeddings().get(0);
        return vector.length + ":" + Math.round(vector[0] * 1000) + ":" + Math.round(vector[383] * 1000);
    }

    private static void print(String name, String value) {
        System.out.println(name + '=' + value);
    }
}
