package io.bactrian.agent;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.support.BactrianEngine;
import io.bactrian.support.CallTraffic;
import io.bactrian.support.OptionErrors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Has a language model answer with the help of tools, on a tenant's behalf: it calls those that it was given, and no others,
 * until it has its answer.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "agent",
        title = "AI Agent",
        syntax = "agent:name",
        producerOnly = true,
        category = {Category.AI},
        headersClass = AgentConstants.class)
public class AgentEndpoint extends DefaultEndpoint implements EndpointServiceLocation {

    @UriPath(description = "The agent's name: what it is called in traces, conversations and messages.")
    @Metadata(required = true)
    private String name;

    @UriParam
    private AgentConfiguration configuration;

    private @Nullable AgentSettings settings;
    private @Nullable BactrianEngine engine;
    private @Nullable CallTraffic traffic;
    private final AtomicInteger openRuns = new AtomicInteger();
    private final AtomicInteger runningTools = new AtomicInteger();

    /**
     * @param uri the URI
     * @param component the component
     * @param configuration the options, this endpoint's own copy
     * @param name the agent's name
     */
    public AgentEndpoint(String uri, AgentComponent component, AgentConfiguration configuration, String name) {
        super(uri, component);
        this.configuration = configuration;
        this.name = name;
    }

    @Override
    public Producer createProducer() throws Exception {
        return new AgentProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        throw new UnsupportedOperationException("nothing can be consumed from agent:, it answers what is sent to it");
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        engine = BactrianEngine.of(getCamelContext());
        traffic = new CallTraffic(engine.clock());
        try {
            settings = new AgentSettingsReader(getCamelContext(), configuration, engine.json()).read(name);
        } catch (MisconfiguredException e) {
            // somebody may have put a key where a name belongs
            throw OptionErrors.withoutOptions(getEndpointUri(), e);
        }
    }

    /** What the options say; there once the endpoint has started. */
    AgentSettings settings() {
        return started(settings);
    }

    /** What the endpoint calls; there once it has started. */
    BactrianEngine engine() {
        return started(engine);
    }

    /** The runs so far; there once it has started. */
    CallTraffic traffic() {
        return started(traffic);
    }

    /** How many runs are open. */
    AtomicInteger openRuns() {
        return openRuns;
    }

    /** How many calls of tools are running, those included that were given up and do not end. */
    AtomicInteger runningTools() {
        return runningTools;
    }

    private <T> T started(@Nullable T value) {
        if (value == null) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED, "the endpoint agent:" + name + " has not been started");
        }
        return value;
    }

    @Override
    public String getServiceUrl() {
        return "agent:" + name;
    }

    @Override
    public String getServiceProtocol() {
        return "agent";
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public AgentConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(AgentConfiguration configuration) {
        this.configuration = configuration;
    }
}
