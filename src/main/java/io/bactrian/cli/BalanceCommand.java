package io.bactrian.cli;

import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.manage.BalancingManager;
import io.bactrian.core.manage.BalancingPlan;
import io.bactrian.core.manage.BalancingText;
import io.bactrian.core.manage.BalancingView;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.engine.Installation;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code bactrian model balance}. */
@Command(
        name = "balance",
        description = {
            "Spreads calls of a model over several credentials, and names the models that are asked when none is left.",
            "What is given takes the place of all that was set for the model before."
        })
final class BalanceCommand implements Callable<Integer> {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ModelCommands models;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(paramLabel = "PROVIDER/MODEL", description = "The model.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ModelName model;

    @Option(
            names = "--credential",
            paramLabel = "NAME[:WEIGHT]",
            description =
                    "A credential, by name or id, of the model or its provider; __inherit__ for the one in force.")
    @Nullable
    private List<BalancingPlan.Entry> credentials;

    @Option(
            names = "--strategy",
            paramLabel = "STRATEGY",
            description =
                    "round_robin, weighted or power_of_two; by default weighted if there are weights, else round_robin.")
    @Nullable
    private BalancingStrategy strategy;

    @Option(names = "--sticky", description = "Keeps calls of one conversation with one credential.")
    private boolean sticky;

    @Option(
            names = "--fallback",
            paramLabel = "PROVIDER/MODEL[=CLASS,CLASS]",
            description = {
                "A model that is asked when this one cannot answer, after failures of these classes: credential_dead,",
                "rate_limited, overloaded, transient (by default these), context_length, content_refused, model_not_found."
            })
    @Nullable
    private List<ModelFallback> fallbacks;

    @ArgGroup
    @Nullable
    private Instead instead;

    /** What is done instead of setting anything; one at most. */
    static final class Instead {
        @Option(names = "--show", description = "Shows what is set.")
        private boolean show;

        @Option(names = "--off", description = "Spreads calls no longer; what is set is kept, fallbacks stay in force.")
        private boolean off;

        @Option(names = "--remove", description = "Removes what is set, fallbacks too.")
        private boolean remove;
    }

    @Mixin
    private ModelCommands.TypeOption type = new ModelCommands.TypeOption();

    @Mixin
    private TenantOption option = new TenantOption();

    @Override
    public Integer call() {
        boolean given = credentials != null || fallbacks != null || strategy != null || sticky;
        if (instead != null && given) {
            throw usage("--show, --off and --remove go without --credential, --strategy, --sticky and --fallback");
        }
        if (instead == null && credentials == null && fallbacks == null) {
            throw usage("--credential (two or more), --fallback, --show, --off or --remove is missing");
        }
        return models.root().session.with(installation -> {
            TenantId tenant = option.in(installation);
            ModelType wanted = type.of(installation, model);
            return instead == null ? set(installation, tenant, wanted) : instead(installation, tenant, wanted, instead);
        });
    }

    private int set(Installation installation, TenantId tenant, ModelType wanted) {
        List<BalancingPlan.Entry> entries = credentials == null ? List.of() : credentials;
        BalancingPlan plan = new BalancingPlan(
                model.model(),
                wanted,
                !entries.isEmpty(),
                strategy == null ? BalancingPlan.usualStrategy(entries) : strategy,
                sticky,
                entries,
                fallbacks == null ? List.of() : fallbacks);
        BalancingManager manager = installation.balancingManager();
        String afterwards = afterwards(manager, tenant, wanted);
        ModelBalancing set = manager.set(Session.OPERATOR, tenant, model.provider(), plan);
        return done(summary(set) + afterwards);
    }

    /** What becomes of a change by hand to what a file declares. */
    private String afterwards(BalancingManager manager, TenantId tenant, ModelType wanted) {
        return manager.find(Session.OPERATOR, tenant, model.provider(), model.model(), wanted)
                .flatMap(BalancingView::managedBy)
                .map(file -> "; " + file + " declares it and is applied again at the next start")
                .orElse("");
    }

    private int instead(Installation installation, TenantId tenant, ModelType wanted, Instead what) {
        BalancingManager manager = installation.balancingManager();
        String afterwards = afterwards(manager, tenant, wanted);
        if (what.off) {
            manager.switchOff(Session.OPERATOR, tenant, model.provider(), model.model(), wanted);
            return done("is no longer spread; its fallbacks stay in force" + afterwards);
        }
        if (what.remove) {
            boolean there = manager.remove(Session.OPERATOR, tenant, model.provider(), model.model(), wanted);
            return done((there ? "is no longer spread and has no fallbacks" : "had nothing set") + afterwards);
        }
        return BalancingReport.print(
                model,
                wanted,
                manager.find(Session.OPERATOR, tenant, model.provider(), model.model(), wanted),
                models.root());
    }

    private static String summary(ModelBalancing set) {
        String spread = set.enabled()
                ? "is spread over " + set.active().size() + " credentials, " + set.strategy()
                        + (set.sticky() ? ", sticky" : "")
                : "is not spread";
        String fallbacks = set.fallbacks().isEmpty()
                ? ""
                : "; fallbacks: "
                        + String.join(
                                ", ",
                                set.fallbacks().stream()
                                        .map(ModelFallback::toString)
                                        .toList());
        return spread + fallbacks;
    }

    private int done(String what) {
        return CommandGroup.done(models.root(), "model", model, what);
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /**
     * A fallback as it is typed: {@code PROVIDER/MODEL} or {@code PROVIDER/MODEL=CLASS,CLASS}; the classes stand behind the last
     * {@code =}, so that a model with one in its name needs them.
     */
    static ModelFallback fallback(String text) {
        int equals = text.lastIndexOf('=');
        return equals < 0
                ? BalancingText.fallback(text, List.of())
                : BalancingText.fallback(
                        text.substring(0, equals),
                        Arrays.asList(text.substring(equals + 1).split(",", -1)));
    }
}
