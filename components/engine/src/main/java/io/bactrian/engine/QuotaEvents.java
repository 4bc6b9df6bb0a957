package io.bactrian.engine;

import io.bactrian.core.quota.QuotaAlerts;
import io.bactrian.core.quota.QuotaLimit;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells Camel's event notifiers when limits fill up, on a thread of its own: whoever makes a call does not wait for them. */
final class QuotaEvents implements QuotaAlerts {

    private static final Logger LOG = LoggerFactory.getLogger(QuotaEvents.class);
    private static final int OVER = 101;

    private final CamelContext context;
    private final ExecutorService teller;

    QuotaEvents(CamelContext context) {
        this.context = context;
        this.teller = context.getExecutorServiceManager().newSingleThreadExecutor(this, "BactrianQuotaAlerts");
    }

    @Override
    public void passed(QuotaLimit limit, int percent, long amount) {
        tell(limit, percent, amount);
    }

    @Override
    public void overrun(QuotaLimit limit, long excess) {
        tell(limit, OVER, limit.limit() + excess);
    }

    private void tell(QuotaLimit limit, int percent, long amount) {
        if (teller.isShutdown()) {
            return;
        }
        teller.execute(() -> {
            try {
                context.getManagementStrategy().notify(new QuotaAlertEvent(context, limit, percent, amount));
            } catch (Exception e) {
                LOG.warn("nobody could be told that {} % of {} are used", percent, limit, e);
            }
        });
    }
}
