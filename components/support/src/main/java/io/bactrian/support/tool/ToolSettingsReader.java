package io.bactrian.support.tool;

import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns an endpoint's options into its settings. Messages name the option and the rule; values may be anything and are not said. */
final class ToolSettingsReader {

    private final String scheme;
    private final ToolConfiguration options;

    /** @param scheme the scheme of the endpoint, for messages */
    ToolSettingsReader(String scheme, ToolConfiguration options) {
        this.scheme = scheme;
        this.options = options;
    }

    /**
     * Reads them.
     *
     * @param path the path of the URI
     * @param reference the tool that is named; null if each message brings its own
     * @throws MisconfiguredException naming the option that is wrong
     */
    ToolSettings read(String path, @Nullable ToolReference reference) {
        String address = options.getAddress();
        if (address != null && !address.isEmpty() && !path.equals(ToolEndpointSupport.DYNAMIC)) {
            throw wrong("address", "the path names a tool already: leave one of them out");
        }
        return new ToolSettings(
                reference,
                options.isStream(),
                read("tenant", options.getTenant(), TenantId::new),
                read("credential", options.getCredential(), CredentialName::new),
                timeout(),
                formValues());
    }

    private Duration timeout() {
        if (options.getTimeout() <= 0) {
            throw wrong("timeout", "it is more than nothing, such as 30s");
        }
        return Duration.ofMillis(options.getTimeout());
    }

    private JsonObject formValues() {
        Map<String, JsonValue> values = new LinkedHashMap<>();
        options.getFormValues().forEach((name, value) -> {
            checkName(name);
            try {
                values.put(name, JsonValue.of(value));
            } catch (IllegalArgumentException e) {
                throw wrong(ToolConfiguration.FORM_PREFIX + name, "it holds no value of JSON");
            }
        });
        return new JsonObject(values);
    }

    private void checkName(String name) {
        try {
            ToolParameter.form(name, ToolParameterType.ANY, "").build();
        } catch (IllegalArgumentException e) {
            throw wrong(ToolConfiguration.FORM_PREFIX + "*", String.valueOf(e.getMessage()));
        }
    }

    private <T> @Nullable T read(String option, @Nullable String value, Function<String, T> reader) {
        if (value == null || value.isBlank()) {
            return null;
        }
        try {
            return reader.apply(value);
        } catch (IllegalArgumentException e) {
            throw wrong(option, String.valueOf(e.getMessage()));
        }
    }

    private MisconfiguredException wrong(String option, String rule) {
        return new MisconfiguredException(
                ErrorCode.MISCONFIGURED, "the option " + option + " of a " + scheme + ": endpoint is wrong: " + rule);
    }
}
