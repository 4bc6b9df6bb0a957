package io.bactrian.engine;

import io.bactrian.core.quota.QuotaAlerts;
import io.bactrian.core.quota.QuotaLimit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log and whoever else wants to know when limits fill up.
 *
 * @param others who else
 */
record QuotaTelling(List<QuotaAlerts> others) implements QuotaAlerts {

    private static final Logger LOG = LoggerFactory.getLogger(QuotaTelling.class);

    /** Copies the list. */
    QuotaTelling {
        others = List.copyOf(others);
    }

    @Override
    public void passed(QuotaLimit limit, int percent, long amount) {
        LOG.warn("{} % of {} are used", percent, limit);
        others.forEach(other -> other.passed(limit, percent, amount));
    }

    @Override
    public void overrun(QuotaLimit limit, long excess) {
        others.forEach(other -> other.overrun(limit, excess));
    }
}
