package io.bactrian.cli;

import io.bactrian.core.config.ModelReference;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.invoke.ModelInstance;
import io.bactrian.core.invoke.Resolution;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.engine.Installation;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code bactrian model}. */
@Command(
        name = "model",
        description = "Models: which there are, whether they can be called, and why not.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = BalanceCommand.class)
final class ModelCommands extends CommandGroup {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RootCommand root;

    RootCommand root() {
        return root;
    }

    /** What a model does. */
    static final class TypeOption {
        @Option(
                names = "--type",
                paramLabel = "TYPE",
                description = "llm or text-embedding; by default what the model is declared to do.")
        @Nullable
        ModelType given;

        /** The type given; else the one under which the model is declared; else llm. */
        ModelType of(Installation installation, ModelName model) {
            if (given != null) {
                return given;
            }
            return installation.catalog().find(model.provider()).stream()
                    .flatMap(provider -> provider.models().stream())
                    .filter(entity -> entity.model().equals(model.model()))
                    .map(entity -> entity.modelType())
                    .findFirst()
                    .orElse(ModelType.LLM);
        }
    }

    @Command(name = "list", description = "Lists the models a tenant can call, or could.")
    int list(
            @Option(names = "--provider", paramLabel = "PROVIDER", description = "Only this provider's.") @Nullable
                    ProviderId only,
            @Mixin TypeOption type,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            Table table = new Table("model", "type", "status");
            installation.catalog().all().stream()
                    .map(ProviderEntity::provider)
                    .filter(provider -> only == null || provider.equals(only))
                    .forEach(provider ->
                            installation.modelSettingsManager().list(Session.OPERATOR, tenant, provider).stream()
                                    .filter(one -> type.given == null
                                            || type.given == one.model().modelType())
                                    .forEach(one -> table.row(
                                            provider + "/" + one.model().model(),
                                            one.model().modelType(),
                                            one.status().text())));
            return table.print(root.session, root.json);
        });
    }

    @Command(
            name = "why",
            description = "Explains which credential would pay for a call, step by step, or what is missing.")
    int why(
            @Parameters(paramLabel = "PROVIDER/MODEL", description = "The model.") ModelName model,
            @Option(names = "--credential", paramLabel = "NAME", description = "A credential a route would ask for.")
                    @Nullable
                    CredentialName credential,
            @Option(
                            names = "--user",
                            paramLabel = "USER",
                            description = "On whose behalf; without, as for a call that names no user.")
                    @Nullable
                    UserId user,
            @Mixin TypeOption type,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            Resolution resolution = installation
                    .modelManager()
                    .resolver()
                    .resolve(option.in(installation), user, model.target(type.of(installation, model), credential));
            ResolutionReport.print(resolution, root.session, root.json);
            return resolution.refusal().isPresent() ? CommandLineTool.FAILED : CommandLineTool.DONE;
        });
    }

    @Command(name = "test", description = "Calls a model, as a route would.")
    int test(
            @Parameters(paramLabel = "PROVIDER/MODEL", description = "The model.") ModelName model,
            @Option(names = "--credential", paramLabel = "NAME", description = "The credential to use.") @Nullable
                    CredentialName credential,
            @Option(
                            names = "--text",
                            paramLabel = "TEXT",
                            defaultValue = "Say hello in one word.",
                            description = "What to send; by default '${DEFAULT-VALUE}'.")
                    String text,
            @Mixin TypeOption type,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            ModelType wanted = type.of(installation, model);
            ModelInstance instance =
                    installation.modelManager().instance(claim(tenant), model.target(wanted, credential));
            long begun = System.nanoTime();
            String answer = ask(instance, wanted, text);
            long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
            return new Table("model", "answer", "ms").row(model, answer, millis).print(root.session, root.json);
        });
    }

    private static String ask(ModelInstance instance, ModelType type, String text) {
        return switch (type) {
            case LLM -> {
                LlmResult result = instance.invokeLlm(LlmRequest.ofText(text));
                yield result.text();
            }
            case TEXT_EMBEDDING ->
                "a vector of "
                        + instance.invokeTextEmbedding(TextEmbeddingRequest.ofQuery(text))
                                .embeddings()
                                .get(0)
                                .length
                        + " numbers";
            case RERANK, SPEECH2TEXT, MODERATION, TTS ->
                throw new BadRequestException(
                        ErrorCode.MODEL_TYPE_UNSUPPORTED, "models of type " + type + " cannot be called yet");
        };
    }

    private static CallerClaim claim(TenantId tenant) {
        return CallerClaim.ofTenant(
                tenant, InvokeSource.CLI, new RequestId("cli-" + UUID.randomUUID()), Deadline.in(PATIENCE));
    }

    @Command(name = "default", description = "Shows or sets the model that calls without a named model go to.")
    int defaultModel(
            @Parameters(arity = "0..1", paramLabel = "PROVIDER/MODEL", description = "The model; without it, shows it.")
                    @Nullable
                    ModelName model,
            @Option(names = "--none", description = "Sets none.") boolean none,
            @Mixin TypeOption type,
            @Mixin TenantOption option) {
        if (none && model != null) {
            throw usage("a model and --none exclude each other");
        }
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            if (model == null && !none) {
                return showDefaults(installation, tenant);
            }
            ModelType wanted =
                    model == null ? type.given == null ? ModelType.LLM : type.given : type.of(installation, model);
            ModelReference reference = model == null ? null : model.reference();
            installation.modelSettingsManager().setDefault(Session.OPERATOR, tenant, wanted, reference);
            return done(
                    root, "model", model == null ? "none" : model, "is the default " + wanted + " of '" + tenant + "'");
        });
    }

    private int showDefaults(Installation installation, TenantId tenant) {
        Table table = new Table("type", "model");
        installation.modelSettingsManager().defaults(Session.OPERATOR, tenant).forEach(table::row);
        return table.print(root.session, root.json);
    }

    @Command(name = "enable", description = "Lets a tenant's callers use a model again.")
    int enable(
            @Parameters(paramLabel = "PROVIDER/MODEL", description = "The model.") ModelName model,
            @Mixin TypeOption type,
            @Mixin TenantOption option) {
        return enabled(model, type, option, true);
    }

    @Command(name = "disable", description = "Refuses calls of a tenant to a model.")
    int disable(
            @Parameters(paramLabel = "PROVIDER/MODEL", description = "The model.") ModelName model,
            @Mixin TypeOption type,
            @Mixin TenantOption option) {
        return enabled(model, type, option, false);
    }

    private int enabled(ModelName model, TypeOption type, TenantOption option, boolean enabled) {
        return root.session.with(installation -> {
            installation
                    .modelSettingsManager()
                    .enable(
                            Session.OPERATOR,
                            option.in(installation),
                            model.provider(),
                            model.model(),
                            type.of(installation, model),
                            enabled);
            return done(root, "model", model, enabled ? "enabled" : "disabled");
        });
    }
}
