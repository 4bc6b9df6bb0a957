package io.bactrian.tool.oauth;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tool.ToolProviderEntity;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.egress.EgressTarget;
import java.util.List;
import java.util.Set;

/**
 * A provider that is opened by OAuth 2, as its declaration says.
 *
 * @param name which one
 * @param authorizationEndpoint where a person says yes
 * @param tokenEndpoint where codes and refresh tokens are exchanged
 * @param scopes what is asked for
 */
record OAuthProvider(ToolProviderName name, String authorizationEndpoint, String tokenEndpoint, List<String> scopes) {

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "localhost");

    OAuthProvider {
        scopes = List.copyOf(scopes);
    }

    /**
     * The provider.
     *
     * @throws BadRequestException with {@code invalid_param} if it is not opened by OAuth 2
     * @throws MisconfiguredException if what it declares is nowhere to send a person or a token to
     */
    static OAuthProvider of(ToolProviderName name, ToolProviderEntity entity) {
        ToolProviderEntity.OAuthDeclaration declared = entity.oauth();
        if (declared == null) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "the provider of tools '" + name + "' is not opened by OAuth 2");
        }
        OAuthProvider provider =
                new OAuthProvider(name, declared.authorizationEndpoint(), declared.tokenEndpoint(), declared.scopes());
        provider.check("authorization endpoint", provider.authorizationEndpoint());
        provider.check("token endpoint", provider.tokenEndpoint());
        return provider;
    }

    /** http and https only, and what is secret goes over https unless it stays on this machine (MCP-12). */
    private void check(String what, String url) {
        if (!isSafe(url)) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "the provider of tools '" + name + "' declares an " + what
                            + " that is no https URL (http is for this machine alone)");
        }
    }

    /** Whether secrets and persons may be sent there. */
    static boolean isSafe(String url) {
        try {
            EgressTarget target = EgressTarget.parse(url);
            return "https".equals(target.scheme()) || LOOPBACK.contains(target.host());
        } catch (io.bactrian.core.error.RefusedException e) {
            return false;
        }
    }
}
