package io.bactrian.cli;

import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only has commands: called alone, it says which. */
abstract class CommandGroup implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public final void run() {
        throw new ParameterException(
                spec.commandLine(),
                "one of " + String.join(", ", spec.subcommands().keySet()) + " is missing");
    }

    /** An error in how the command was called. */
    final ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Says what has been done to something. */
    static int done(RootCommand root, String kind, Object id, String what) {
        if (root.json) {
            root.session.printJson(Map.of(kind, id.toString(), "done", what));
        } else {
            root.session.print(kind + " '" + id + "' " + what);
        }
        return CommandLineTool.DONE;
    }
}
