package io.bactrian.cli;

import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.manage.ToolCredentialView;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.ToolCredentialType;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.engine.Installation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code bactrian tool credential}. */
@Command(
        name = "credential",
        description = "Tenants' credentials for providers of tools.",
        synopsisSubcommandLabel = "COMMAND")
final class ToolCredentialCommands extends CommandGroup {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ToolCommands tools;

    private RootCommand root() {
        return tools.root();
    }

    @Command(
            name = "add",
            description = {
                "Adds an API key, once the provider has said that it opens it. The first one of a provider is the default.",
                "Secrets that are neither in --from-env nor --from-stdin are asked for, or read from standard input."
            })
    int add(
            @Parameters(paramLabel = "PROVIDER", description = "The provider: NAME, or KIND/NAME such as mcp/github.")
                    ToolProviderName provider,
            @Option(names = "--name", paramLabel = "NAME", description = "Its name; by default 'API KEY n'.") @Nullable
                    CredentialName name,
            @Option(
                            names = "--only-for",
                            paramLabel = "USER",
                            description = "The one user whose calls may use it; without it, all of the tenant.")
                    @Nullable
                    UserId onlyFor,
            @Mixin CredentialValueOptions values,
            @Mixin TenantOption option) {
        return root().session.with(installation -> {
            TenantId tenant = option.in(installation);
            CredentialInput input = new CredentialInput(
                            form(installation, tenant, provider), root().session, this::usage)
                    .plain(values.plain)
                    .fromEnvironment(values.variables)
                    .fromStandardInput(values.lines)
                    .askForMissing();
            CredentialId id = installation
                    .toolCredentialManager()
                    .add(Session.OPERATOR, tenant, provider, name, input.credentials(), onlyFor, Deadline.in(PATIENCE));
            return done(root(), "credential", id, "added for " + provider + " of tenant '" + tenant + "'");
        });
    }

    @Command(name = "list", description = "Lists a tenant's credentials for providers of tools; secrets are hidden.")
    int list(
            @Parameters(arity = "0..1", paramLabel = "PROVIDER", description = "The provider; without it, all.")
                    @Nullable
                    ToolProviderName provider,
            @Mixin TenantOption option) {
        return root().session.with(installation -> {
            TenantId tenant = option.in(installation);
            List<ToolCredentialView> views = provider == null
                    ? installation.toolCredentialManager().listAll(Session.OPERATOR, tenant)
                    : installation.toolCredentialManager().list(Session.OPERATOR, tenant, provider);
            return root().json ? printJson(views) : printTable(views);
        });
    }

    private int printTable(List<ToolCredentialView> views) {
        Table table = new Table("id", "name", "provider", "type", "default", "values", "expires", "only for");
        views.forEach(view -> table.row(
                view.id(),
                view.name(),
                view.provider(),
                view.type().text(),
                view.isDefault(),
                view.unreadable().map(reason -> "unreadable: " + reason).orElseGet(() -> values(view)),
                view.expiresAt().orElse(null),
                view.onlyFor().orElse(null)));
        return table.print(root().session, false);
    }

    private static String values(ToolCredentialView view) {
        return String.join(
                " ",
                view.values().entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList());
    }

    private int printJson(List<ToolCredentialView> views) {
        root().session
                .printJson(views.stream()
                        .map(view -> {
                            Map<String, Object> shown = new LinkedHashMap<>();
                            shown.put("id", view.id().value());
                            shown.put("name", view.name().value());
                            shown.put("provider", view.provider().toString());
                            shown.put("type", view.type().text());
                            shown.put("default", view.isDefault());
                            shown.put("version", view.version());
                            shown.put("values", view.values());
                            view.unreadable().ifPresent(reason -> shown.put("unreadable", reason));
                            view.expiresAt().ifPresent(until -> shown.put("expires", until.toString()));
                            view.onlyFor().ifPresent(user -> shown.put("only_for", user.value()));
                            return shown;
                        })
                        .toList());
        return CommandLineTool.DONE;
    }

    @Command(
            name = "update",
            description = "Changes values of an API key, or a name; what is not named stays as it is.")
    int update(
            @Parameters(index = "0", paramLabel = "PROVIDER", description = "The provider.") ToolProviderName provider,
            @Parameters(index = "1", paramLabel = "CREDENTIAL", description = "Its id or name.") String credential,
            @Option(names = "--name", paramLabel = "NAME", description = "A new name.") @Nullable CredentialName name,
            @Option(names = "--unset", paramLabel = "FIELD", description = "Removes a value.") @Nullable
                    List<String> unset,
            @Mixin CredentialValueOptions values,
            @Mixin TenantOption option) {
        return root().session.with(installation -> {
            TenantId tenant = option.in(installation);
            ToolCredentialView view = find(installation, tenant, provider, credential);
            boolean renamed =
                    unset == null && values.plain.isEmpty() && values.variables.isEmpty() && values.lines.isEmpty();
            Credentials given = renamed || view.type() == ToolCredentialType.OAUTH2
                    ? null
                    : new CredentialInput(form(installation, tenant, provider), root().session, this::usage)
                            .startingFrom(view.values())
                            .without(unset == null ? List.of() : unset)
                            .plain(values.plain)
                            .fromEnvironment(values.variables)
                            .fromStandardInput(values.lines)
                            .credentials();
            if (given == null && !renamed) {
                throw usage("'" + view.name() + "' holds tokens, which are not typed in: ./bactrian tool authorize "
                        + provider);
            }
            if (given == null && name == null) {
                throw usage("nothing is to be changed: --name, --set, --from-env, --from-stdin or --unset");
            }
            installation
                    .toolCredentialManager()
                    .update(Session.OPERATOR, tenant, provider, view.id(), name, given, Deadline.in(PATIENCE));
            return done(root(), "credential", view.id(), "updated");
        });
    }

    @Command(name = "default", description = "Makes a credential the one that calls use which name none.")
    int makeDefault(
            @Parameters(index = "0", paramLabel = "PROVIDER", description = "The provider.") ToolProviderName provider,
            @Parameters(index = "1", paramLabel = "CREDENTIAL", description = "Its id or name.") String credential,
            @Mixin TenantOption option) {
        return root().session.with(installation -> {
            TenantId tenant = option.in(installation);
            CredentialId id = find(installation, tenant, provider, credential).id();
            installation.toolCredentialManager().setDefault(Session.OPERATOR, tenant, provider, id);
            return done(root(), "credential", id, "is the default one for " + provider);
        });
    }

    @Command(name = "remove", description = "Removes a credential. If it was the default one, none is then.")
    int remove(
            @Parameters(index = "0", paramLabel = "PROVIDER", description = "The provider.") ToolProviderName provider,
            @Parameters(index = "1", paramLabel = "CREDENTIAL", description = "Its id or name.") String credential,
            @Mixin TenantOption option) {
        return root().session.with(installation -> {
            TenantId tenant = option.in(installation);
            ToolCredentialView view = find(installation, tenant, provider, credential);
            installation.toolCredentialManager().remove(Session.OPERATOR, tenant, provider, view.id());
            return done(
                    root(),
                    "credential",
                    view.id(),
                    view.isDefault()
                            ? "removed; it was the default one, and none is now: ./bactrian tool credential default"
                            : "removed");
        });
    }

    @Command(name = "validate", description = "Asks the provider whether a stored API key opens it.")
    int validate(
            @Parameters(index = "0", paramLabel = "PROVIDER", description = "The provider.") ToolProviderName provider,
            @Parameters(index = "1", paramLabel = "CREDENTIAL", description = "Its id or name.") String credential,
            @Mixin TenantOption option) {
        return root().session.with(installation -> {
            TenantId tenant = option.in(installation);
            CredentialId id = find(installation, tenant, provider, credential).id();
            installation
                    .toolCredentialManager()
                    .validateStored(Session.OPERATOR, tenant, provider, id, Deadline.in(PATIENCE));
            return done(root(), "credential", id, "valid");
        });
    }

    /** The form of a provider; that there is none is told by the manager, with what to do instead. */
    private static CredentialForm form(Installation installation, TenantId tenant, ToolProviderName provider) {
        return installation
                .toolManager()
                .provider(tenant, provider.type(), provider.provider())
                .map(controller -> controller.entity().credentialForm())
                .orElse(CredentialForm.EMPTY);
    }

    private static ToolCredentialView find(
            Installation installation, TenantId tenant, ToolProviderName provider, String idOrName) {
        List<ToolCredentialView> all = installation.toolCredentialManager().list(Session.OPERATOR, tenant, provider);
        return all.stream()
                .filter(view -> view.id().value().equals(idOrName))
                .findFirst()
                .or(() -> all.stream()
                        .filter(view -> view.name().value().equals(idOrName))
                        .findFirst())
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.CREDENTIAL_NOT_FOUND,
                        "tenant '" + tenant + "' has no such credential for " + provider
                                + ": see ./bactrian tool credential list --tenant " + tenant));
    }
}
