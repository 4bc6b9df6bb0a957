package io.bactrian.cli;

import io.bactrian.core.access.Scopes;
import io.bactrian.core.manage.IssuedApiKey;
import io.bactrian.core.manage.NewApiKey;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
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
            @Option(
                            names = "--role",
                            paramLabel = "ROLE",
                            description =
                                    "What it may do at most; by default normal, or its member's role if that is less.")
                    @Nullable
                    Role role,
            @Option(
                            names = "--scope",
                            paramLabel = "SCOPE",
                            description = {
                                "What it is for, any number of times: models, models:PROVIDER/MODEL, tools, tools:PROVIDER/TOOL",
                                "(* stands for anything), admin:read, admin:write; by default models and tools."
                            })
                    @Nullable
                    List<String> scopes,
            @Option(
                            names = "--expires",
                            paramLabel = "TIME",
                            description = "For how long it is in force: 12h, 30d; by default until it is withdrawn.")
                    @Nullable
                    Duration expires,
            @Mixin TenantOption option) {
        Scopes given = scopes(scopes);
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            Instant end =
                    expires == null ? null : installation.clock().instant().plus(expires);
            IssuedApiKey issued = installation
                    .apiKeyManager()
                    .issue(Session.OPERATOR, tenant, new NewApiKey(name, user, app, role, given, end));
            // the one place where a key is shown
            String key = issued.key().reveal();
            if (root.json) {
                Map<String, Object> shown = new LinkedHashMap<>();
                shown.put("id", issued.record().id());
                shown.put("tenant", tenant.value());
                shown.put("role", issued.record().role().text());
                shown.put("scopes", issued.record().scopes().texts());
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

    private Scopes scopes(@Nullable List<String> given) {
        try {
            return given == null ? Scopes.CALLS : Scopes.of(given);
        } catch (IllegalArgumentException e) {
            throw usage("--scope: " + e.getMessage());
        }
    }

    @Command(name = "list", description = "Lists a tenant's keys; the keys themselves are not kept.")
    int list(@Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            Table table = new Table(
                    "id", "name", "user", "app", "role", "scopes", "created", "created by", "expires", "revoked");
            Pages.all(page -> installation.apiKeyManager().list(Session.OPERATOR, tenant, page))
                    .forEach(key -> table.row(
                            key.id(),
                            key.name(),
                            key.user(),
                            key.app(),
                            key.role().text(),
                            key.scopes(),
                            key.createdAt(),
                            key.createdBy(),
                            key.expiresAt(),
                            key.revokedAt()));
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
