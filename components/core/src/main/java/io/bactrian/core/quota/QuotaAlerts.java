package io.bactrian.core.quota;

/**
 * Told when limits fill up: once for each threshold in each period, before the limit refuses for the first time. Called by
 * the thread that makes the call, or by the one that reports use: it returns at once.
 */
public interface QuotaAlerts {

    /** Tells nobody. */
    QuotaAlerts NONE = new QuotaAlerts() {
        @Override
        public void passed(QuotaLimit limit, int percent, long amount) {
            // nobody is interested
        }
    };

    /**
     * So much of a limit is used, or held when something is refused.
     *
     * @param limit the limit
     * @param percent the threshold that was reached
     * @param amount how much it is
     */
    void passed(QuotaLimit limit, int percent, long amount);

    /**
     * A call has used more than was reserved for it and than was left: a provider counts otherwise than it declares.
     *
     * @param limit the limit
     * @param excess what could not be charged
     */
    default void overrun(QuotaLimit limit, long excess) {
        // the ledger has put it in the log
    }
}
