package io.bactrian.tool.workflow;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolDependents;
import io.bactrian.support.ExchangeCaller;
import io.bactrian.support.tool.ToolReference;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.spi.RouteIdAware;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/**
 * Calls a published route as every tool is called. Says who depends on the tool, and insists on its version where that is asked.
 * Asynchronous by its type alone: Camel tells no other producer the route that it is in.
 */
final class WorkflowProducer extends DefaultAsyncProducer implements RouteIdAware {

    private final ToolWorkflowEndpoint endpoint;
    private final AsyncProcessor calls;
    private final @Nullable String requiredVersion;
    private ToolDependents.@Nullable Registration registration;
    private @Nullable String routeId;

    /**
     * @param endpoint the endpoint
     * @param calls makes the calls
     */
    WorkflowProducer(ToolWorkflowEndpoint endpoint, Producer calls) {
        super(endpoint);
        this.endpoint = endpoint;
        this.calls = AsyncProcessorConverterHelper.convert(calls);
        String required = endpoint.getRequiredVersion();
        this.requiredVersion = required == null || required.isBlank() ? null : required.strip();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            if (requiredVersion != null) {
                checkVersion(exchange, requiredVersion);
            }
        } catch (InvokeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        return calls.process(exchange, callback);
    }

    private void checkVersion(Exchange exchange, String required) {
        ToolReference reference = Objects.requireNonNull(endpoint.callSettings().reference());
        Optional<Tool> tool = tenant(exchange)
                .flatMap(tenant -> reference.find(endpoint.callEngine().toolManager(), tenant));
        // where there is no such tool, or no such tenant, the call itself says so
        tool.map(found -> found.entity().version())
                .filter(version -> !meets(version, required))
                .ifPresent(version -> {
                    throw new MisconfiguredException(
                            ErrorCode.MISCONFIGURED,
                            reference + " is "
                                    + (version.isEmpty() ? "of no version" : "version " + version) + ", and the option"
                                    + " requiredVersion asks for another: see what has changed, then set it anew");
                });
    }

    /** Whether a version is the required one, or one of its finer ones. */
    static boolean meets(String version, String required) {
        return version.equals(required) || version.startsWith(required + ".");
    }

    private Optional<TenantId> tenant(Exchange exchange) {
        TenantId fixed = endpoint.callSettings().tenant();
        if (fixed != null) {
            return Optional.of(fixed);
        }
        CallerClaim claim =
                ExchangeCaller.claim(exchange, null, endpoint.callSettings().timeout());
        return claim.tenant() == null ? endpoint.callEngine().defaultTenant() : Optional.of(claim.tenant());
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ServiceHelper.startService(calls);
        ToolReference reference = endpoint.callSettings().reference();
        if (reference == null && requiredVersion != null) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "the option requiredVersion of a tool-workflow: endpoint needs one that names its tool");
        }
        if (reference instanceof ToolReference.Addressed named) {
            registration = endpoint.callEngine().toolManager().dependents().register(dependent(named), named.address());
        }
    }

    /** Who it is, for people: the route, and the endpoint without its options. */
    private String dependent(ToolReference reference) {
        return (routeId == null || routeId.isBlank() ? "" : "route " + routeId + ": ") + reference;
    }

    @Override
    public @Nullable String getRouteId() {
        return routeId;
    }

    @Override
    public void setRouteId(@Nullable String routeId) {
        this.routeId = routeId;
    }

    @Override
    protected void doStop() throws Exception {
        if (registration != null) {
            registration.close();
            registration = null;
        }
        ServiceHelper.stopService(calls);
        super.doStop();
    }
}
