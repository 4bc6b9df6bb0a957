package io.bactrian.agent;

import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolManager;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tools that an agent may call, for each tenant. What is shown of them is written once, and anew when the tenant's tools are
 * others: tools do not change, a change is a new tool.
 */
final class ToolChoice {

    private static final int MOST_TENANTS = 1_000;

    private final ToolManager manager;
    private final AgentSettings settings;
    private final JsonCodec json;
    private final MissingTools missing;
    private final Map<TenantId, Chosen> chosen = new ConcurrentHashMap<>();

    private record Chosen(List<Tool> all, AgentTools tools) {

        boolean isOf(List<Tool> others) {
            if (all.size() != others.size()) {
                return false;
            }
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i) != others.get(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    ToolChoice(ToolManager manager, AgentSettings settings, JsonCodec json) {
        this.manager = manager;
        this.settings = settings;
        this.json = json;
        this.missing = new MissingTools(settings);
    }

    /**
     * The tools that a tenant has of those that the agent may call.
     *
     * @throws io.bactrian.core.error.InvokeException as {@link AgentTools#of}
     */
    AgentTools of(TenantId tenant) {
        if (settings.tools().isEmpty()) {
            return AgentTools.NONE;
        }
        List<Tool> all = manager.tools(tenant);
        missing.say(tenant, all);
        Chosen known = chosen.get(tenant);
        if (known != null && known.isOf(all)) {
            return known.tools();
        }
        AgentTools tools = AgentTools.of(tenant, all, settings, json);
        if (known != null || chosen.size() < MOST_TENANTS) {
            chosen.put(tenant, new Chosen(all, tools));
        }
        return tools;
    }

    /** Says what is missing before anybody calls, to whoever starts the installation. */
    void checkAtStart(TenantId tenant) {
        missing.sayAtStart(tenant, () -> manager.tools(tenant));
    }
}
