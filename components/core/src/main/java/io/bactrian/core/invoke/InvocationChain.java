package io.bactrian.core.invoke;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The chain that every call passes, assembled once. Links are joined when it is built, so that a call allocates nothing
 * for the chain itself, and a phase that is off is not there at all.
 */
public final class InvocationChain {

    private static final int MOST_REENTRIES = 16;

    private final Link head;
    private final Link access;
    private final List<Interceptor> interceptors;

    private InvocationChain(List<Interceptor> interceptors) {
        this.interceptors = interceptors;
        @Nullable Link next = null;
        @Nullable Link reentry = null;
        for (int i = interceptors.size() - 1; i >= 0; i--) {
            next = new Link(interceptors.get(i), next);
            if (next.phase.compareTo(Phase.ACCESS) >= 0) {
                reentry = next;
            }
        }
        if (next == null || reentry == null) {
            throw new IllegalArgumentException("a chain needs a link at TRANSPORT");
        }
        this.head = next;
        this.access = reentry;
    }

    /**
     * Assembles a chain.
     *
     * @param builtIn the links of the house, any order; exactly one at {@link Phase#TRANSPORT}, which comes last
     * @param beans the users' links
     */
    public static InvocationChain of(List<? extends Interceptor> builtIn, List<? extends Interceptor> beans) {
        List<Interceptor> ordered = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            List<Interceptor> ours = builtIn.stream()
                    .filter(link -> link.phase() == phase)
                    .map(Interceptor.class::cast)
                    .toList();
            List<Interceptor> users = beans.stream()
                    .filter(link -> link.phase() == phase)
                    .map(Interceptor.class::cast)
                    .sorted(Comparator.comparingInt(Interceptor::order).thenComparing(Interceptor::name))
                    .toList();
            // nothing comes after the transport: users' links of that phase stand before it
            ordered.addAll(phase == Phase.TRANSPORT ? users : ours);
            ordered.addAll(phase == Phase.TRANSPORT ? ours : users);
        }
        return new InvocationChain(List.copyOf(ordered));
    }

    /** Sends a call through. */
    public InvocationReply invoke(Invocation invocation) {
        return head.proceed(invocation);
    }

    /** Whether something stands at that phase. */
    public boolean has(Phase phase) {
        return interceptors.stream().anyMatch(link -> link.phase() == phase);
    }

    @Override
    public String toString() {
        return interceptors.stream()
                .map(link -> link.phase() + " " + link.name())
                .collect(Collectors.joining(" → "));
    }

    private final class Link implements Interceptor.Next {

        private final Interceptor interceptor;
        private final Phase phase;
        private final @Nullable Link next;

        Link(Interceptor interceptor, @Nullable Link next) {
            this.interceptor = interceptor;
            this.phase = interceptor.phase();
            this.next = next;
        }

        @Override
        public InvocationReply proceed(Invocation invocation) {
            invocation.trace().enter(phase, invocation);
            return interceptor.intercept(invocation, next == null ? END : next);
        }

        @Override
        public InvocationReply reenter(Invocation invocation) {
            return InvocationChain.this.reenter(invocation);
        }
    }

    private InvocationReply reenter(Invocation invocation) {
        if (invocation.callerOrNull() == null) {
            throw new IllegalStateException("a call can enter again only once its caller is settled");
        }
        if (invocation.reentries() > MOST_REENTRIES) {
            throw new BadRequestException(
                    ErrorCode.DEPTH_EXCEEDED,
                    "the call was sent to another model more than " + MOST_REENTRIES
                            + " times: the fallbacks of its models form a circle");
        }
        return access.proceed(invocation);
    }

    private final Interceptor.Next END = new Interceptor.Next() {
        @Override
        public InvocationReply proceed(Invocation invocation) {
            throw new IllegalStateException("nothing comes after the transport");
        }

        @Override
        public InvocationReply reenter(Invocation invocation) {
            return InvocationChain.this.reenter(invocation);
        }
    };
}
