package io.bactrian.core.limit;

import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * What limits know of a call.
 *
 * @param tenant who pays
 * @param app the application it is for; null for none
 * @param provider the provider of the model it is of; null for a tool
 * @param model the model's name; null for a tool
 * @param apiKey the API key it is made with; null for none
 */
public record RateSubject(
        TenantId tenant,
        @Nullable AppId app,
        @Nullable ProviderId provider,
        @Nullable String model,
        @Nullable ApiKeyId apiKey) {

    /** What there is, with names: {@code tenant acme, app shop}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("tenant ").append(tenant);
        append(text, "app", app);
        append(text, "provider", provider);
        append(text, "model", model);
        append(text, "API key", apiKey);
        return text.toString();
    }

    private static void append(StringBuilder text, String name, @Nullable Object value) {
        if (value != null) {
            text.append(", ").append(name).append(' ').append(value);
        }
    }
}
