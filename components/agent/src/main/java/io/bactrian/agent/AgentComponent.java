package io.bactrian.agent;

import io.bactrian.support.OptionErrors;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.util.PropertiesHelper;
import org.jspecify.annotations.Nullable;

/** The component {@code agent:}. */
@Component("agent")
public class AgentComponent extends HealthCheckComponent {

    @Metadata(description = "The options that endpoints have unless they set their own.")
    private AgentConfiguration configuration = new AgentConfiguration();

    @Metadata(
            label = "advanced",
            autowired = true,
            description =
                    "Remembers conversations; without it they are remembered in this process, the last turns of each.")
    private @Nullable AgentMemory memory;

    private final WindowMemory ownMemory = new WindowMemory(WindowMemory.Limits.DEFAULTS);
    private final Set<String> goingOn = ConcurrentHashMap.newKeySet();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        AgentConfiguration own = configuration.copy();
        own.getAdditionalParameters().putAll(PropertiesHelper.extractProperties(parameters, "param."));
        own.getFormValues().putAll(PropertiesHelper.extractProperties(parameters, "form."));
        own.getToolCredentials().putAll(PropertiesHelper.extractProperties(parameters, "toolCredential."));
        // Camel looks options up by their names in lower case of the default locale, where an I may become another
        // letter than i
        Integer maxIterations = getAndRemoveParameter(parameters, "maxIterations", Integer.class);
        if (maxIterations != null) {
            own.setMaxIterations(maxIterations);
        }
        AgentEndpoint endpoint = new AgentEndpoint(uri, this, own, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** Refuses options that there are not, by name; their values are not said (HDR-15). */
    @Override
    protected void validateParameters(String uri, Map<String, Object> parameters, @Nullable String optionPrefix) {
        if (!parameters.isEmpty()) {
            throw OptionErrors.unknown(uri, parameters);
        }
    }

    /** What remembers conversations. */
    AgentMemory rememberedIn() {
        AgentMemory given = memory;
        return given == null ? ownMemory : given;
    }

    /** The runs that are just being taken up after they waited for a person. */
    Set<String> goingOn() {
        return goingOn;
    }

    public AgentConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(AgentConfiguration configuration) {
        this.configuration = configuration;
    }

    public @Nullable AgentMemory getMemory() {
        return memory;
    }

    public void setMemory(@Nullable AgentMemory memory) {
        this.memory = memory;
    }
}
