package io.bactrian.support;

import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Ordered;
import org.apache.camel.Route;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of a stream when the exchange that it travels with ends; goes along when completions are handed over. */
final class LeaseCompletion extends SynchronizationAdapter {

    private final AnswerLease<?> lease;
    private final StreamLeases leases;

    LeaseCompletion(AnswerLease<?> lease, StreamLeases leases) {
        this.lease = lease;
        this.leases = leases;
    }

    @Override
    public void onComplete(Exchange exchange) {
        if (isBody(exchange.getMessage().getBody()) && handedBack(exchange)) {
            leases.handBack(lease);
        } else {
            lease.end(AnswerLease.End.EXCHANGE);
        }
    }

    @Override
    public void onFailure(Exchange exchange) {
        lease.end(AnswerLease.End.EXCHANGE);
    }

    private boolean isBody(@Nullable Object body) {
        return body == lease || body instanceof AnswerView view && view.readsFrom(lease);
    }

    /** Whether somebody gets the exchange, and with it the body, when all is done. */
    private static boolean handedBack(Exchange exchange) {
        if (madeByCaller(exchange) || branch(exchange)) {
            return true;
        }
        UnitOfWork unit = exchange.getUnitOfWork();
        // While a route is on the stack the unit of work is the route's own, and its consumer has yet to use the reply.
        // With none, the consumer made the unit of work and ends it when it has written the reply.
        boolean replyOutstanding = unit == null || unit.getRoute() != null;
        return replyOutstanding && exchange.getPattern().isOutCapable();
    }

    /** Whether the exchange was made by a producer template or other code, as opposed to a route's consumer. */
    private static boolean madeByCaller(Exchange exchange) {
        String routeId = exchange.getFromRouteId();
        Route route = routeId == null ? null : exchange.getContext().getRoute(routeId);
        Endpoint from = exchange.getFromEndpoint();
        if (route == null || from == null || route.getEndpoint() != from) {
            return true;
        }
        // direct: makes no exchanges: one that is from there was sent there
        return from.getEndpointBaseUri().startsWith("direct:");
    }

    /** Whether the exchange is one of several into which an EIP has branched; the aggregation gets its body. */
    private static boolean branch(Exchange exchange) {
        return exchange.getProperty(ExchangePropertyKey.MULTICAST_INDEX) != null
                || exchange.getProperty(ExchangePropertyKey.SPLIT_INDEX) != null
                || exchange.getProperty(ExchangePropertyKey.RECIPIENT_LIST_ENDPOINT) != null;
    }

    @Override
    public int getOrder() {
        // after those that copy the reply to whoever awaits it
        return Ordered.LOWEST;
    }
}
