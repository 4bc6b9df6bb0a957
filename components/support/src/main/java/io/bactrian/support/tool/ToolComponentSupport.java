package io.bactrian.support.tool;

import io.bactrian.support.OptionErrors;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.util.PropertiesHelper;
import org.jspecify.annotations.Nullable;

/** A component whose endpoints call tools. */
public abstract class ToolComponentSupport extends HealthCheckComponent {

    @Metadata(description = "The options that endpoints have unless they set their own.")
    private ToolConfiguration configuration = new ToolConfiguration();

    /**
     * Makes an endpoint.
     *
     * @param uri the URI
     * @param path what stands between the scheme and the options, decoded
     * @param own the options that it begins with, its own copy
     */
    protected abstract ToolEndpointSupport endpoint(String uri, String path, ToolConfiguration own);

    @Override
    protected final Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
            throws Exception {
        ToolConfiguration own = configuration.copy();
        own.getFormValues().putAll(PropertiesHelper.extractProperties(parameters, ToolConfiguration.FORM_PREFIX));
        ToolEndpointSupport endpoint = endpoint(uri, remaining, own);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /**
     * Refuses options that there are not, by name. Their values are not said: somebody may have tried to hand a key in
     * (HDR-15).
     */
    @Override
    protected final void validateParameters(String uri, Map<String, Object> parameters, @Nullable String optionPrefix) {
        if (!parameters.isEmpty()) {
            throw OptionErrors.unknown(uri, parameters);
        }
    }

    public ToolConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(ToolConfiguration configuration) {
        this.configuration = configuration;
    }
}
