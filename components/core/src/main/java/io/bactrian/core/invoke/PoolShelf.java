package io.bactrian.core.invoke;

import io.bactrian.core.balance.BalancingPool;
import io.bactrian.core.balance.LoadBalancingManager;
import io.bactrian.core.provider.ModelType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pools of a tenant's credentials at a provider, by who is in them: calls that have the same candidates take turns among them,
 * whoever makes them, and whatever rule has left the others out. Lives as long as one version of the configuration, which says
 * how calls of a model are spread.
 */
final class PoolShelf {

    /** Pools beyond this many are shared by nobody. */
    private static final int MOST = 1_000;

    private final Map<Members, List<BalancingPool>> pools = new ConcurrentHashMap<>();

    private record Members(String model, ModelType type, List<CredentialRef> refs, List<Place> places) {}

    private record Place(int level, int weight) {}

    /** The pools of a resolution's candidates. */
    List<BalancingPool> of(Resolution resolution, List<Candidate> candidates, LoadBalancingManager manager) {
        InvocationTarget.Model target = resolution.modelTarget();
        List<Place> places = candidates.stream()
                .map(candidate -> new Place(candidate.level, candidate.weight))
                .toList();
        Members members = new Members(target.model(), target.type(), resolution.candidates(), places);
        List<BalancingPool> known = pools.get(members);
        if (known != null) {
            return known;
        }
        List<BalancingPool> made = Pools.of(resolution, candidates, manager);
        if (pools.size() >= MOST) {
            return made;
        }
        List<BalancingPool> first = pools.putIfAbsent(members, made);
        return first == null ? made : first;
    }
}
