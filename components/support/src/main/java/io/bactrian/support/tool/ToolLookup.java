package io.bactrian.support.tool;

import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Tool;
import io.bactrian.support.BactrianEngine;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tool of a call before the call is made, to read a body that is not clear without it. Finds none where the call will
 * be refused, so that the refusal is the chain's and nothing is told of another tenant's tools.
 */
final class ToolLookup implements Supplier<Optional<Tool>> {

    private final BactrianEngine engine;
    private final CallerClaim claim;
    private final ToolReference reference;
    private @Nullable Optional<Tool> found;

    ToolLookup(BactrianEngine engine, CallerClaim claim, ToolReference reference) {
        this.engine = engine;
        this.claim = claim;
        this.reference = reference;
    }

    @Override
    public Optional<Tool> get() {
        if (found == null) {
            found = tenant().flatMap(tenant -> reference.find(engine.toolManager(), tenant));
        }
        return found;
    }

    /** The tenant that the chain will settle on. */
    private Optional<TenantId> tenant() {
        TenantId fixed = claim.endpointTenant();
        TenantId named = claim.tenant();
        if (fixed == null) {
            return named == null ? engine.defaultTenant() : Optional.of(named);
        }
        boolean settled = claim.source() == InvokeSource.HTTP || claim.source() == InvokeSource.NESTED;
        return settled && named != null && !fixed.equals(named) ? Optional.empty() : Optional.of(fixed);
    }
}
