package io.bactrian.model;

import io.bactrian.support.OptionErrors;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.util.PropertiesHelper;
import org.jspecify.annotations.Nullable;

/** The component {@code model:}. */
@Component("model")
public class ModelComponent extends HealthCheckComponent {

    private static final String PARAMETER_PREFIX = "param.";

    @Metadata(description = "The options that endpoints have unless they set their own.")
    private ModelConfiguration configuration = new ModelConfiguration();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        ModelConfiguration own = configuration.copy();
        own.getAdditionalParameters().putAll(PropertiesHelper.extractProperties(parameters, PARAMETER_PREFIX));
        ModelEndpoint endpoint = new ModelEndpoint(uri, this, own, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /**
     * Refuses options that there are not, by name. Their values are not said: somebody may have tried to hand a key in
     * (HDR-15).
     */
    @Override
    protected void validateParameters(String uri, Map<String, Object> parameters, @Nullable String optionPrefix) {
        if (!parameters.isEmpty()) {
            throw OptionErrors.unknown(uri, parameters);
        }
    }

    public ModelConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(ModelConfiguration configuration) {
        this.configuration = configuration;
    }
}
