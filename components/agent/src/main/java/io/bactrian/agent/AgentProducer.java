package io.bactrian.agent;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolCallback;
import io.bactrian.core.tool.ToolDependents;
import io.bactrian.support.AnswerWanted;
import io.bactrian.support.BactrianEngine;
import io.bactrian.support.ExchangeCaller;
import io.bactrian.support.StreamLeases;
import io.bactrian.support.TrafficHealthCheck;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExtendedStartupListener;
import org.apache.camel.Message;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.HealthCheckComponent;
import org.jspecify.annotations.Nullable;

/** Has an agent answer what is on a message, and puts the answer on the body. Keeps nothing of a message. */
final class AgentProducer extends DefaultProducer {

    private final AgentEndpoint endpoint;
    private @Nullable AgentRuns runs;
    private @Nullable ExecutorService threads;
    private List<ToolDependents.Registration> dependences = List.of();
    private @Nullable HealthCheck healthCheck;
    private @Nullable WritableHealthCheckRepository healthChecks;

    AgentProducer(AgentEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public void process(Exchange exchange) {
        AgentSettings settings = endpoint.settings();
        Message message = exchange.getMessage();
        AgentHeaders.clear(message);
        AgentRun run = begin(exchange, settings);
        if (settings.stream()) {
            message.setBody(leased(run, exchange));
            return;
        }
        AgentResult result = AnswerWanted.whileWanted(exchange, run, run::collect);
        AgentHeaders.result(message, result);
        message.setBody(result);
    }

    private AgentStream leased(AgentRun run, Exchange exchange) {
        try {
            return StreamLeases.of(exchange.getContext())
                    .lease(run, exchange, "agent " + endpoint.getName(), AgentStreamLease::new);
        } catch (RuntimeException e) {
            run.close();
            throw e;
        }
    }

    private AgentRun begin(Exchange exchange, AgentSettings settings) {
        AgentBody.Asked asked =
                AgentBody.read(exchange.getMessage(), endpoint.engine().json());
        Caller caller = endpoint.engine()
                .modelManager()
                .caller(ExchangeCaller.claim(exchange, settings.tenant(), settings.timeout()));
        exchange.getMessage()
                .setHeader(AgentConstants.REQUEST_ID, caller.requestId().value());
        if (asked instanceof AgentBody.Asked.Resume resume) {
            return started().resume(caller, resume.approval());
        }
        return started().begin(caller, ((AgentBody.Asked.Question) asked).request(), conversation(exchange));
    }

    private static @Nullable String conversation(Exchange exchange) {
        Object given = exchange.getProperty(AgentConstants.CONVERSATION);
        if (given == null) {
            return null;
        }
        String id = given instanceof CharSequence ? given.toString() : "";
        if (id.isBlank() || id.length() > 256) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "the exchange property " + AgentConstants.CONVERSATION
                            + " has to be a text of 1 to 256 characters");
        }
        return id;
    }

    private AgentRuns started() {
        AgentRuns begun = runs;
        if (begun == null) {
            throw new IllegalStateException("the producer of agent:" + endpoint.getName() + " has not been started");
        }
        return begun;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        BactrianEngine engine = endpoint.engine();
        AgentSettings settings = endpoint.settings();
        CamelContext context = endpoint.getCamelContext();
        ExecutorService pool = context.getExecutorServiceManager().newCachedThreadPool(this, "BactrianAgent");
        ToolChoice tools = new ToolChoice(engine.toolManager(), settings, engine.json());
        threads = pool;
        runs = new AgentRuns(
                services(engine, settings, pool), settings, tools, endpoint.traffic(), endpoint.openRuns());
        ToolDependents dependents = engine.toolManager().dependents();
        dependences = AgentTools.named(settings)
                .map(tool -> dependents.register("agent:" + settings.name(), tool))
                .toList();
        context.addStartupListener(new AllStarted(() -> checkAtStart(engine, settings, tools)));
        addHealthCheck(engine);
    }

    private AgentServices services(BactrianEngine engine, AgentSettings settings, ExecutorService pool) {
        AgentComponent component = (AgentComponent) endpoint.getComponent();
        return new AgentServices(
                engine.modelManager(),
                engine.toolEngine(),
                new WaitingRuns(engine.approvals(), engine.json(), engine.clock(), settings, component.goingOn()),
                engine.json(),
                component.rememberedIn(),
                callback(),
                new ToolThreads(pool, endpoint.runningTools()),
                System::nanoTime);
    }

    private static void checkAtStart(BactrianEngine engine, AgentSettings settings, ToolChoice tools) {
        TenantId tenant = settings.tenant() == null ? engine.defaultTenant().orElse(null) : settings.tenant();
        if (tenant != null) {
            tools.checkAtStart(tenant);
        }
    }

    /**
     * Does something once all routes have started: only then are the tools there that routes publish. Camel tells of a context that is
     * started in two ways, and of one that has started long ago in the first only.
     */
    private record AllStarted(Runnable then) implements ExtendedStartupListener {

        @Override
        public void onCamelContextStarting(CamelContext context, boolean alreadyStarted) {
            // no route has started
        }

        @Override
        public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
            if (alreadyStarted) {
                then.run();
            }
        }

        @Override
        public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) {
            then.run();
        }
    }

    private ToolCallback callback() {
        Set<ToolCallback> beans = endpoint.getCamelContext().getRegistry().findByType(ToolCallback.class);
        return beans.isEmpty() ? ToolCallback.NONE : new ToldToAll(List.copyOf(beans));
    }

    private void addHealthCheck(BactrianEngine engine) {
        healthChecks = HealthCheckHelper.getHealthCheckRepository(
                endpoint.getCamelContext(), "producers", WritableHealthCheckRepository.class);
        if (healthChecks == null) {
            return;
        }
        healthCheck = new TrafficHealthCheck(
                "agent",
                "producer:agent:" + endpoint.getName() + "-" + Integer.toHexString(endpoint.hashCode()),
                endpoint.traffic(),
                engine.clock(),
                Map.of("agent", endpoint.getName()));
        healthCheck.setEnabled(endpoint.getComponent() instanceof HealthCheckComponent component
                && component.isHealthCheckProducerEnabled());
        healthChecks.addHealthCheck(healthCheck);
    }

    @Override
    protected void doStop() throws Exception {
        if (healthChecks != null && healthCheck != null) {
            healthChecks.removeHealthCheck(healthCheck);
            healthCheck = null;
        }
        dependences.forEach(ToolDependents.Registration::close);
        dependences = List.of();
        if (runs != null) {
            runs.close();
        }
        if (threads != null) {
            endpoint.getCamelContext().getExecutorServiceManager().shutdownNow(threads);
            threads = null;
        }
        super.doStop();
    }
}
