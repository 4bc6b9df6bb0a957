package io.bactrian.cli;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.tenant.TenantId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code bactrian tenant}. */
@Command(name = "tenant", description = "Tenants: who pays for calls.", synopsisSubcommandLabel = "COMMAND")
final class TenantCommands extends CommandGroup {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RootCommand root;

    @Command(name = "add", description = "Adds a tenant.")
    int add(
            @Parameters(paramLabel = "TENANT", description = "Its id: a-z, 0-9 and '-'.") TenantId id,
            @Option(names = "--name", paramLabel = "NAME", description = "What people call it; by default its id.")
                    @Nullable
                    String name) {
        return root.session.with(installation -> {
            installation
                    .tenantManager()
                    .create(Session.OPERATOR, new TenantRecord(id, name == null ? id.value() : name, true));
            return done(root, "tenant", id, "added");
        });
    }

    @Command(name = "list", description = "Lists the tenants.")
    int list() {
        return root.session.with(installation -> {
            Table table = new Table("tenant", "name", "enabled");
            Pages.all(page -> installation.tenantManager().list(Session.OPERATOR, page))
                    .forEach(tenant -> table.row(tenant.id(), tenant.name(), tenant.enabled()));
            return table.print(root.session, root.json);
        });
    }

    @Command(
            name = "remove",
            description = "Removes a tenant with all it has: credentials, members, API keys. This cannot be undone.")
    int remove(@Parameters(paramLabel = "TENANT", description = "The tenant.") TenantId id) {
        return root.session.with(installation -> {
            installation.tenantManager().remove(Session.OPERATOR, id);
            return done(root, "tenant", id, "removed");
        });
    }

    @Command(name = "enable", description = "Serves a tenant's calls again.")
    int enable(@Parameters(paramLabel = "TENANT", description = "The tenant.") TenantId id) {
        return enabled(id, true);
    }

    @Command(name = "disable", description = "Refuses a tenant's calls; nothing is lost.")
    int disable(@Parameters(paramLabel = "TENANT", description = "The tenant.") TenantId id) {
        return enabled(id, false);
    }

    private int enabled(TenantId id, boolean enabled) {
        return root.session.with(installation -> {
            installation.tenantManager().update(Session.OPERATOR, id, null, enabled);
            return done(root, "tenant", id, enabled ? "enabled" : "disabled");
        });
    }
}
