package io.bactrian.model;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;
import org.apache.camel.Endpoint;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.util.PropertiesHelper;
import org.apache.camel.util.StringHelper;
import org.apache.camel.util.URISupport;
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
        if (parameters.isEmpty()) {
            return;
        }
        String problem = "unknown options " + new TreeSet<>(parameters.keySet())
                + ": see the option table; keys are never options, a credential is named by credential=";
        if (showsAny(URISupport.sanitizeUri(uri), parameters.values())) {
            // the one exception that Camel does not wrap into one with the whole URI
            throw new NoSuchEndpointException(StringHelper.before(uri, "?", uri), problem);
        }
        throw new MisconfiguredException(ErrorCode.MISCONFIGURED, problem);
    }

    private static boolean showsAny(String shown, Collection<Object> values) {
        return values.stream().anyMatch(value -> value != null && shown.contains(value.toString()));
    }

    public ModelConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(ModelConfiguration configuration) {
        this.configuration = configuration;
    }
}
