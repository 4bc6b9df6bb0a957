package io.bactrian.support.tool;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.support.BactrianEngine;
import io.bactrian.support.CallTraffic;
import io.bactrian.support.OptionErrors;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** An endpoint that calls tools. A kind says how its paths name them. */
public abstract class ToolEndpointSupport extends DefaultEndpoint implements EndpointServiceLocation {

    /** The path of the one endpoint that serves all tools that are known only when a message comes. */
    public static final String DYNAMIC = "*";

    @UriParam
    private ToolConfiguration configuration;

    private final String scheme;
    private final String path;
    private @Nullable ToolSettings settings;
    private @Nullable BactrianEngine engine;
    private @Nullable CallTraffic traffic;

    /**
     * @param uri the URI
     * @param component the component
     * @param configuration the options, this endpoint's own copy
     * @param scheme the scheme
     * @param path the path of the URI, decoded
     */
    protected ToolEndpointSupport(
            String uri, Component component, ToolConfiguration configuration, String scheme, String path) {
        super(uri, component);
        this.configuration = configuration;
        this.scheme = scheme;
        this.path = path;
    }

    /**
     * The tool that a path names. Says what is wrong with it, and is the same for endpoints and for expressions that name a tool
     * when a message comes.
     *
     * @throws IllegalArgumentException if it names none, with how it is written
     */
    protected abstract ToolReference reference(String toolPath);

    @Override
    public Producer createProducer() throws Exception {
        return new ToolProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        throw new UnsupportedOperationException(
                "nothing can be consumed from " + scheme + ":, it answers what is sent to it");
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        String name = address();
        ToolReference reference = name.equals(DYNAMIC) ? null : ToolReferences.of(scheme, name, this::reference);
        try {
            settings = new ToolSettingsReader(scheme, configuration).read(path, reference);
        } catch (MisconfiguredException e) {
            // somebody may have put a key where the name of a credential, or a value, belongs
            throw OptionErrors.withoutOptions(getEndpointUri(), e);
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        engine = BactrianEngine.of(getCamelContext());
        traffic = new CallTraffic(engine.clock());
    }

    /** What the options say; there once the endpoint is initialized. */
    protected final ToolSettings settings() {
        return started(settings);
    }

    /** What the endpoint calls; there once it has started. */
    protected final BactrianEngine engine() {
        return started(engine);
    }

    /** The calls so far; there once it has started. */
    protected final CallTraffic traffic() {
        return started(traffic);
    }

    /** The tool as the URI names it; {@link #DYNAMIC} if each message brings its own. */
    public final String address() {
        String given = configuration.getAddress();
        return path.equals(DYNAMIC) && given != null && !given.isEmpty() ? given : path;
    }

    /** The scheme. */
    public final String scheme() {
        return scheme;
    }

    /** The tool that a message is for, where the URI names none. */
    final ToolReference dynamicReference(@Nullable Object dynamic) {
        if (dynamic instanceof ToolReference named) {
            return named;
        }
        throw new BadRequestException(
                ErrorCode.INVALID_PARAM, scheme + ":* takes the tool from toD or enrich: name one instead of *");
    }

    private <T> T started(@Nullable T value) {
        if (value == null) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED, "the endpoint " + scheme + ":" + path + " has not been started");
        }
        return value;
    }

    /** The tool; where it is, if anywhere, is not shown. */
    @Override
    public String getServiceUrl() {
        return scheme + ":" + address();
    }

    @Override
    public String getServiceProtocol() {
        return scheme;
    }

    public ToolConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(ToolConfiguration configuration) {
        this.configuration = configuration;
    }
}
