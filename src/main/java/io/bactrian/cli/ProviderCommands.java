package io.bactrian.cli;

import io.bactrian.core.credential.CredentialFormSchema;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.provider.ProviderType;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.engine.Installation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code bactrian provider}. */
@Command(
        name = "provider",
        description = "Model providers, and what a tenant has configured for them.",
        synopsisSubcommandLabel = "COMMAND")
final class ProviderCommands extends CommandGroup {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RootCommand root;

    /** Whose credentials are wanted. */
    enum Preference {
        CUSTOM,
        SYSTEM,
        NONE
    }

    @Command(name = "list", description = "Lists the providers there are.")
    int list(@Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            Table table = new Table("provider", "label", "types", "credentials", "enabled");
            installation
                    .providerSettingsManager()
                    .list(Session.OPERATOR, tenant)
                    .forEach(settings -> {
                        ProviderEntity provider = settings.provider();
                        table.row(
                                provider.provider(),
                                provider.label(),
                                String.join(
                                        ",",
                                        provider.supportedModelTypes().stream()
                                                .map(Object::toString)
                                                .sorted()
                                                .toList()),
                                settings.credentials(),
                                settings.enabled());
                    });
            return table.print(root.session, root.json);
        });
    }

    @Command(name = "show", description = "Shows a provider: the fields of its credentials and its models.")
    int show(@Parameters(paramLabel = "PROVIDER", description = "The provider.") ProviderId id) {
        return root.session.with(installation -> {
            ProviderEntity provider = provider(installation, id);
            if (root.json) {
                root.session.printJson(shown(provider));
            } else {
                print(provider);
            }
            return CommandLineTool.DONE;
        });
    }

    private static Map<String, Object> shown(ProviderEntity provider) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("provider", provider.provider().value());
        shown.put("label", provider.label());
        shown.put("description", provider.description());
        shown.put("help", provider.helpUrl() == null ? "" : provider.helpUrl());
        List<Map<String, Object>> fields = new ArrayList<>();
        provider.providerCredentialSchema().fields().forEach(field -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", field.variable());
            one.put("label", field.label());
            one.put("type", field.type().text());
            one.put("required", field.required());
            fields.add(one);
        });
        shown.put("fields", fields);
        shown.put("models", provider.models().stream().map(AIModelEntity::model).toList());
        shown.put("other_models", provider.customizable());
        return shown;
    }

    private void print(ProviderEntity provider) {
        Session session = root.session;
        session.print(provider.provider() + ": " + provider.label() + ". " + provider.description());
        if (provider.helpUrl() != null) {
            session.print("credentials are had at " + provider.helpUrl());
        }
        Table fields = new Table("field", "what", "type", "required");
        for (CredentialFormSchema field : provider.providerCredentialSchema().fields()) {
            fields.row(field.variable(), field.label(), field.type().text(), field.required());
        }
        fields.print(session, false);
        Table models = new Table("model", "type");
        provider.models().forEach(model -> models.row(model.model(), model.modelType()));
        models.print(session, false);
        if (provider.customizable()) {
            session.print("other models may be named too");
        }
    }

    @Command(name = "enable", description = "Uses a tenant's own configuration of a provider again.")
    int enable(
            @Parameters(paramLabel = "PROVIDER", description = "The provider.") ProviderId id,
            @Mixin TenantOption option) {
        return enabled(id, option, true);
    }

    @Command(name = "disable", description = "Refuses calls that a tenant's own configuration of a provider would pay.")
    int disable(
            @Parameters(paramLabel = "PROVIDER", description = "The provider.") ProviderId id,
            @Mixin TenantOption option) {
        return enabled(id, option, false);
    }

    private int enabled(ProviderId id, TenantOption option, boolean enabled) {
        return root.session.with(installation -> {
            installation.providerSettingsManager().enable(Session.OPERATOR, option.in(installation), id, enabled);
            return done(root, "provider", id, enabled ? "enabled" : "disabled");
        });
    }

    @Command(name = "reset", description = "Removes all that a tenant has configured for a provider.")
    int reset(
            @Parameters(paramLabel = "PROVIDER", description = "The provider.") ProviderId id,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            installation.providerSettingsManager().reset(Session.OPERATOR, tenant, id);
            return done(root, "provider", id, "reset");
        });
    }

    @Command(name = "prefer", description = "Says whose credentials a tenant wants to use at a provider.")
    int prefer(
            @Parameters(paramLabel = "PROVIDER", description = "The provider.") ProviderId id,
            @Parameters(
                            paramLabel = "WHOSE",
                            description = "custom (its own), system (the operator's), or none (its own if it has any).")
                    Preference whose,
            @Option(names = "--descend", description = "Falls back to the operator's if its own cannot be used.")
                    boolean descend,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            installation
                    .providerSettingsManager()
                    .prefer(
                            Session.OPERATOR,
                            option.in(installation),
                            id,
                            switch (whose) {
                                case CUSTOM -> ProviderType.CUSTOM;
                                case SYSTEM -> ProviderType.SYSTEM;
                                case NONE -> null;
                            },
                            descend);
            return done(root, "provider", id, "preference set");
        });
    }

    static ProviderEntity provider(Installation installation, ProviderId id) {
        return installation
                .catalog()
                .find(id)
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.PROVIDER_NOT_FOUND,
                        "there is no provider '" + id + "': see ./bactrian provider list, or declare it in"
                                + " config/providers/" + id + ".yaml"));
    }
}
