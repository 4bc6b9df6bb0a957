package io.bactrian.core.quota;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When whom to tell that a limit fills up. */
public final class Alarm {

    /** Tells nobody. */
    public static final Alarm SILENT = new Alarm(QuotaAlerts.NONE, List.of());

    /** The thresholds that are told unless others are set, in percent. */
    public static final List<Integer> USUAL = List.of(80, 100);

    private static final Logger LOG = LoggerFactory.getLogger(Alarm.class);

    private final QuotaAlerts alerts;
    private final int[] percents;

    /**
     * @param alerts who is told
     * @param percents the thresholds
     * @throws MisconfiguredException if a threshold is not from 1 to 100
     */
    public Alarm(QuotaAlerts alerts, List<Integer> percents) {
        this.alerts = alerts;
        this.percents = percents.stream()
                .mapToInt(Integer::intValue)
                .distinct()
                .sorted()
                .toArray();
        for (int percent : this.percents) {
            if (percent < 1 || percent > 100) {
                throw new MisconfiguredException(
                        ErrorCode.MISCONFIGURED, "a threshold of quota alerts is a percentage from 1 to 100");
            }
        }
    }

    /** How many thresholds an amount has reached. */
    int level(long amount, long limit) {
        int level = 0;
        while (level < percents.length && amount >= threshold(limit, percents[level])) {
            level++;
        }
        return level;
    }

    /** As {@link #level}, for an amount that may go down again: a threshold is left behind a tenth below it. */
    int level(int before, long amount, long limit) {
        int level = before;
        while (level > 0 && amount < threshold(limit, percents[level - 1]) / 10 * 9) {
            level--;
        }
        return Math.max(level, level(amount, limit));
    }

    // so that no product overflows; rounded up
    private static long threshold(long limit, int percent) {
        return limit / 100 * percent + (limit % 100 * percent + 99) / 100;
    }

    /** Tells of the thresholds after {@code from}, up to {@code to}. */
    void tell(QuotaLimit limit, long amount, int from, int to) {
        for (int level = from; level < to; level++) {
            try {
                alerts.passed(limit, percents[level], amount);
            } catch (RuntimeException e) {
                // whoever listens does not stop calls
                LOG.warn("an alert about {} was not taken", limit.account().describe(), e);
            }
        }
    }

    /** Tells of what could not be charged. */
    void overrun(QuotaLimit limit, long excess) {
        LOG.warn(
                "{}: a call used {} more than was reserved and left; check what its model's declaration says of tokens"
                        + " and prices",
                limit.account().describe(),
                limit.show(excess));
        try {
            alerts.overrun(limit, excess);
        } catch (RuntimeException e) {
            LOG.warn("an alert about {} was not taken", limit.account().describe(), e);
        }
    }
}
