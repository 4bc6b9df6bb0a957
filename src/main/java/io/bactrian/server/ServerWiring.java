package io.bactrian.server;

import io.bactrian.admin.AdminSurface;
import io.bactrian.ask.Ask;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.engine.Installation;
import io.bactrian.http.Administration;
import io.bactrian.http.AuthenticationThrottle;
import io.bactrian.http.GuardedHttpEngine;
import io.bactrian.http.HttpServerService;
import io.bactrian.http.HttpSettings;
import io.bactrian.http.ServedFiles;
import io.bactrian.search.DocumentationSearch;
import io.bactrian.support.BactrianEngine;
import java.security.SecureRandom;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;
import org.jspecify.annotations.Nullable;

/** Puts our parts into the Camel context: engine, HTTP server, the beans that routes name. */
final class ServerWiring extends MainListenerSupport {

    private final ServerOptions options;
    private @Nullable HttpServerService server;
    private @Nullable Secret operatorToken;
    private @Nullable AuthenticationThrottle throttle;
    private @Nullable DocumentationSearch search;
    private @Nullable Ask ask;

    ServerWiring(ServerOptions options) {
        this.options = options;
    }

    /** The operator's token, once the configuration has been read. */
    Secret operatorToken() {
        Secret token = operatorToken;
        if (token == null) {
            throw new IllegalStateException("the management server starts before the configuration has been read");
        }
        return token;
    }

    /** What slows guessing at keys down, once the configuration has been read. */
    AuthenticationThrottle throttle() {
        AuthenticationThrottle made = throttle;
        if (made == null) {
            throw new IllegalStateException("the management server starts before the configuration has been read");
        }
        return made;
    }

    int port() {
        HttpServerService running = server;
        return running == null ? 0 : running.port();
    }

    int openStreams() {
        HttpServerService running = server;
        return running == null ? 0 : running.streams().count();
    }

    @Override
    public void afterConfigure(BaseMainSupport main) {
        CamelContext context = main.getCamelContext();
        // everything that is wrong with the configuration is told now, before the port is open
        Installation installation = installation(context);
        Secret token = OperatorToken.in(options.home().data(), new SecureRandom());
        operatorToken = token;
        AuthenticationThrottle slowing = new AuthenticationThrottle(
                HttpSettingsReader.throttle(installation.settings()),
                new RefusedAttempts(installation),
                System::nanoTime);
        throttle = slowing;
        HttpSettings settings = HttpSettingsReader.read(installation.settings(), options.port());
        HttpServerService http = new HttpServerService(
                settings,
                new KnownKeys(installation.apiKeyManager()),
                slowing,
                new HttpServerService.Surfaces(
                        files(installation),
                        new ToolAuthorizations(installation),
                        administration(installation, token, context)));
        server = http;
        bind(context, installation, http);
        context.getCamelContextExtension()
                .setErrorHandlerFactory(new DefaultErrorHandlerDefinition().logger(new FailureLogger()));
        try {
            context.addService(http, true, true);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED, "the HTTP server does not start", ErrorDetails.NONE, e);
        }
    }

    private static ServedFiles files(Installation installation) {
        return new ServedFiles(
                installation.fileStore(),
                installation.fileUrls(),
                installation.uploadNonces(),
                tenant -> enabled(installation, tenant),
                installation.clock());
    }

    private static @Nullable Administration administration(
            Installation installation, Secret operatorToken, CamelContext context) {
        if (!installation.settings().flag(AdminSurface.ENABLED, true)) {
            return null;
        }
        AdminSurface surface = new AdminSurface(installation);
        try {
            context.addRoutes(surface.routes());
        } catch (Exception e) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "the administration is not served: see the cause, or set " + AdminSurface.ENABLED + "=false",
                    ErrorDetails.NONE,
                    e);
        }
        return surface.administration(operatorToken, context);
    }

    private static boolean enabled(Installation installation, TenantId tenant) {
        return installation
                .configuration()
                .tenant(tenant)
                .map(TenantRecord::enabled)
                .orElse(false);
    }

    private void bind(CamelContext context, Installation installation, HttpServerService http) {
        context.getRegistry()
                .bind(
                        PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME,
                        PlatformHttpEngine.class,
                        new GuardedHttpEngine(http, installation.clock()));
        DocumentationSearch documentation = new DocumentationSearch(
                installation::modelManager,
                context.getExecutorServiceManager().newSingleThreadExecutor(this, "search-index"));
        search = documentation;
        context.getRegistry().bind("search", documentation);
        context.getRegistry().bind("chat", new ChatPrompt());
        Ask questions = new Ask(() -> installation);
        ask = questions;
        context.getRegistry().bind("ask", questions);
    }

    private static Installation installation(CamelContext context) {
        if (BactrianEngine.of(context) instanceof Installation installation) {
            return installation;
        }
        throw new IllegalStateException("another engine than bactrian-engine is on the class path");
    }

    @Override
    public void afterStart(BaseMainSupport main) {
        if (search != null) {
            search.prepare();
        }
        Ask questions = ask;
        if (questions != null) {
            ExecutorService once =
                    main.getCamelContext().getExecutorServiceManager().newSingleThreadExecutor(this, "ask-index");
            once.execute(questions::prepare);
        }
    }
}
