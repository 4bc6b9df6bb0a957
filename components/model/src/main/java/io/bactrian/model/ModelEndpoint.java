package io.bactrian.model;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.support.BactrianConstants;
import io.bactrian.support.BactrianEngine;
import io.bactrian.support.CallTraffic;
import io.bactrian.support.OptionErrors;
import java.util.Objects;
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
 * Calls an AI model on a tenant's behalf: chat with a language model, or turn texts into vectors. Which credential pays
 * is settled by the tenant's configuration.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "model",
        title = "AI Model",
        syntax = "model:provider/modelName",
        producerOnly = true,
        category = {Category.AI},
        headersClass = BactrianConstants.class)
public class ModelEndpoint extends DefaultEndpoint implements EndpointServiceLocation {

    @UriPath(
            description = "The provider of the model, such as openai; or default, without a model, for the tenant's"
                    + " default model of the type.")
    @Metadata(required = true)
    private String provider;

    @UriPath(
            description =
                    "The model: all that follows the first slash, whatever it holds. A name with a question mark is"
                            + " given as the option modelName.")
    private @Nullable String modelName;

    @UriParam
    private ModelConfiguration configuration;

    private final String path;
    private @Nullable ModelSettings settings;
    private @Nullable BactrianEngine engine;
    private @Nullable CallTraffic traffic;

    /**
     * @param uri the URI
     * @param component the component
     * @param configuration the options, this endpoint's own copy
     * @param path the path of the URI
     */
    public ModelEndpoint(String uri, ModelComponent component, ModelConfiguration configuration, String path) {
        super(uri, component);
        this.configuration = configuration;
        this.path = path;
        int slash = path.indexOf('/');
        this.provider = slash < 0 ? path : path.substring(0, slash);
    }

    @Override
    public Producer createProducer() {
        return new ModelProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("nothing can be consumed from model:, it answers what is sent to it");
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        ModelAddress address = path.equals(ModelAddress.DYNAMIC) ? null : ModelAddress.parse(path, modelName);
        SettingsReader reader = new SettingsReader(getCamelContext(), configuration);
        try {
            reader.checkWhereKeysMayStand();
        } catch (MisconfiguredException e) {
            throw OptionErrors.withoutOptions(getEndpointUri(), e);
        }
        settings = reader.read(address);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        engine = BactrianEngine.of(getCamelContext());
        traffic = new CallTraffic(engine.clock());
    }

    /** What the options say; there once the endpoint is initialized. */
    ModelSettings settings() {
        return started(settings);
    }

    /** What the endpoint calls; there once it has started. */
    BactrianEngine engine() {
        return started(engine);
    }

    /** The calls so far; there once it has started. */
    CallTraffic traffic() {
        return started(traffic);
    }

    /** The model as the URI names it. */
    String address() {
        ModelAddress address = settings().address();
        return address == null ? ModelAddress.DYNAMIC : address.toString();
    }

    private <T> T started(@Nullable T value) {
        if (value == null) {
            throw new MisconfiguredException(ErrorCode.MISCONFIGURED, "the endpoint " + path + " has not been started");
        }
        return value;
    }

    /** The provider and the model; the URL itself belongs to the tenant's credential and is not shown. */
    @Override
    public String getServiceUrl() {
        return "model:" + path;
    }

    @Override
    public String getServiceProtocol() {
        return "model";
    }

    public String getProvider() {
        return provider;
    }

    public void setProvider(String provider) {
        this.provider = Objects.requireNonNull(provider);
    }

    public @Nullable String getModelName() {
        return modelName;
    }

    public void setModelName(@Nullable String modelName) {
        this.modelName = modelName;
    }

    public ModelConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(ModelConfiguration configuration) {
        this.configuration = configuration;
    }
}
