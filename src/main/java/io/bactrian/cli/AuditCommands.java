package io.bactrian.cli;

import io.bactrian.core.access.Denials;
import io.bactrian.core.config.AuditEntry;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.AuditQuery;
import io.bactrian.core.config.Page;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.engine.Installation;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code bactrian audit}. */
@Command(name = "audit", description = "What happened, and who was denied what.", synopsisSubcommandLabel = "COMMAND")
final class AuditCommands extends CommandGroup {

    private static final int MOST = 10_000;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RootCommand root;

    /** Which events. */
    static final class Which {
        @Option(
                names = {"-t", "--tenant"},
                paramLabel = "TENANT",
                description = "Only this tenant's; by default those of all, and of the installation.")
        @Nullable
        TenantId tenant;

        @Option(names = "--denied", description = "Only what was denied.")
        boolean denied;

        @Option(names = "--action", paramLabel = "ACTION", description = "Only this action, such as credential.update.")
        @Nullable
        String action;

        @Option(
                names = "--since",
                paramLabel = "DATE",
                description = "Only from this day on, such as 2026-01-31, in UTC.")
        @Nullable
        LocalDate since;

        @Option(names = "--before", paramLabel = "ID", description = "Only events before this one, by its id.")
        @Nullable
        Long before;

        AuditQuery query(int most) {
            return new AuditQuery(
                    before,
                    most,
                    action,
                    denied ? Denials.outcomes() : Set.of(),
                    since == null ? null : since.atStartOfDay(ZoneOffset.UTC).toInstant());
        }
    }

    @Command(
            name = "list",
            description = {
                "Lists events, the newest first.",
                "Equal denials that follow each other within a minute are one event, with their count."
            })
    int list(
            @Mixin Which which,
            @Option(
                            names = "--most",
                            paramLabel = "NUMBER",
                            defaultValue = "100",
                            description = "How many at most, 1 to " + MOST + "; by default ${DEFAULT-VALUE}.")
                    int most) {
        if (most < 1 || most > MOST) {
            throw usage("--most has to be from 1 to " + MOST);
        }
        return root.session.with(installation -> {
            List<AuditEntry> entries = entries(installation, which, most);
            if (root.json) {
                root.session.printJson(
                        entries.stream().map(AuditCommands::shown).toList());
                return CommandLineTool.DONE;
            }
            Table table = new Table("id", "at", "tenant", "actor", "action", "subject", "outcome", "count");
            entries.forEach(entry -> row(table, entry));
            return table.print(root.session, false);
        });
    }

    private static List<AuditEntry> entries(Installation installation, Which which, int most) {
        List<AuditEntry> entries = new ArrayList<>();
        @Nullable Long before = which.before;
        boolean more = true;
        while (more && entries.size() < most) {
            AuditQuery query =
                    which.query(Math.min(Page.LONGEST, most - entries.size())).before(before);
            PageOf<AuditEntry> page = which.tenant == null
                    ? installation.auditManager().listAll(Session.OPERATOR, query)
                    : installation.auditManager().list(Session.OPERATOR, which.tenant, query);
            entries.addAll(page.items());
            more = page.next() != null;
            before = page.next() == null ? null : Long.valueOf(page.next());
        }
        return entries;
    }

    private static void row(Table table, AuditEntry entry) {
        AuditEvent event = entry.event();
        table.row(
                entry.id(),
                event.at(),
                event.tenant(),
                event.actor(),
                event.action(),
                event.subject(),
                event.outcome(),
                event.count());
    }

    private static Map<String, Object> shown(AuditEntry entry) {
        AuditEvent event = entry.event();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", entry.id());
        shown.put("at", event.at().toString());
        TenantId tenant = event.tenant();
        if (tenant != null) {
            shown.put("tenant", tenant.value());
        }
        shown.put("actor", event.actor());
        shown.put("action", event.action());
        shown.put("subject", event.subject());
        shown.put("outcome", event.outcome());
        shown.put("count", event.count());
        return shown;
    }
}
