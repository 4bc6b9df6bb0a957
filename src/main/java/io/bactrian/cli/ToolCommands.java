package io.bactrian.cli;

import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolCallback;
import io.bactrian.core.tool.ToolErrors;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.tool.ToolRequest;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.engine.Installation;
import io.bactrian.server.ToolAuthorizations;
import io.bactrian.tool.oauth.OAuthAnswer;
import io.bactrian.tool.oauth.ToolAuthorization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code bactrian tool}. */
@Command(
        name = "tool",
        description = "Tools: which there are, what they take, what opens them, and calling one.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ToolCredentialCommands.class, OAuthClientCommands.class})
final class ToolCommands extends CommandGroup {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MOST_LINES = 100_000;

    /** A command runs no routes, and makes no beans. */
    private static final String NOT_HERE =
            "tools that are routes (tool-workflow:) or beans are known to the server that runs them,"
                    + " and to no command";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RootCommand root;

    RootCommand root() {
        return root;
    }

    @Command(
            name = "list",
            description = {
                "Lists the tools that a tenant can call; with --json, what each of them takes.",
                "Those that are routes or beans are known to the server that runs them, and not listed."
            })
    int list(
            @Option(names = "--provider", paramLabel = "PROVIDER", description = "Only this provider's.") @Nullable
                    String provider,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            var tools = installation.toolManager().tools(option.in(installation)).stream()
                    .filter(tool ->
                            provider == null || tool.address().provider().equals(provider))
                    .toList();
            if (root.json) {
                root.session.printJson(tools.stream().map(ToolReport::json).toList());
                return CommandLineTool.DONE;
            }
            Table table = new Table("tool", "parameters", "description");
            tools.forEach(tool -> table.row(tool.address(), ToolReport.parameters(tool), ToolReport.summary(tool)));
            int code = table.print(root.session, false);
            root.session.terminal().err().println("Not listed: " + NOT_HERE + ".");
            return code;
        });
    }

    @Command(name = "show", description = "Shows all of a tool: what it is for, what it takes and what it needs.")
    int show(
            @Parameters(paramLabel = "NAME", description = "Its name, PROVIDER/NAME, or a whole address.") String name,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            Tool tool = known(() -> installation
                    .toolManager()
                    .get(tenant, installation.toolManager().named(tenant, name)));
            if (root.json) {
                root.session.printJson(ToolReport.json(tool));
            } else {
                ToolReport.print(tool, root.session, installation.json());
            }
            return CommandLineTool.DONE;
        });
    }

    @Command(
            name = "call",
            description = {
                "Calls a tool, as a route would.",
                "  ./bactrian tool call current_time --arguments '{\"timezone\":\"Europe/Berlin\"}'"
            })
    int call(
            @Parameters(paramLabel = "NAME", description = "Its name, PROVIDER/NAME, or a whole address.") String name,
            @Option(
                            names = "--arguments",
                            paramLabel = "JSON",
                            defaultValue = "{}",
                            description = "Its arguments, a JSON object; - reads them from standard input.")
                    String arguments,
            @Option(names = "--credential", paramLabel = "NAME", description = "The credential to use.") @Nullable
                    CredentialName credential,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            JsonObject given = object(installation, "-".equals(arguments) ? standardInput() : arguments);
            CallerClaim claim = CallerClaim.ofTenant(
                    tenant, InvokeSource.CLI, new RequestId("cli-" + UUID.randomUUID()), Deadline.in(PATIENCE));
            ToolResult result = known(() -> installation
                    .toolEngine()
                    .workflowInvoke(
                            Invocation.of(
                                    claim,
                                    new InvocationTarget.NamedTool(name, credential),
                                    ToolRequest.ofRoute(given)),
                            ToolCallback.NONE));
            if (root.json) {
                root.session.printJson(ToolReport.json(result));
            } else {
                ToolReport.print(result, root.session, installation.json());
            }
            return CommandLineTool.DONE;
        });
    }

    @Command(
            name = "authorize",
            description = {
                "Prints the URL at which a person says yes to a provider that is opened by OAuth 2, within five minutes.",
                "They come back to /oauth/callback of a server of this installation, which stores the tokens; where none can",
                "be reached, give the URL that they were sent back to as --answer."
            })
    int authorize(
            @Parameters(paramLabel = "PROVIDER", description = "The provider: NAME, or KIND/NAME.")
                    ToolProviderName provider,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            description = "The credential's name, whose tokens are replaced; by default 'AUTH n'.")
                    @Nullable
                    CredentialName name,
            @Option(
                            names = "--only-for",
                            paramLabel = "USER",
                            description = "The one user whose calls may use it; without it, all of the tenant.")
                    @Nullable
                    UserId onlyFor,
            @Option(
                            names = "--redirect-uri",
                            paramLabel = "URL",
                            description = "Where they come back to, as the provider knows it; by default "
                                    + ToolAuthorizations.REDIRECT_URI + ".")
                    @Nullable
                    String redirectUri,
            @Option(
                            names = "--answer",
                            paramLabel = "URL",
                            description = "Finishes: the URL that they were sent back to.")
                    @Nullable
                    String answer,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            ToolAuthorization authorization = ToolAuthorizations.of(installation);
            if (answer != null) {
                OAuthAnswer given = OAuthAnswer.parse(answer.substring(answer.indexOf('?') + 1));
                ToolAuthorization.Authorized authorized = authorization.finish(given, Deadline.in(PATIENCE));
                return done(
                        root,
                        "credential",
                        authorized.credential(),
                        "holds the tokens of " + authorized.provider() + " for tenant '" + authorized.tenant() + "'");
            }
            String back = redirectUri == null ? ToolAuthorizations.redirectUri(installation) : redirectUri;
            String url = authorization.begin(
                    Session.OPERATOR, tenant, provider, new ToolAuthorization.Request(back, name, onlyFor));
            if (root.json) {
                root.session.printJson(Map.of("url", url, "redirect_uri", back));
            } else {
                root.session.print(url);
                root.session
                        .terminal()
                        .err()
                        .println("Open it within five minutes. The provider sends back to " + back);
            }
            return CommandLineTool.DONE;
        });
    }

    /** Says of a tool that is not found where else it may be. */
    private static <T> T known(Supplier<T> work) {
        try {
            return work.get();
        } catch (BadRequestException e) {
            throw e.code() == ErrorCode.TOOL_NOT_FOUND ? ToolErrors.notFound(e.getMessage() + "; " + NOT_HERE) : e;
        }
    }

    private static JsonObject object(Installation installation, String arguments) {
        JsonValue value = installation.json().parse(arguments);
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new BadRequestException(
                ErrorCode.TOOL_PARAMETERS_INVALID, "--arguments has to be a JSON object, not a JSON " + value.kind());
    }

    private String standardInput() {
        StringBuilder text = new StringBuilder();
        try {
            for (int i = 0; i < MOST_LINES; i++) {
                Optional<String> line = root.session.terminal().readLine();
                if (line.isEmpty()) {
                    return text.toString();
                }
                text.append(line.get()).append('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read standard input", e);
        }
        throw usage("standard input has more than " + MOST_LINES + " lines");
    }
}
