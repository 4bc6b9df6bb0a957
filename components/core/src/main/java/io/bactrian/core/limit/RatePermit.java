package io.bactrian.core.limit;

/** The leave for one call, with what its limits have set aside for it. Used by any thread. */
public interface RatePermit extends AutoCloseable {

    /** Leave for a call that no limit is about. */
    RatePermit NONE = new RatePermit() {
        @Override
        public void settle(long tokens) {
            // nothing was set aside
        }

        @Override
        public void close() {
            // nothing is held
        }
    };

    /**
     * Says what the call has really used, which takes the place of the estimate. Only the first time counts; a call of which
     * nothing is said has used its estimate.
     *
     * @param tokens as the provider counts them
     */
    void settle(long tokens);

    /** The call has ended: others may begin. Only the first time counts. */
    @Override
    void close();
}
