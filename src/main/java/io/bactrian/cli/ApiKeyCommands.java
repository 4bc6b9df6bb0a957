package io.bactrian.cli;

import io.bactrian.core.manage.IssuedApiKey;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code bactrian apikey}. */
@Command(
        name = "apikey",
        description = "API keys, by which callers over HTTP are known.",
        synopsisSubcommandLabel = "COMMAND")
final class ApiKeyCommands extends CommandGroup {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RootCommand root;

    @Command(name = "create", description = "Makes a key and shows it, this one time.")
    int create(
            @Option(names = "--name", paramLabel = "NAME", defaultValue = "api key", description = "What it is for.")
                    String name,
            @Option(names = "--user", paramLabel = "USER", description = "The member it acts as.") @Nullable
                    UserId user,
            @Option(names = "--app", paramLabel = "APP", description = "The application it is for.") @Nullable
                    AppId app,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            IssuedApiKey issued = installation.apiKeyManager().issue(Session.OPERATOR, tenant, name, user, app);
            // the one place where a key is shown
            String key = issued.key().reveal();
            if (root.json) {
                Map<String, Object> shown = new LinkedHashMap<>();
                shown.put("id", issued.record().id());
                shown.put("tenant", tenant.value());
                shown.put("key", key);
                root.session.printJson(shown);
            } else {
                root.session.print(key);
                root.session
                        .terminal()
                        .err()
                        .println("This is key " + issued.record().id() + " of tenant '" + tenant
                                + "'. It is not kept and cannot be shown again. Use it as: Authorization: Bearer KEY");
            }
            return CommandLineTool.DONE;
        });
    }

    @Command(name = "list", description = "Lists a tenant's keys; the keys themselves are not kept.")
    int list(@Mixin TenantOption option) {
        return root.session.with(installation -> {
            Table table = new Table("id", "name", "user", "app", "created", "revoked");
            installation
                    .apiKeyManager()
                    .list(option.in(installation))
                    .forEach(key ->
                            table.row(key.id(), key.name(), key.user(), key.app(), key.createdAt(), key.revokedAt()));
            return table.print(root.session, root.json);
        });
    }

    @Command(name = "revoke", description = "Withdraws a key at once.")
    int revoke(
            @Parameters(paramLabel = "ID", description = "The key's id, as listed: not the key.") String id,
            @Mixin TenantOption option) {
        if (id.startsWith(io.bactrian.core.manage.ApiKeyManager.PREFIX)) {
            throw usage("this is a key: name it by its id, as ./bactrian apikey list shows it");
        }
        return root.session.with(installation -> {
            installation.apiKeyManager().revoke(Session.OPERATOR, option.in(installation), id);
            return done(root, "apikey", id, "revoked");
        });
    }
}
