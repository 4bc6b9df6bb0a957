package io.bactrian.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process that answers commands with lines; ended with its driver, and cut off when it takes too long. */
final class WorkerProcess implements AutoCloseable {

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter commands;
    private final ExecutorService reading = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "answers");
        thread.setDaemon(true);
        return thread;
    });

    private WorkerProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        this.commands =
                new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII));
    }

    /** @param log takes what the process prints to its error stream */
    static WorkerProcess start(String name, List<String> command, File log) {
        try {
            WorkerProcess worker = new WorkerProcess(
                    name,
                    new ProcessBuilder(new ArrayList<>(command))
                            .redirectError(ProcessBuilder.Redirect.appendTo(log))
                            .start());
            Runtime.getRuntime().addShutdownHook(new Thread(worker.process::destroyForcibly));
            return worker;
        } catch (IOException failed) {
            throw new UncheckedIOException(name + " did not start", failed);
        }
    }

    /** The next line that the process prints. */
    String line(long seconds) {
        try {
            String line = reading.submit(answers::readLine).get(seconds, TimeUnit.SECONDS);
            if (line == null) {
                throw new IllegalStateException(name + " has ended");
            }
            return line;
        } catch (TimeoutException late) {
            process.destroyForcibly();
            throw new IllegalStateException(name + " gave no answer within " + seconds + " s", late);
        } catch (InterruptedException | java.util.concurrent.ExecutionException failed) {
            process.destroyForcibly();
            throw new IllegalStateException(name + " gave no answer", failed);
        }
    }

    /** Waits for the first line. */
    WorkerProcess ready() {
        figures(line(60));
        return this;
    }

    /** Sends a command and waits for its figures. */
    Figures ask(String command, long seconds) {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException gone) {
            throw new UncheckedIOException(name + " has ended", gone);
        }
        return figures(line(seconds));
    }

    private Figures figures(String line) {
        if (!line.startsWith("= ")) {
            throw new IllegalStateException(name + ": " + line);
        }
        return Figures.parse(line.substring(2));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        reading.shutdownNow();
    }
}
