package io.bactrian.core.invoke;

import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.CallerClaim;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One call on its way through the chain. Immutable but for its {@link CallTrace}; links pass on changed copies. */
public final class Invocation {

    private final CallerClaim claim;
    private final @Nullable Caller caller;
    private final InvocationTarget target;
    private final InvocationRequest request;
    private final @Nullable Resolution resolution;
    private final int candidate;
    private final int reentries;
    private final CallTrace trace;

    private Invocation(
            CallerClaim claim,
            @Nullable Caller caller,
            InvocationTarget target,
            InvocationRequest request,
            @Nullable Resolution resolution,
            int candidate,
            int reentries,
            CallTrace trace) {
        this.claim = claim;
        this.caller = caller;
        this.target = target;
        this.request = request;
        this.resolution = resolution;
        this.candidate = candidate;
        this.reentries = reentries;
        this.trace = trace;
    }

    /** A new call. */
    public static Invocation of(CallerClaim claim, InvocationTarget target, InvocationRequest request) {
        return new Invocation(claim, null, target, request, null, 0, 0, new CallTrace());
    }

    /** What was known of the caller when the call came in. */
    public CallerClaim claim() {
        return claim;
    }

    /**
     * Who calls.
     *
     * @throws NullPointerException before the tenant phase has settled it
     */
    public Caller caller() {
        return Objects.requireNonNull(caller, "the tenant phase has not settled the caller yet");
    }

    /** Who calls; null before the tenant phase has settled it. */
    public @Nullable Caller callerOrNull() {
        return caller;
    }

    /** What is called. */
    public InvocationTarget target() {
        return target;
    }

    /** What is asked. */
    public InvocationRequest request() {
        return request;
    }

    /**
     * How the credentials were found.
     *
     * @throws NullPointerException before the credential phase
     */
    public Resolution resolution() {
        return Objects.requireNonNull(resolution, "the credential phase has not resolved the call yet");
    }

    @Nullable
    Resolution resolutionOrNull() {
        return resolution;
    }

    /** Which of the resolution's candidates is to be tried, from 0. */
    public int candidate() {
        return candidate;
    }

    /** How often the call has entered the chain again. */
    public int reentries() {
        return reentries;
    }

    /** What has become of the call so far. */
    public CallTrace trace() {
        return trace;
    }

    /** This call with its caller settled. */
    public Invocation withCaller(Caller settled) {
        return new Invocation(claim, settled, target, request, resolution, candidate, reentries, trace);
    }

    /** This call with another request. */
    public Invocation withRequest(InvocationRequest changed) {
        return new Invocation(claim, caller, target, changed, resolution, candidate, reentries, trace);
    }

    /** This call with its credentials found. */
    Invocation withResolution(Resolution found) {
        return new Invocation(claim, caller, target, request, found, 0, reentries, trace);
    }

    /** This call with its default model looked up. */
    Invocation withTarget(InvocationTarget found) {
        return new Invocation(claim, caller, found, request, null, 0, reentries, trace);
    }

    /**
     * This call with another of its candidates to be tried.
     *
     * @throws IndexOutOfBoundsException if there is no such candidate
     */
    public Invocation withCandidate(int index) {
        Objects.checkIndex(index, resolution().candidates().size());
        return new Invocation(claim, caller, target, request, resolution, index, reentries, trace);
    }

    /** This call for another target, to be sent through {@link Interceptor.Next#reenter}: nothing resolved yet. */
    public Invocation retargeted(InvocationTarget other) {
        return new Invocation(claim, caller, other, request, null, 0, reentries + 1, trace);
    }

    @Override
    public String toString() {
        return "Invocation[" + claim.requestId() + " → " + target + "]";
    }
}
