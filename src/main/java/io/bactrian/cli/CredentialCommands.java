package io.bactrian.cli;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.manage.CredentialSharing;
import io.bactrian.core.manage.CredentialView;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.engine.Installation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code bactrian credential}. */
@Command(name = "credential", description = "Tenants' credentials at providers.", synopsisSubcommandLabel = "COMMAND")
final class CredentialCommands extends CommandGroup {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RootCommand root;

    @Command(
            name = "add",
            description = {
                "Adds a credential. The first one of a provider or model is in force at once.",
                "Secrets that are neither in --from-env nor --from-stdin are asked for, or read from standard input:",
                "  echo \"$KEY\" | ./bactrian credential add openai"
            })
    int add(
            @Mixin CredentialScopeOptions of,
            @Option(names = "--name", paramLabel = "NAME", description = "Its name; by default 'API KEY n'.") @Nullable
                    CredentialName name,
            @Mixin CredentialValueOptions values,
            @Mixin CredentialSharingOptions shared,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            CredentialSharing sharing = shared.sharing();
            CredentialInput input = input(installation, of.scope())
                    .plain(values.plain)
                    .fromEnvironment(values.variables)
                    .fromStandardInput(values.lines)
                    .askForMissing();
            CredentialId id = installation
                    .credentialManager()
                    .add(Session.OPERATOR, tenant, of.scope(), name, input.credentials(), sharing);
            return done(root, "credential", id, "added for " + of.scope() + " of tenant '" + tenant + "'");
        });
    }

    @Command(name = "list", description = "Lists a tenant's credentials; secrets are hidden.")
    int list(
            @Parameters(arity = "0..1", paramLabel = "PROVIDER", description = "The provider; without it, all.")
                    @Nullable
                    ProviderId provider,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            List<CredentialView> views = new ArrayList<>();
            providers(installation, tenant, provider)
                    .forEach(
                            id -> views.addAll(installation.credentialManager().listAll(Session.OPERATOR, tenant, id)));
            return CredentialReport.print(views, root.session, root.json);
        });
    }

    private static List<ProviderId> providers(
            Installation installation, TenantId tenant, @Nullable ProviderId provider) {
        if (provider == null) {
            return installation.store().providers(tenant);
        }
        return List.of(ProviderCommands.provider(installation, provider).provider());
    }

    @Command(name = "update", description = "Changes values of a credential; those not named stay as they are.")
    int update(
            @Mixin CredentialScopeOptions of,
            @Parameters(index = "1", paramLabel = "CREDENTIAL", description = "Its id or name.") String credential,
            @Option(names = "--name", paramLabel = "NAME", description = "A new name.") @Nullable CredentialName name,
            @Option(names = "--unset", paramLabel = "FIELD", description = "Removes a value.") @Nullable
                    List<String> unset,
            @Mixin CredentialValueOptions values,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            CredentialView view = find(installation, tenant, of.scope(), credential);
            CredentialInput input = input(installation, of.scope())
                    .startingFrom(view.values())
                    .without(unset == null ? List.of() : unset)
                    .plain(values.plain)
                    .fromEnvironment(values.variables)
                    .fromStandardInput(values.lines);
            installation
                    .credentialManager()
                    .update(Session.OPERATOR, tenant, of.scope(), view.id(), name, input.credentials());
            return done(root, "credential", view.id(), "updated");
        });
    }

    @Command(
            name = "rotate",
            description = {
                "Puts new values of a credential in force; the old ones stay valid for the grace period as well,",
                "for providers that take a while to know a new key. Secrets are asked for, or given as with add."
            })
    int rotate(
            @Mixin CredentialScopeOptions of,
            @Parameters(index = "1", paramLabel = "CREDENTIAL", description = "Its id or name.") String credential,
            @Option(
                            names = "--grace",
                            paramLabel = "TIME",
                            defaultValue = "1h",
                            description =
                                    "How long the old values stay valid: 30s, 15m, 24h, 7d; 0 for not at all, 30d at"
                                            + " most; by default ${DEFAULT-VALUE}.")
                    Duration grace,
            @Mixin CredentialValueOptions values,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            CredentialView view = find(installation, tenant, of.scope(), credential);
            CredentialInput input = input(installation, of.scope())
                    .startingFrom(view.values())
                    .plain(values.plain)
                    .fromEnvironment(values.variables)
                    .fromStandardInput(values.lines)
                    .askUnlessGivenAnew();
            Optional<Instant> until = installation
                    .credentialManager()
                    .rotate(Session.OPERATOR, tenant, of.scope(), view.id(), input.credentials(), grace);
            return done(
                    root,
                    "credential",
                    view.id(),
                    until.map(time -> "rotated; the old values stay valid until " + time)
                            .orElse("rotated; the old values are gone"));
        });
    }

    @Command(name = "switch", description = "Puts a credential in force.")
    int activate(
            @Mixin CredentialScopeOptions of,
            @Parameters(index = "1", paramLabel = "CREDENTIAL", description = "Its id or name.") String credential,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            CredentialId id = find(installation, tenant, of.scope(), credential).id();
            installation.credentialManager().activate(Session.OPERATOR, tenant, of.scope(), id);
            return done(root, "credential", id, "in force for " + of.scope());
        });
    }

    @Command(
            name = "share",
            description = {
                "Says whose calls may use a credential, and know that it is there: all of the tenant's, or those of its owner",
                "and of the members named by --for. Owners and admins are asked like everybody else."
            })
    int share(
            @Mixin CredentialScopeOptions of,
            @Parameters(index = "1", paramLabel = "CREDENTIAL", description = "Its id or name.") String credential,
            @Mixin CredentialSharingOptions shared,
            @Mixin TenantOption option) {
        if (!shared.given()) {
            throw usage("say with whom: --visibility all_team_members, --visibility only_me, or --for USER");
        }
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            CredentialId id = find(installation, tenant, of.scope(), credential).id();
            installation.credentialManager().share(Session.OPERATOR, tenant, of.scope(), id, shared.sharing());
            CredentialView view = find(installation, tenant, of.scope(), id.value());
            return done(root, "credential", id, "visible to " + CredentialReport.visibleTo(view));
        });
    }

    @Command(name = "remove", description = "Removes a credential. If it was in force, none is then.")
    int remove(
            @Mixin CredentialScopeOptions of,
            @Parameters(index = "1", paramLabel = "CREDENTIAL", description = "Its id or name.") String credential,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            CredentialView view = find(installation, tenant, of.scope(), credential);
            installation.credentialManager().remove(Session.OPERATOR, tenant, of.scope(), view.id());
            return done(
                    root,
                    "credential",
                    view.id(),
                    view.active()
                            ? "removed; it was in force, and none is now: ./bactrian credential switch"
                            : "removed");
        });
    }

    @Command(name = "validate", description = "Asks the provider whether a stored credential opens it.")
    int validate(
            @Mixin CredentialScopeOptions of,
            @Parameters(index = "1", paramLabel = "CREDENTIAL", description = "Its id or name.") String credential,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            CredentialId id = find(installation, tenant, of.scope(), credential).id();
            installation
                    .credentialManager()
                    .validateStored(Session.OPERATOR, tenant, of.scope(), id, Deadline.in(PATIENCE));
            return done(root, "credential", id, "valid");
        });
    }

    private CredentialInput input(Installation installation, CredentialScope scope) {
        ProviderEntity provider = ProviderCommands.provider(installation, scope.provider());
        CredentialForm form = scope instanceof CredentialScope.OfModel && provider.modelCredentialSchema() != null
                ? provider.modelCredentialSchema()
                : provider.providerCredentialSchema();
        return new CredentialInput(form, root.session, this::usage);
    }

    private static CredentialView find(
            Installation installation, TenantId tenant, CredentialScope scope, String idOrName) {
        List<CredentialView> all = installation.credentialManager().list(Session.OPERATOR, tenant, scope);
        return all.stream()
                .filter(view -> view.id().value().equals(idOrName))
                .findFirst()
                .or(() -> all.stream()
                        .filter(view -> view.name().value().equals(idOrName))
                        .findFirst())
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.CREDENTIAL_NOT_FOUND,
                        "tenant '" + tenant + "' has no such credential for " + scope
                                + ": see ./bactrian credential list --tenant " + tenant));
    }
}
