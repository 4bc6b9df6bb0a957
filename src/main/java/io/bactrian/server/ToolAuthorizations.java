package io.bactrian.server;

import io.bactrian.core.tenant.Deadline;
import io.bactrian.engine.Installation;
import io.bactrian.http.Authorizations;
import io.bactrian.tool.oauth.OAuthAnswer;
import io.bactrian.tool.oauth.ToolAuthorization;
import java.security.SecureRandom;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An installation's authorizations of providers of tools: begun by the command line, finished by the server. */
public final class ToolAuthorizations implements Authorizations {

    /** The setting that says where persons come back to. */
    public static final String REDIRECT_URI = "bactrian.oauth.redirect-uri";

    private static final String BASE_URL = "bactrian.files.base-url";
    private static final String HERE = "http://127.0.0.1:8080";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ToolAuthorization authorization;

    /** @param installation whose providers they are */
    public ToolAuthorizations(Installation installation) {
        this.authorization = of(installation);
    }

    /** What authorizes in an installation. */
    public static ToolAuthorization of(Installation installation) {
        return new ToolAuthorization(
                installation.oauth(),
                installation.toolCredentialManager(),
                installation.configuration(),
                installation.toolManager(),
                installation.egress(),
                installation.json(),
                installation.audit(),
                new SecureRandom(),
                installation.clock());
    }

    /** Where persons come back to: as is set, else where the installation is reached from outside, else this machine. */
    public static String redirectUri(Installation installation) {
        return installation.settings().find(REDIRECT_URI).orElseGet(() -> {
            String base = installation.settings().find(BASE_URL).orElse(HERE);
            return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + PATH;
        });
    }

    @Override
    public String finish(@Nullable String query) {
        ToolAuthorization.Authorized authorized = authorization.finish(OAuthAnswer.parse(query), Deadline.in(PATIENCE));
        return authorized.provider() + " is authorized for tenant '" + authorized.tenant() + "' (credential "
                + authorized.credential() + "). This window can be closed.";
    }
}
