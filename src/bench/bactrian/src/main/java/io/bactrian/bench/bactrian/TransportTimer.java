package io.bactrian.bench.bactrian;

import io.bactrian.core.invoke.Interceptor;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.invoke.InvocationReply;
import io.bactrian.core.invoke.Phase;

/** Stands before the transport and notes how long it took: dialect and network. For one caller at a time. */
final class TransportTimer implements Interceptor {

    private volatile long nanos;

    @Override
    public Phase phase() {
        return Phase.TRANSPORT;
    }

    @Override
    public InvocationReply intercept(Invocation invocation, Next next) {
        long start = System.nanoTime();
        try {
            return next.proceed(invocation);
        } finally {
            nanos = System.nanoTime() - start;
        }
    }

    long nanos() {
        return nanos;
    }
}
