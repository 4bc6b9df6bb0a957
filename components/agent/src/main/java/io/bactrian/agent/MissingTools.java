package io.bactrian.agent;

import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Tool;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log which tools an agent's options name that a tenant does not have: once for each tenant. */
final class MissingTools {

    private static final Logger LOG = LoggerFactory.getLogger(MissingTools.class);
    private static final int MOST_TENANTS = 1_000;

    private final AgentSettings settings;
    private final Set<TenantId> said = ConcurrentHashMap.newKeySet();

    MissingTools(AgentSettings settings) {
        this.settings = settings;
    }

    /** Says it, if the agent does without them: otherwise the run is refused, which says it too. */
    void say(TenantId tenant, List<Tool> all) {
        if (!settings.missingToolsFail() && said.size() < MOST_TENANTS && said.add(tenant)) {
            warn(tenant, all);
        }
    }

    /** Says it before anybody calls, to whoever starts the installation. */
    void sayAtStart(TenantId tenant, Supplier<List<Tool>> all) {
        try {
            said.add(tenant);
            warn(tenant, all.get());
        } catch (RuntimeException e) {
            // the first run will say what it is
            LOG.warn(
                    "the tools of agent '{}' cannot be looked up: {}",
                    settings.name(),
                    e.getClass().getName());
        }
    }

    private void warn(TenantId tenant, List<Tool> all) {
        List<String> missing = AgentTools.missing(all, settings);
        if (!missing.isEmpty()) {
            LOG.warn("agent '{}' names tools that tenant '{}' does not have: {}", settings.name(), tenant, missing);
        }
    }
}
