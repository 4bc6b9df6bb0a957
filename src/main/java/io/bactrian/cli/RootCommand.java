package io.bactrian.cli;

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
        subcommands = {
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
            StoreCommands.class
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 refused or failed, 2 called wrong. Secrets are read from standard input or the",
            "environment, never from an argument. Data is kept in ./data, or in $BACTRIAN_HOME."
        })
final class RootCommand implements Runnable {

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

    @Override
    public void run() {
        spec.commandLine().usage(session.terminal().out());
    }
}
