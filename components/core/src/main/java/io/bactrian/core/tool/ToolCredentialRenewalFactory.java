package io.bactrian.core.tool;

/** Makes what renews tokens when a context starts. Found by {@link java.util.ServiceLoader}. */
public interface ToolCredentialRenewalFactory {

    /**
     * What renews tokens.
     *
     * @param environment lends the egress client, {@link ToolCredentialStore}, {@link OAuthStore} and a clock
     */
    ToolCredentialRenewal renewal(ToolEnvironment environment);
}
