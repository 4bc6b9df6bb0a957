package io.bactrian.model;

import io.bactrian.core.invoke.AccessPolicy;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.Caller;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Lets everybody through and remembers who it was; refuses models whose name begins with "forbidden". */
final class RecordingPolicy implements AccessPolicy {

    final List<Caller> callers = new CopyOnWriteArrayList<>();
    final List<ModelType> types = new CopyOnWriteArrayList<>();

    @Override
    public Optional<String> denial(Caller caller, InvocationTarget target) {
        callers.add(caller);
        if (target instanceof InvocationTarget.Model model) {
            types.add(model.type());
            return model.model().startsWith("forbidden") ? Optional.of("not that model") : Optional.empty();
        }
        return Optional.empty();
    }
}
