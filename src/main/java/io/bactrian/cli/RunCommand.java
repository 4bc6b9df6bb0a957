package io.bactrian.cli;

import io.bactrian.http.Failures;
import io.bactrian.server.BactrianServer;
import io.bactrian.server.ServerOptions;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code bactrian run}. */
@Command(
        name = "run",
        description = {
            "Serves the routes in routes/*.yaml until it is told to stop (Ctrl-C, SIGTERM); then no new requests are",
            "taken, and open streams may go on for a while."
        })
final class RunCommand implements Callable<Integer> {

    private static final int MOST = 65_535;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RootCommand root;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "The port of the routes, on 127.0.0.1; by default ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--management-port",
            paramLabel = "PORT",
            defaultValue = "9876",
            description = "The port of /health and /metrics, on 127.0.0.1; by default ${DEFAULT-VALUE}; -1 for none.")
    private int managementPort;

    @Option(names = "--dev", description = "Uses Camel's profile for development, with its console at /q/dev.")
    private boolean dev;

    @Override
    public Integer call() throws Exception {
        if (port < 0 || port > MOST || managementPort < -1 || managementPort > MOST) {
            throw new ParameterException(spec.commandLine(), "a port is a number from 0 to " + MOST);
        }
        BactrianServer server =
                new BactrianServer(new ServerOptions(root.session.home(), port, managementPort, dev, Map.of()));
        try {
            return server.run(() -> greet(server));
        } catch (Exception e) {
            // out of whatever Camel has wrapped it in
            throw Failures.ours(e).map(known -> (Exception) known).orElse(e);
        }
    }

    private void greet(BactrianServer server) {
        String base = "http://127.0.0.1:" + server.port();
        int management = server.managementPort();
        root.session.print("Bactrian serves routes/*.yaml at " + base
                + (management == 0 ? "" : ", /health and /metrics at http://127.0.0.1:" + management));
        root.session.print("try: curl '" + base + "/search?q=how+do+I+add+a+tenant'");
    }
}
