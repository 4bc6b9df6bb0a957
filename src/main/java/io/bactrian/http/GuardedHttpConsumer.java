package io.bactrian.http;

import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.support.BactrianConstants;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        super.handleRequest(context);
    }

    @Override
    protected Future<Void> processHttpRequest(Exchange exchange, RoutingContext context) {
        Identity identity = Gate.identity(context);
        if (identity == null) {
            return Future.failedFuture(new IllegalStateException("the request passed no gate"));
        }
        // made of the Host header, and remembered
        context.request().absoluteURI();
        keep(context.request().headers(), names::header);
        keep(context.queryParams(), names::parameter);
        keep(context.request().formAttributes(), names::parameter);
        context.pathParams().keySet().removeIf(name -> !names.parameter(name));
        exchange.setProperty(BactrianConstants.TENANT, identity.tenant());
        exchange.setProperty(BactrianConstants.SOURCE, InvokeSource.HTTP);
        exchange.setProperty(BactrianConstants.REQUEST_ID, Gate.requestId(context));
        exchange.setProperty(BactrianConstants.DEADLINE, Deadline.in(settings.answerTimeout()));
        if (identity.user() != null) {
            exchange.setProperty(BactrianConstants.USER, identity.user());
        }
        if (identity.app() != null) {
            exchange.setProperty(BactrianConstants.APP, identity.app());
        }
        if (identity.apiKey() != null) {
            exchange.setProperty(BactrianConstants.API_KEY, identity.apiKey());
        }
        return super.processHttpRequest(exchange, context).onSuccess(read -> body(exchange.getMessage(), context));
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
