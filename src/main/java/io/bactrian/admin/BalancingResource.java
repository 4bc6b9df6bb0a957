package io.bactrian.admin;

import io.bactrian.admin.BalancingShapes.Balancing;
import io.bactrian.admin.BalancingShapes.BalancingChange;
import io.bactrian.admin.BalancingShapes.CredentialHealth;
import io.bactrian.admin.BalancingShapes.Fallback;
import io.bactrian.admin.BalancingShapes.State;
import io.bactrian.admin.BalancingShapes.WantedEntry;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.FailureClass;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.ModelManager;
import io.bactrian.core.invoke.Resolution;
import io.bactrian.core.manage.BalancingManager;
import io.bactrian.core.manage.BalancingPlan;
import io.bactrian.core.manage.BalancingView;
import io.bactrian.core.provider.ProviderId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** How calls of a model are spread, over HTTP, and how its credentials are doing. */
final class BalancingResource {

    private static final String ONE = ModelResource.ONE + "/balancing";

    private final BalancingManager manager;
    private final ModelManager models;

    BalancingResource(BalancingManager manager, ModelManager models) {
        this.manager = manager;
        this.models = models;
    }

    List<Operation> operations() {
        return List.of(
                Operation.read(
                        "getBalancing",
                        ONE,
                        "Shows how calls of a model are spread, and its fallbacks.",
                        Permission.CREDENTIAL_VIEW,
                        Balancing.class,
                        this::current),
                Operation.change(
                        Operation.Method.PUT,
                        "setBalancing",
                        ONE,
                        "Sets how calls of a model are spread, and its fallbacks, in place of all that was set.",
                        Permission.MODEL_MANAGE,
                        BalancingChange.class,
                        Balancing.class,
                        this::current,
                        this::set),
                Operation.remove(
                        "removeBalancing",
                        ONE,
                        "Spreads calls of a model no longer, and removes its fallbacks.",
                        Permission.MODEL_MANAGE,
                        this::current,
                        this::remove),
                Operation.list(
                        "getBalancingState",
                        ONE + "/state",
                        "Shows how the credentials of a model are doing, on the node that answers.",
                        Permission.CREDENTIAL_VIEW,
                        State.class,
                        this::state));
    }

    private Optional<BalancingView> view(AdminRequest request) {
        return manager.find(
                request.actor(),
                request.tenant(),
                Inputs.provider(request),
                request.variable("model"),
                ModelResource.type(request));
    }

    private Optional<Balancing> current(AdminRequest request) {
        return view(request).map(Balancing::of);
    }

    private Reply set(AdminRequest request) {
        BalancingPlan plan = plan(request, request.body(BalancingChange.class));
        ProviderId provider = Inputs.provider(request);
        Optional<Balancing> matched = request.matched(Balancing.class);
        if (matched.isEmpty()) {
            manager.set(request.actor(), request.tenant(), provider, plan);
        } else {
            BalancingView read = view(request)
                    .filter(view -> Balancing.of(view).equals(matched.get()))
                    .orElseThrow(Problems::changed);
            manager.replace(request.actor(), request.tenant(), provider, read.balancing(), plan);
        }
        return Reply.of(current(request).orElseThrow(Problems::notFound));
    }

    private static BalancingPlan plan(AdminRequest request, BalancingChange change) {
        List<BalancingPlan.Entry> entries =
                Objects.requireNonNullElse(change.entries(), List.<WantedEntry>of()).stream()
                        .map(BalancingResource::entry)
                        .toList();
        String strategy = change.strategy();
        return new BalancingPlan(
                request.variable("model"),
                ModelResource.type(request),
                Objects.requireNonNullElse(change.enabled(), !entries.isEmpty()),
                strategy == null
                        ? BalancingPlan.usualStrategy(entries)
                        : Inputs.field("strategy", strategy, BalancingResource::strategy),
                Objects.requireNonNullElse(change.sticky(), false),
                entries,
                Objects.requireNonNullElse(change.fallbacks(), List.<Fallback>of()).stream()
                        .map(BalancingResource::fallback)
                        .toList());
    }

    private static BalancingPlan.Entry entry(WantedEntry entry) {
        return new BalancingPlan.Entry(
                entry.credential(),
                Objects.requireNonNullElse(entry.enabled(), true),
                Objects.requireNonNullElse(entry.weight(), 1));
    }

    private static BalancingStrategy strategy(String text) {
        return BalancingStrategy.of(text)
                .orElseThrow(() -> new IllegalArgumentException("a strategy is round_robin, weighted or power_of_two"));
    }

    private static ModelFallback fallback(Fallback given) {
        ProviderId provider = Inputs.field("fallbacks.provider", given.provider(), ProviderId::new);
        List<String> classes = given.on();
        Set<FailureClass> on = new LinkedHashSet<>();
        for (String name : Objects.requireNonNullElse(classes, List.<String>of())) {
            on.add(FailureClass.of(name)
                    .orElseThrow(() -> Problems.invalid("the field 'fallbacks.on' names no class of failures: there are"
                            + " credential_dead, rate_limited, overloaded, transient, context_length, content_refused"
                            + " and model_not_found")));
        }
        return Inputs.field(
                "fallbacks",
                given.model(),
                model -> classes == null ? ModelFallback.of(provider, model) : new ModelFallback(provider, model, on));
    }

    private Reply remove(AdminRequest request) {
        boolean there = manager.remove(
                request.actor(),
                request.tenant(),
                Inputs.provider(request),
                request.variable("model"),
                ModelResource.type(request));
        if (!there) {
            throw Problems.notFound();
        }
        return Reply.done();
    }

    private Reply state(AdminRequest request) {
        InvocationTarget.Model target = Inputs.variable(
                request,
                "model",
                name -> InvocationTarget.Model.of(Inputs.provider(request), name, ModelResource.type(request)));
        Resolution resolution = models.resolver().resolve(request.tenant(), target);
        boolean unknown = resolution
                .refusal()
                .filter(refusal ->
                        refusal.code() == ErrorCode.PROVIDER_NOT_FOUND || refusal.code() == ErrorCode.MODEL_NOT_FOUND)
                .isPresent();
        if (unknown) {
            throw Problems.notFound();
        }
        return Reply.of(new State(
                models.resolver().status(request.tenant(), target).text(),
                resolution.states(models.balancing()).stream()
                        .map(CredentialHealth::of)
                        .toList()));
    }
}
