package io.bactrian.tool;

import io.bactrian.core.invoke.AccessPolicy;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.tenant.Caller;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Lets everybody through and remembers who it was; refuses the tool {@code lookup}. */
final class RecordingPolicy implements AccessPolicy {

    final List<Caller> callers = new CopyOnWriteArrayList<>();

    @Override
    public Optional<String> denial(Caller caller, InvocationTarget target) {
        callers.add(caller);
        boolean denied = target instanceof InvocationTarget.Tool tool
                && tool.address().tool().equals("lookup");
        return denied ? Optional.of("not that tool") : Optional.empty();
    }
}
