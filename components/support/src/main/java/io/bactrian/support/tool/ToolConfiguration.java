package io.bactrian.support.tool;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/**
 * The options of an endpoint that calls tools, as Camel sets them; {@link ToolSettings} is what becomes of them at start. A
 * kind with options of its own extends this.
 */
@Configurer
@UriParams
public class ToolConfiguration implements Cloneable {

    /** What stands before the names of parameters in options. */
    static final String FORM_PREFIX = "form.";

    @UriParam(
            label = "producer",
            description =
                    "Whether what comes of the tool comes message by message: the body is then a ToolStream, which"
                            + " ends with its exchange.")
    private boolean stream;

    @UriParam(
            label = "producer",
            description = "The tool as the path would name it, for a name that a path cannot hold, such as one with a"
                    + " question mark; the path is then *.")
    private @Nullable String address;

    @UriParam(
            label = "producer,security",
            description =
                    "The tenant on whose account the call is made. For routes of one tenant; without it the exchange"
                            + " property BactrianTenant says who, and without that it is the default tenant of the installation.")
    private @Nullable String tenant;

    @UriParam(
            label = "producer,security",
            description =
                    "The name of the one of the tenant's credentials for the provider that is used, instead of the default"
                            + " one. Never a key: keys are kept where the tenant's credentials are.")
    private @Nullable String credential;

    @UriParam(
            label = "producer",
            defaultValue = "60000",
            javaType = "java.time.Duration",
            description = "How long the call may take, the reading of a stream included. A deadline that the exchange"
                    + " carries (property BactrianDeadline) and what the tool itself allows can make it sooner.")
    private long timeout = 60_000;

    @UriParam(
            label = "producer",
            prefix = FORM_PREFIX,
            multiValue = true,
            description =
                    "Values of the tool's parameters by name, such as form.city=Berlin. They win over the body, and"
                            + " are coerced as the body's are. Never a secret.")
    private Map<String, Object> formValues = new LinkedHashMap<>();

    /** An independent copy, of the same class. */
    public ToolConfiguration copy() {
        try {
            ToolConfiguration copy = (ToolConfiguration) clone();
            copy.formValues = new LinkedHashMap<>(formValues);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    public boolean isStream() {
        return stream;
    }

    public void setStream(boolean stream) {
        this.stream = stream;
    }

    public @Nullable String getAddress() {
        return address;
    }

    public void setAddress(@Nullable String address) {
        this.address = address;
    }

    public @Nullable String getTenant() {
        return tenant;
    }

    public void setTenant(@Nullable String tenant) {
        this.tenant = tenant;
    }

    public @Nullable String getCredential() {
        return credential;
    }

    public void setCredential(@Nullable String credential) {
        this.credential = credential;
    }

    public long getTimeout() {
        return timeout;
    }

    public void setTimeout(long timeout) {
        this.timeout = timeout;
    }

    public Map<String, Object> getFormValues() {
        return formValues;
    }

    public void setFormValues(Map<String, Object> formValues) {
        this.formValues = formValues;
    }
}
