package io.bactrian.cli;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.server.ToolAuthorizations;
import io.bactrian.tool.oauth.OAuthClient;
import io.bactrian.tool.oauth.ToolAuthorization;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code bactrian tool oauth-client}. */
@Command(
        name = "oauth-client",
        description = "Who tenants are to providers of tools that are opened by OAuth 2.",
        synopsisSubcommandLabel = "COMMAND")
final class OAuthClientCommands extends CommandGroup {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ToolCommands tools;

    private RootCommand root() {
        return tools.root();
    }

    @Command(
            name = "set",
            description = {
                "Says who a tenant is to a provider: the client id and secret that it was given there.",
                "  echo \"$SECRET\" | ./bactrian tool oauth-client set mail --set client_id=ID --from-stdin client_secret",
                "Fields: client_id, client_secret, token_endpoint_auth_method (client_secret_basic, client_secret_post),",
                "issuer (what the provider's answers name, RFC 9207). Those not named stay as they are."
            })
    int set(
            @Parameters(paramLabel = "PROVIDER", description = "The provider.") ToolProviderName provider,
            @Option(names = "--public", description = "There is no secret: a public client.") boolean open,
            @Mixin CredentialValueOptions values,
            @Mixin TenantOption option) {
        return root().session.with(installation -> {
            TenantId tenant = option.in(installation);
            ToolAuthorization authorization = ToolAuthorizations.of(installation);
            Map<String, String> before =
                    authorization.client(Session.OPERATOR, tenant, provider).orElse(Map.of());
            CredentialInput input =
                    new CredentialInput(OAuthClient.FORM, root().session, this::usage).startingFrom(before);
            if (open) {
                input.without(java.util.List.of(OAuthClient.CLIENT_SECRET));
            }
            input.plain(values.plain).fromEnvironment(values.variables).fromStandardInput(values.lines);
            if (!open && input.credentials().find(OAuthClient.CLIENT_SECRET).isEmpty()) {
                throw usage("'" + OAuthClient.CLIENT_SECRET + "' is missing: --from-stdin " + OAuthClient.CLIENT_SECRET
                        + ", --from-env " + OAuthClient.CLIENT_SECRET + "=VARIABLE, or --public if there is none");
            }
            authorization.putClient(Session.OPERATOR, tenant, provider, input.credentials());
            return done(
                    root(),
                    "provider",
                    provider,
                    "knows tenant '" + tenant + "'; next: ./bactrian tool authorize " + provider);
        });
    }

    @Command(name = "show", description = "Shows who a tenant is to a provider; the secret is hidden.")
    int show(
            @Parameters(paramLabel = "PROVIDER", description = "The provider.") ToolProviderName provider,
            @Mixin TenantOption option) {
        return root().session.with(installation -> {
            TenantId tenant = option.in(installation);
            Map<String, String> client = ToolAuthorizations.of(installation)
                    .client(Session.OPERATOR, tenant, provider)
                    .orElseThrow(() -> missing(tenant, provider));
            if (root().json) {
                root().session.printJson(client);
                return CommandLineTool.DONE;
            }
            Table table = new Table("field", "value");
            client.forEach(table::row);
            return table.print(root().session, false);
        });
    }

    @Command(
            name = "remove",
            description = "Forgets who a tenant is to a provider: its tokens are not renewed any more.")
    int remove(
            @Parameters(paramLabel = "PROVIDER", description = "The provider.") ToolProviderName provider,
            @Mixin TenantOption option) {
        return root().session.with(installation -> {
            TenantId tenant = option.in(installation);
            if (!ToolAuthorizations.of(installation).removeClient(Session.OPERATOR, tenant, provider)) {
                throw missing(tenant, provider);
            }
            return done(root(), "provider", provider, "does not know tenant '" + tenant + "' any more");
        });
    }

    private static BadRequestException missing(TenantId tenant, ToolProviderName provider) {
        return new BadRequestException(
                ErrorCode.INVALID_PARAM,
                "nobody has said who tenant '" + tenant + "' is to " + provider + ": ./bactrian tool oauth-client set "
                        + provider + " --tenant " + tenant);
    }
}
