package io.bactrian.core.invoke;

import io.bactrian.core.balance.BalancingPool;
import io.bactrian.core.balance.CredentialState;
import io.bactrian.core.balance.LoadBalancingManager;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer to "which credential pays for this call", with the reason for every step taken. Either it has candidates, in
 * the order they are to be tried, or a refusal. Prints no secret.
 */
public final class Resolution {

    private static final int MOST_SELECTIONS = 64;

    private final TenantId tenant;
    private final InvocationTarget target;
    private final @Nullable ProviderEntity provider;
    private final @Nullable AIModelEntity model;
    private final List<Candidate> candidates;
    private final List<CredentialRef> refs;
    private final List<ResolutionStep> steps;
    private final @Nullable Refusal refusal;
    private final @Nullable Instant validUntil;
    private final boolean stale;
    private final @Nullable ModelBalancing balancing;
    private final @Nullable PoolShelf shelf;
    private volatile @Nullable List<BalancingPool> pools;
    // those of tools are made for each call, and have none of these
    private volatile @Nullable Map<Integer, Resolution> purses;
    private volatile @Nullable Map<BitSet, Resolution> selections;

    Resolution(
            TenantId tenant,
            InvocationTarget target,
            @Nullable ProviderEntity provider,
            @Nullable AIModelEntity model,
            List<Candidate> candidates,
            List<ResolutionStep> steps,
            @Nullable Refusal refusal) {
        this(tenant, target, provider, model, candidates, steps, refusal, false, null, null);
    }

    private Resolution(
            TenantId tenant,
            InvocationTarget target,
            @Nullable ProviderEntity provider,
            @Nullable AIModelEntity model,
            List<Candidate> candidates,
            List<ResolutionStep> steps,
            @Nullable Refusal refusal,
            boolean stale,
            @Nullable ModelBalancing balancing,
            @Nullable PoolShelf shelf) {
        this.balancing = balancing;
        this.shelf = shelf;
        this.tenant = tenant;
        this.target = target;
        this.provider = provider;
        this.model = model;
        this.candidates = List.copyOf(candidates);
        this.refs = refs(this.candidates);
        this.steps = List.copyOf(steps);
        this.refusal = refusal;
        this.validUntil = validUntil(refs);
        this.stale = stale;
    }

    /**
     * That of a tool, made for each call.
     *
     * @param refs of the candidates, none of which ends by itself
     */
    static Resolution ofTool(
            TenantId tenant,
            InvocationTarget.Tool target,
            List<Candidate> candidates,
            List<CredentialRef> refs,
            List<ResolutionStep> steps) {
        return new Resolution(tenant, target, candidates, refs, steps);
    }

    private Resolution(
            TenantId tenant,
            InvocationTarget.Tool target,
            List<Candidate> candidates,
            List<CredentialRef> refs,
            List<ResolutionStep> steps) {
        this.tenant = tenant;
        this.target = target;
        this.provider = null;
        this.model = null;
        this.candidates = candidates;
        this.refs = refs;
        this.steps = steps;
        this.refusal = null;
        this.validUntil = null;
        this.stale = false;
        this.balancing = null;
        this.shelf = null;
    }

    private static List<CredentialRef> refs(List<Candidate> candidates) {
        return candidates.stream().map(candidate -> candidate.ref).toList();
    }

    private static @Nullable Instant validUntil(List<CredentialRef> refs) {
        Instant first = null;
        for (CredentialRef ref : refs) {
            Instant until = ref.previousUntil();
            if (until != null && (first == null || until.isBefore(first))) {
                first = until;
            }
        }
        return first;
    }

    /**
     * Why no credential may pay.
     *
     * @param code the stable code
     * @param message what is wrong and what to set where
     */
    public record Refusal(ErrorCode code, String message) {

        /** The refusal as the error that the call ends with. */
        public InvokeException toException() {
            return switch (code) {
                case MODEL_DISABLED, PROVIDER_DISABLED, MODEL_CURRENTLY_NOT_SUPPORT, CREDENTIAL_POLICY_VIOLATION ->
                    new RefusedException(code, message);
                case PROVIDER_NOT_FOUND,
                        TOOL_NOT_FOUND,
                        MODEL_NOT_FOUND,
                        MODEL_TYPE_UNSUPPORTED,
                        CREDENTIAL_NOT_FOUND -> new BadRequestException(code, message);
                default -> new MisconfiguredException(code, message);
            };
        }
    }

    /** Whose call it is. */
    public TenantId tenant() {
        return tenant;
    }

    /** What is called. */
    public InvocationTarget target() {
        return target;
    }

    /**
     * The model that is called.
     *
     * @throws IllegalStateException if a tool is called
     */
    public InvocationTarget.Model modelTarget() {
        if (target instanceof InvocationTarget.Model named) {
            return named;
        }
        throw new IllegalStateException(target + " is no model");
    }

    /** The declaration of the provider; empty if there is none of that name. */
    public Optional<ProviderEntity> provider() {
        return Optional.ofNullable(provider);
    }

    /** The declaration of the model; empty if it is not known. */
    public Optional<AIModelEntity> model() {
        return Optional.ofNullable(model);
    }

    /** The credentials that may pay, in the order they are to be tried; empty if the call is refused. */
    public List<CredentialRef> candidates() {
        return refs;
    }

    /** The steps taken, in order. */
    public List<ResolutionStep> steps() {
        return steps;
    }

    /** Why no credential may pay; empty if one may. */
    public Optional<Refusal> refusal() {
        return Optional.ofNullable(refusal);
    }

    /**
     * Whether it was made from what was known when the source was last asked, because the source does not answer now. The
     * last step says so too.
     */
    public boolean stale() {
        return stale;
    }

    Resolution asStale(String sourceName) {
        List<ResolutionStep> told = new ArrayList<>(steps);
        if (!told.isEmpty()) {
            ResolutionStep last = told.remove(told.size() - 1);
            told.add(new ResolutionStep(
                    last.source(),
                    last.outcome(),
                    last.reason() + " (as known before " + sourceName + " stopped answering)",
                    last.lookedAt()));
        }
        return new Resolution(tenant, target, provider, model, candidates, told, refusal, true, balancing, shelf);
    }

    private Resolution withCandidates(List<Candidate> fewer) {
        return new Resolution(tenant, target, provider, model, fewer, steps, refusal, stale, balancing, shelf);
    }

    /**
     * The same with the candidates of one purse, made once: calls that are paid from it share its pools.
     *
     * @param from the first of its candidates
     * @param to the one behind its last
     */
    Resolution purse(int from, int to) {
        if (from == 0 && to == candidates.size()) {
            return this;
        }
        Map<Integer, Resolution> before = purses == null ? Map.of() : purses;
        Resolution known = before.get(from);
        if (known != null && known.candidates.size() == to - from) {
            return known;
        }
        Resolution made = withCandidates(candidates.subList(from, to));
        Map<Integer, Resolution> more = new HashMap<>(before);
        more.put(from, made);
        purses = Map.copyOf(more);
        return made;
    }

    /**
     * The same with some of its candidates, made once as long as there are not too many selections: calls that may use the same ones
     * share their pools.
     *
     * @param allowed their places
     */
    Resolution selection(BitSet allowed) {
        if (allowed.cardinality() == candidates.size()) {
            return this;
        }
        Map<BitSet, Resolution> before = selections == null ? Map.of() : selections;
        Resolution known = before.get(allowed);
        if (known != null) {
            return known;
        }
        Resolution made =
                withCandidates(allowed.stream().mapToObj(candidates::get).toList());
        if (before.size() < MOST_SELECTIONS) {
            Map<BitSet, Resolution> more = new HashMap<>(before);
            more.put((BitSet) allowed.clone(), made);
            selections = Map.copyOf(more);
        }
        return made;
    }

    Resolution withBalancing(@Nullable ModelBalancing configured) {
        return new Resolution(tenant, target, provider, model, candidates, steps, refusal, stale, configured, shelf);
    }

    /** The same with pools that others of the same candidates have too. */
    Resolution withShelf(PoolShelf shared) {
        return new Resolution(tenant, target, provider, model, candidates, steps, refusal, stale, balancing, shared);
    }

    /** How calls of the model are spread, and where they go when nobody is left; empty if the tenant has not said. */
    public Optional<ModelBalancing> balancing() {
        return Optional.ofNullable(balancing);
    }

    /**
     * The pools that its candidates are in, made with the first call: one for each level, in order. Values before a rotation are
     * no members of their own, as they belong to the credential that has them.
     */
    List<BalancingPool> pools(LoadBalancingManager manager) {
        List<BalancingPool> known = pools;
        if (known == null) {
            known = shelf == null ? Pools.of(this, candidates, manager) : shelf.of(this, candidates, manager);
            pools = known;
        }
        return known;
    }

    /** How the credentials of the model are doing on this node, in the order they are to be tried. */
    public List<CredentialState> states(LoadBalancingManager manager) {
        return pools(manager).stream().flatMap(pool -> pool.states().stream()).toList();
    }

    /** Whether a candidate has expired. Asks the time only if one does expire. */
    boolean expired(Clock clock) {
        return validUntil != null && !clock.instant().isBefore(validUntil);
    }

    Candidate candidate(int index) {
        return candidates.get(index);
    }

    @Override
    public String toString() {
        return "Resolution[" + tenant + ", " + target + ", "
                + (refusal == null ? refs.toString() : refusal.code().text())
                + (stale ? ", stale" : "") + "]";
    }
}
