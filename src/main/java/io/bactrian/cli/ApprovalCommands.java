package io.bactrian.cli;

import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Approval;
import io.bactrian.engine.Installation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code bactrian approval}. */
@Command(name = "approval", description = "Calls of tools that wait for a person.", synopsisSubcommandLabel = "COMMAND")
final class ApprovalCommands extends CommandGroup {

    private static final int LONGEST_SHOWN = 60;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RootCommand root;

    @Command(name = "list", description = "Lists the calls that wait, oldest first.")
    int list(
            @Option(
                            names = "--most",
                            paramLabel = "NUMBER",
                            defaultValue = "100",
                            description = "How many at most; by default ${DEFAULT-VALUE}.")
                    int most,
            @Mixin TenantOption option) {
        if (most < 1) {
            throw usage("--most has to be at least 1");
        }
        return root.session.with(installation -> {
            List<Approval> pending =
                    installation.approvalManager().pending(Session.OPERATOR, option.in(installation), most);
            if (root.json) {
                root.session.printJson(pending.stream()
                        .map(approval -> shown(installation, approval))
                        .toList());
                return CommandLineTool.DONE;
            }
            Table table = new Table("id", "tool", "user", "app", "arguments", "expires");
            pending.forEach(approval -> table.row(
                    approval.id(),
                    approval.tool(),
                    approval.user(),
                    approval.app(),
                    shortened(approval.arguments()),
                    approval.expiresAt()));
            return table.print(root.session, false);
        });
    }

    private static String shortened(String arguments) {
        String shown = VisibleText.of(arguments);
        return shown.length() <= LONGEST_SHOWN ? shown : shown.substring(0, LONGEST_SHOWN - 1) + "…";
    }

    private static Map<String, Object> shown(Installation installation, Approval approval) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", approval.id());
        shown.put("status", approval.status().text());
        shown.put("tool", approval.tool());
        if (approval.user() != null) {
            shown.put("user", approval.user().value());
        }
        if (approval.app() != null) {
            shown.put("app", approval.app().value());
        }
        shown.put(
                "arguments",
                Objects.requireNonNullElse(
                        installation.json().parse(approval.arguments()).toJava(), "null"));
        shown.put("request", approval.requestId());
        shown.put("requested", approval.requestedAt().toString());
        shown.put("expires", approval.expiresAt().toString());
        if (approval.decidedBy() != null) {
            shown.put("decided_by", approval.decidedBy());
        }
        if (approval.decidedAt() != null) {
            shown.put("decided", approval.decidedAt().toString());
        }
        return shown;
    }

    @Command(
            name = "show",
            description = "Shows all of a call: the tool, its arguments, who asked and what was decided.")
    int show(@Parameters(paramLabel = "ID", description = "The approval.") String id, @Mixin TenantOption option) {
        return root.session.with(installation -> {
            Approval approval = installation.approvalManager().get(Session.OPERATOR, option.in(installation), id);
            Map<String, Object> shown = shown(installation, approval);
            if (root.json) {
                root.session.printJson(shown);
                return CommandLineTool.DONE;
            }
            Table table = new Table("what", "value");
            shown.forEach((name, value) ->
                    table.row(name, "arguments".equals(name) ? VisibleText.of(approval.arguments()) : value));
            return table.print(root.session, false);
        });
    }

    @Command(name = "approve", description = "Lets a call be made, once, until the approval expires.")
    int approve(@Parameters(paramLabel = "ID", description = "The approval.") String id, @Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            Approval approved = installation.approvalManager().approve(Session.OPERATOR, tenant, id);
            return done(
                    root,
                    "approval",
                    id,
                    "given for one call of " + approved.tool() + ", until " + approved.expiresAt());
        });
    }

    @Command(name = "deny", description = "Refuses a call, and the same call again until the approval expires.")
    int deny(@Parameters(paramLabel = "ID", description = "The approval.") String id, @Mixin TenantOption option) {
        return root.session.with(installation -> {
            Approval denied = installation.approvalManager().deny(Session.OPERATOR, option.in(installation), id);
            return done(root, "approval", id, "denied; the same call is refused until " + denied.expiresAt());
        });
    }
}
