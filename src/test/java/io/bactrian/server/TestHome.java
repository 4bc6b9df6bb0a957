package io.bactrian.server;

import io.bactrian.cli.CommandLineTool;
import io.bactrian.cli.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** An installation in a temporary folder, with this repository's routes and catalogue. */
public final class TestHome {

    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    private final Home home;
    private final Map<String, String> environment = new HashMap<>();

    public TestHome(Path folder, String... properties) throws IOException {
        home = new Home(folder, folder.resolve("data"));
        copy("routes");
        copy("config/providers");
        copy("kamelets");
        Files.writeString(home.config().resolve("application.properties"), String.join("\n", properties));
    }

    private void copy(String name) throws IOException {
        Path from = REPOSITORY.resolve(name);
        Path to = home.root().resolve(name);
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    public Home home() {
        return home;
    }

    public TestHome variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** A server on free ports. */
    public BactrianServer server(boolean dev) {
        return new BactrianServer(new ServerOptions(home, 0, 0, dev, Map.of()));
    }

    /** A server on these ports. */
    BactrianServer server(int port, int managementPort) {
        return new BactrianServer(new ServerOptions(home, port, managementPort, false, Map.of()));
    }

    /** What a command left behind. */
    public record Ran(int code, String out, String err) {}

    /** Runs a command as the operator would, with these lines on standard input. */
    public Ran command(List<String> input, String... arguments) {
        Deque<String> lines = new ArrayDeque<>(input);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal() {
            private final PrintWriter outWriter = new PrintWriter(out, true);
            private final PrintWriter errWriter = new PrintWriter(err, true);

            @Override
            public PrintWriter out() {
                return outWriter;
            }

            @Override
            public PrintWriter err() {
                return errWriter;
            }

            @Override
            public boolean interactive() {
                return false;
            }

            @Override
            public String askSecret(String prompt) {
                throw new UncheckedIOException(new IOException("nobody is there"));
            }

            @Override
            public Optional<String> readLine() {
                return Optional.ofNullable(lines.poll());
            }
        };
        int code = new CommandLineTool(home, terminal, environment::get).run(arguments);
        return new Ran(code, out.toString(), err.toString());
    }

    public Ran command(String... arguments) {
        return command(List.of(), arguments);
    }

    /** Runs a command that has to succeed, and gives what it printed. */
    public String done(List<String> input, String... arguments) {
        Ran ran = command(input, arguments);
        if (ran.code() != 0) {
            throw new AssertionError(String.join(" ", arguments) + " ended with " + ran.code() + ": " + ran.err());
        }
        return ran.out().strip();
    }

    public String done(String... arguments) {
        return done(List.of(), arguments);
    }
}
