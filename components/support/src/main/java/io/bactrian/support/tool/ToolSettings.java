package io.bactrian.support.tool;

import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the options of an endpoint that calls tools say, checked once when it starts.
 *
 * @param reference the tool; null if each message brings its own
 * @param stream whether what comes of it comes message by message
 * @param tenant on whose account; null if the exchange says
 * @param credential the credential to use; null for the default one
 * @param timeout how long a call may take
 * @param formValues values of parameters, which win over the body
 */
public record ToolSettings(
        @Nullable ToolReference reference,
        boolean stream,
        @Nullable TenantId tenant,
        @Nullable CredentialName credential,
        Duration timeout,
        JsonObject formValues) {}
