package io.bactrian.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code bactrian}: what all commands share. */
@Command(
        name = "bactrian",
        description = "AI models as Apache Camel endpoints, for many tenants.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit codes: 0 done, 1 refused or failed, 2 called wrong. Secrets are read from standard input or the",
            "environment, never from an argument. Data is kept in ./data, or in $BACTRIAN_HOME."
        })
final class RootCommand implements Runnable {

    private static final List<Class<?>> COMMANDS = List.of(
            RunCommand.class,
            TenantCommands.class,
            MemberCommands.class,
            ApiKeyCommands.class,
            ProviderCommands.class,
            CredentialCommands.class,
            ModelCommands.class,
            ToolCommands.class,
            ApprovalCommands.class,
            FileCommands.class,
            UsageCommand.class,
            QuotaCommands.class,
            LimitCommands.class,
            AuditCommands.class,
            KeyCommands.class,
            StoreCommands.class);

    final Session session;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Shows this.")
    boolean help;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Prints the result as JSON.")
    boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RootCommand(Session session) {
        this.session = session;
    }

    /**
     * The commands among which these arguments choose: all of them, or the one that the first argument names. To read what all of
     * them declare takes longer than most of them run.
     */
    static List<Class<?>> commands(String... arguments) {
        return COMMANDS.stream()
                .filter(each -> arguments.length > 0 && name(each).equals(arguments[0]))
                .findFirst()
                .<List<Class<?>>>map(List::of)
                .orElse(COMMANDS);
    }

    static String name(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    @Override
    public void run() {
        spec.commandLine().usage(session.terminal().out());
    }
}
