package io.bactrian.engine;

import io.bactrian.core.quota.QuotaLimit;
import java.io.Serial;
import java.util.EventObject;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.CamelEvent;

/**
 * A limit of what a tenant may spend fills up, or was passed. For Camel's event notifiers: a context's
 * {@code EventNotifierSupport} gets it as it gets Camel's own events.
 */
public final class QuotaAlertEvent extends EventObject implements CamelEvent.CamelContextEvent {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient CamelContext context;
    private final transient QuotaLimit limit;
    private final int percent;
    private final long amount;
    private long timestamp;

    QuotaAlertEvent(CamelContext context, QuotaLimit limit, int percent, long amount) {
        super(context);
        this.context = context;
        this.limit = limit;
        this.percent = percent;
        this.amount = amount;
    }

    @Override
    public CamelContext getContext() {
        return context;
    }

    @Override
    public Type getType() {
        return Type.Custom;
    }

    /** The limit: whose it is, of what, how much, and in which time. */
    public QuotaLimit getLimit() {
        return limit;
    }

    /** How much of it is used up, in percent: the threshold that was reached, or above 100 if more was used than was left. */
    public int getPercent() {
        return percent;
    }

    /** How much is used, in the limit's unit; money in millionths. */
    public long getAmount() {
        return amount;
    }

    @Override
    public long getTimestamp() {
        return timestamp;
    }

    @Override
    public void setTimestamp(long timestamp) {
        this.timestamp = timestamp;
    }

    @Override
    public String toString() {
        return percent + " % of " + limit + " are used";
    }
}
