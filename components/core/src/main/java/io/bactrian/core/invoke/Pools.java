package io.bactrian.core.invoke;

import io.bactrian.core.balance.BalancedCredential;
import io.bactrian.core.balance.BalancingPool;
import io.bactrian.core.balance.CooldownKey;
import io.bactrian.core.balance.LoadBalancingManager;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the pools of a resolution's candidates. */
final class Pools {

    private Pools() {}

    static List<BalancingPool> of(Resolution resolution, List<Candidate> candidates, LoadBalancingManager manager) {
        InvocationTarget.Model model = resolution.modelTarget();
        Map<Integer, List<BalancedCredential>> levels = new TreeMap<>();
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            if (!candidate.ref.previous()) {
                levels.computeIfAbsent(candidate.level, level -> new ArrayList<>())
                        .add(new BalancedCredential(
                                key(resolution.tenant(), candidate.ref).forModel(model.model(), model.type()),
                                candidate.ref.name(),
                                candidate.ref.version(),
                                candidate.weight,
                                i));
            }
        }
        ModelBalancing balancing = resolution.balancing().orElse(null);
        BalancingStrategy strategy = balancing == null ? BalancingStrategy.ROUND_ROBIN : balancing.strategy();
        boolean sticky = balancing != null && balancing.sticky();
        return levels.values().stream()
                .map(members -> manager.pool(members, strategy, sticky))
                .toList();
    }

    private static CooldownKey key(TenantId tenant, CredentialRef ref) {
        boolean operators = ref.source() == CredentialSource.SYSTEM || ref.source() == CredentialSource.HOSTED;
        @Nullable TenantId owner = operators ? null : tenant;
        return CooldownKey.ofCredential(owner, ref.provider(), ref.id());
    }
}
