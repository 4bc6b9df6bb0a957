package io.bactrian.tool.oauth;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tool.OAuthStore;
import io.bactrian.core.tool.ToolCredentialRenewal;
import io.bactrian.core.tool.ToolCredentialRenewalFactory;
import io.bactrian.core.tool.ToolCredentialStore;
import io.bactrian.core.tool.ToolEnvironment;
import io.bactrian.egress.EgressClient;
import java.time.Clock;
import java.util.UUID;

/** Makes what renews tokens; found by its name in {@code META-INF/services}. */
public final class OAuthRenewalFactory implements ToolCredentialRenewalFactory {

    @Override
    public ToolCredentialRenewal renewal(ToolEnvironment environment) {
        // random UUIDs come from a SecureRandom: no node has another's
        return new OAuthRenewal(
                lent(environment, ToolCredentialStore.class),
                lent(environment, OAuthStore.class),
                lent(environment, EgressClient.class),
                environment.json(),
                () -> UUID.randomUUID().toString(),
                lent(environment, Clock.class));
    }

    private static <T> T lent(ToolEnvironment environment, Class<T> type) {
        return environment
                .find(type)
                .orElseThrow(() -> new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        "tokens cannot be renewed: the engine has no " + type.getSimpleName()));
    }
}
