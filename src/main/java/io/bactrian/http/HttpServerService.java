package io.bactrian.http;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.file.FileUrls;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.ExtendedStartupListener;
import org.apache.camel.StaticService;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server that platform-http routes are served by. Camel's own would do but for its limits, which are not all to
 * be set: heads, idle connections, and the gate, which stands here before the port is open.
 */
public final class HttpServerService extends ServiceSupport implements CamelContextAware, StaticService {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServerService.class);
    private static final int[] ERRORS = {400, 404, 405, 406, 408, 411, 413, 415, 500, 503};
    private static final long START_SECONDS = 30;
    private static final int ADMISSION = Integer.MIN_VALUE;
    private static final int BEFORE_GATE = ADMISSION + 1;
    private static final int GATE = BEFORE_GATE + 1;
    private static final int GATE_THREADS = 4;
    private static final int FILE_THREADS = 8;
    private static final int CALLBACK_THREADS = 4;
    private static final String FILES = FileUrls.PREFIX + "*";
    private static final Duration DOWNLOADS_END = Duration.ofSeconds(10);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final HttpSettings settings;
    private final Authenticator authenticator;
    private final @Nullable ServedFiles files;
    private final @Nullable Authorizations authorizations;
    private final AuthenticationThrottle throttle;
    private final @Nullable Administration administration;
    private final OpenStreams streams = new OpenStreams();
    private final OpenDownloads downloads = new OpenDownloads();
    private volatile boolean serving;
    private @Nullable CamelContext camelContext;
    private @Nullable Vertx vertx;
    private @Nullable HttpServer server;

    /**
     * What is served beside routes.
     *
     * @param files the files that signed links lead to; null for none
     * @param authorizations takes in persons who come back from providers; null for nobody
     * @param administration the administration; null for none
     */
    public record Surfaces(
            @Nullable ServedFiles files,
            @Nullable Authorizations authorizations,
            @Nullable Administration administration) {

        /** Routes alone. */
        public static final Surfaces NONE = new Surfaces(null, null, null);
    }

    /**
     * @param settings how the server is set up
     * @param authenticator recognizes API keys
     * @param throttle slows guessing at them down
     * @param surfaces what is served beside routes
     */
    public HttpServerService(
            HttpSettings settings, Authenticator authenticator, AuthenticationThrottle throttle, Surfaces surfaces) {
        this.settings = settings;
        this.authenticator = authenticator;
        this.throttle = throttle;
        this.files = surfaces.files();
        this.authorizations = surfaces.authorizations();
        this.administration = surfaces.administration();
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(@Nullable CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    /** How the server is set up. */
    HttpSettings settings() {
        return settings;
    }

    /** The streams being written. */
    public OpenStreams streams() {
        return streams;
    }

    /** The files being written. */
    OpenDownloads downloads() {
        return downloads;
    }

    /** The port the server listens on; 0 before it does. */
    public int port() {
        HttpServer running = server;
        return running == null ? 0 : running.actualPort();
    }

    /** The name under which consumers find the router. */
    static String routerName() {
        return VertxPlatformHttpRouter.PLATFORM_HTTP_ROUTER_NAME + "-bactrian";
    }

    @Override
    protected void doStart() throws Exception {
        Vertx started = Vertx.vertx(new VertxOptions()
                .setWorkerPoolSize(settings.workers())
                // a stream holds its worker for as long as it lasts, which is no fault to warn of
                .setMaxWorkerExecuteTime(settings.answerTimeout().plusMinutes(1).toNanos())
                .setMaxWorkerExecuteTimeUnit(TimeUnit.NANOSECONDS)
                .setPreferNativeTransport(false));
        vertx = started;
        Router router = Router.router(started);
        for (int status : ERRORS) {
            router.errorHandler(status, context -> failed(context, status));
        }
        router.route().order(ADMISSION).handler(new Admission(settings, () -> serving, this::isUpload));
        serveFiles(started, router);
        takePersonsIn(started, router);
        describe(router);
        router.route()
                .order(GATE)
                .handler(new Gate(
                        authenticator,
                        throttle,
                        administration,
                        settings,
                        started.createSharedWorkerExecutor("bactrian-gate", GATE_THREADS)));
        bind(started, router);
        server = listen(started, router);
        serveWhileAllRoutesDo();
        LOG.info("HTTP server listens on {}:{}", settings.host(), port());
    }

    /** Before the gate: a link that holds is all the right that it takes, and one that does not gets no further. */
    private void serveFiles(Vertx started, Router router) {
        ServedFiles served = files;
        if (served != null) {
            WorkerExecutor reading = started.createSharedWorkerExecutor("bactrian-files", FILE_THREADS);
            WorkerExecutor writing = started.createSharedWorkerExecutor("bactrian-uploads", UploadHandler.THREADS);
            Handler<RoutingContext> out = new FileHandler(served, settings, reading, downloads);
            Handler<RoutingContext> in = new UploadHandler(served, settings, reading, writing, downloads);
            router.route(FILES).order(BEFORE_GATE).handler(context -> (isUpload(context.request()) ? in : out)
                    .handle(context));
        }
    }

    private boolean isUpload(HttpServerRequest request) {
        return files != null && UploadHandler.concerns(request);
    }

    /** Before the gate as well: a browser brings no key along, and what it brings is good once. */
    private void takePersonsIn(Vertx started, Router router) {
        Authorizations open = authorizations;
        if (open != null) {
            router.route(Authorizations.PATH)
                    .order(BEFORE_GATE)
                    .handler(new OAuthCallback(
                            open, started.createSharedWorkerExecutor("bactrian-oauth", CALLBACK_THREADS)));
        }
    }

    /** Before the gate, too: what there is to be called is no secret, and whoever writes a client has no key yet. */
    private void describe(Router router) {
        Administration described = administration;
        if (described != null) {
            router.route(Administration.DOCUMENT).order(BEFORE_GATE).handler(new DocumentHandler(described.document()));
        }
    }

    private CamelContext context() {
        CamelContext context = camelContext;
        if (context == null) {
            throw new IllegalStateException("added to no Camel context");
        }
        return context;
    }

    /**
     * Routes come and go one by one. Whoever comes before all are there, or once the first is to go, is told to come back, or
     * to go to another node: not that there is nothing.
     */
    private void serveWhileAllRoutesDo() throws Exception {
        CamelContext context = context();
        context.addStartupListener(new ExtendedStartupListener() {
            @Override
            public void onCamelContextStarted(CamelContext starting, boolean alreadyStarted) {
                // routes may still be on their way
            }

            @Override
            public void onCamelContextFullyStarted(CamelContext started, boolean alreadyStarted) {
                serving = true;
            }
        });
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopping(CamelContext stopping) {
                serving = false;
            }
        });
    }

    private void bind(Vertx started, Router router) {
        context()
                .getRegistry()
                .bind(
                        routerName(),
                        VertxPlatformHttpRouter.class,
                        new VertxPlatformHttpRouter(null, started, router, routerName()) {
                            @Override
                            public Handler<RoutingContext> bodyHandler() {
                                return HttpServerService.this.bodyHandler();
                            }
                        });
    }

    private Handler<RoutingContext> bodyHandler() {
        // no uploads: a file's name would become the header CamelFileName
        Handler<RoutingContext> usual =
                BodyHandler.create(false).setBodyLimit(settings.maxBody()).setMergeFormAttributes(false);
        Handler<RoutingContext> form = FormBody.reader(settings.maxBody());
        return context -> (FormBody.declared(context) ? form : usual).handle(context);
    }

    private HttpServer listen(Vertx started, Router router) throws Exception {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                .setMaxHeaderSize(settings.maxHeaders())
                .setMaxInitialLineLength(settings.maxHeaders())
                .setHttp2ClearTextEnabled(false)
                .setHandle100ContinueAutomatically(true)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setIdleTimeout(
                        Math.toIntExact(settings.answerTimeout().plusSeconds(30).toSeconds()));
        try {
            return await(
                    started.createHttpServer(options).requestHandler(router).listen());
        } catch (ExecutionException e) {
            closeServer();
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "cannot listen on " + settings.host() + ":" + settings.port()
                            + ": the port may be taken; choose another with --port",
                    ErrorDetails.NONE,
                    e.getCause());
        }
    }

    private void failed(RoutingContext context, int status) {
        Throwable failure = context.failure();
        if (status == 405 && administration != null) {
            Set<String> methods = administration.methods().apply(context.normalizedPath());
            if (!methods.isEmpty()) {
                context.response().putHeader("Allow", String.join(", ", methods));
            }
        }
        if (status == 500 && failure != null) {
            LOG.error("request {} failed", Gate.requestId(context), failure);
            ErrorAnswer.of(failure, Gate.requestId(context)).send(context);
            return;
        }
        ErrorAnswer.of(status).send(context);
    }

    @Override
    protected void doStop() throws Exception {
        streams.closeAll(LAST_WORDS);
        downloads.awaitEnd(DOWNLOADS_END);
        closeServer();
    }

    private void closeServer() throws Exception {
        Vertx running = vertx;
        if (running == null) {
            return;
        }
        HttpServer listening = server;
        vertx = null;
        server = null;
        try {
            if (listening != null) {
                // before its threads go: none is left for whoever connects meanwhile
                await(listening.close());
            }
        } finally {
            await(running.close());
        }
    }

    private static <T> T await(Future<T> future) throws ExecutionException, InterruptedException, TimeoutException {
        return future.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
    }
}
