package io.bactrian.http;

import io.bactrian.core.access.Actor;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.support.BactrianConstants;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.util.CollectionHelper;

/**
 * A route's consumer. Takes out of a request what must not reach the route before Camel's own mapping, and the endpoint's
 * header filter, see it; then says on the exchange whose request it is.
 */
final class GuardedHttpConsumer extends VertxPlatformHttpConsumer {

    private static final List<String> CONDITIONS = List.of("if-match", "if-none-match");

    private final InboundNames names;
    private final HttpSettings settings;

    GuardedHttpConsumer(PlatformHttpEndpoint endpoint, Processor processor, InboundNames names, HttpSettings settings) {
        super(endpoint, processor, List.of(), HttpServerService.routerName());
        this.names = names;
        this.settings = settings;
    }

    @Override
    protected void handleRequest(RoutingContext context) {
        if (isSuspended()) {
            context.response().putHeader("Retry-After", "1");
            ErrorAnswer.of(503).send(context);
            return;
        }
        // such a route reads the body by itself, past the limit: the length must have been declared and checked
        boolean unbounded = getEndpoint().isUseStreaming() || !getEndpoint().isUseBodyHandler();
        if (unbounded && context.request().getHeader("Transfer-Encoding") != null) {
            ErrorAnswer.of(411).send(context);
            return;
        }
        Identity identity = Gate.identity(context);
        if (identity == null || !admits(identity)) {
            // the gate has seen to it: this holds if it and the router ever differ in what a path is
            ErrorAnswer.of(401).send(context);
            return;
        }
        if (administered() && context.body().length() > Administration.MAX_BODY) {
            ErrorAnswer.of(413).send(context);
            return;
        }
        super.handleRequest(context);
    }

    /** The administration is for those who were let at it, and routes are for tenants. */
    private boolean admits(Identity identity) {
        return administered() ? identity.administrator().isPresent() : identity instanceof Identity.TenantCaller;
    }

    /** Also of a route that somebody has put there, where no administration is served: nobody is let at it then. */
    private boolean administered() {
        String path = getEndpoint().getPath();
        return Administration.covers(path.startsWith("/") ? path : "/" + path);
    }

    @Override
    protected Future<Void> processHttpRequest(Exchange exchange, RoutingContext context) {
        Identity identity = Gate.identity(context);
        if (identity == null) {
            return Future.failedFuture(new IllegalStateException("the request passed no gate"));
        }
        // before anything is taken out or mixed
        AdminCall call =
                identity.administrator().map(actor -> adminCall(actor, context)).orElse(null);
        // made of the Host header, and remembered
        context.request().absoluteURI();
        keep(context.request().headers(), names::header);
        keep(context.queryParams(), names::parameter);
        keep(context.request().formAttributes(), names::parameter);
        context.pathParams().keySet().removeIf(name -> !names.parameter(name));
        exchange.setProperty(BactrianConstants.SOURCE, InvokeSource.HTTP);
        exchange.setProperty(BactrianConstants.REQUEST_ID, Gate.requestId(context));
        exchange.setProperty(BactrianConstants.DEADLINE, Deadline.in(settings.answerTimeout()));
        if (identity instanceof Identity.TenantCaller caller) {
            identify(exchange, caller);
        }
        return super.processHttpRequest(exchange, context).onSuccess(read -> {
            if (call == null) {
                body(exchange.getMessage(), context);
            } else {
                // where a tracer would show it
                exchange.getMessage().setBody(null);
                exchange.setProperty(AdminCall.PROPERTY, call);
            }
        });
    }

    private static void identify(Exchange exchange, Identity.TenantCaller caller) {
        exchange.setProperty(BactrianConstants.TENANT, caller.tenant());
        if (caller.user() != null) {
            exchange.setProperty(BactrianConstants.USER, caller.user());
        }
        if (caller.app() != null) {
            exchange.setProperty(BactrianConstants.APP, caller.app());
        }
        if (caller.apiKey() != null) {
            exchange.setProperty(BactrianConstants.API_KEY, caller.apiKey());
        }
    }

    private static AdminCall adminCall(Actor actor, RoutingContext context) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        context.queryParams()
                .names()
                .forEach(name ->
                        query.put(name, List.copyOf(context.queryParams().getAll(name))));
        Map<String, List<String>> conditions = new LinkedHashMap<>();
        for (String name : CONDITIONS) {
            List<String> given = context.request().headers().getAll(name);
            if (!given.isEmpty()) {
                conditions.put(name, List.copyOf(given));
            }
        }
        String body = Objects.requireNonNullElse(context.body().asString(StandardCharsets.UTF_8.name()), "");
        return new AdminCall(actor, Gate.requestId(context), context.pathParams(), query, conditions, body);
    }

    private void body(Message message, RoutingContext context) {
        String text = FormBody.text(context);
        if (text == null) {
            return;
        }
        if (!FormBody.isForm(text)) {
            message.setBody(text);
            return;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        FormBody.fields(text)
                .forEach((name, values) -> values.forEach(value -> {
                    HeaderFilterStrategy filter = getEndpoint().getHeaderFilterStrategy();
                    if (names.parameter(name)
                            && !filter.applyFilterToExternalHeaders(name, value, message.getExchange())) {
                        CollectionHelper.appendEntry(message.getHeaders(), name, value);
                        CollectionHelper.appendEntry(fields, name, value);
                    }
                }));
        if (getEndpoint().isPopulateBodyWithForm() && !fields.isEmpty()) {
            message.setBody(fields);
        }
    }

    private static void keep(MultiMap map, Predicate<String> admitted) {
        for (String name : List.copyOf(map.names())) {
            if (!admitted.test(name)) {
                map.remove(name);
            }
        }
    }
}
