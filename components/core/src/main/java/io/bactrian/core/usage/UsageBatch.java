package io.bactrian.core.usage;

import java.util.List;

/**
 * What goes into the store at a time.
 *
 * @param records what calls used
 * @param losses how many more there were
 */
record UsageBatch(List<UsageRecord> records, List<UsageLoss> losses) {

    boolean isEmpty() {
        return records.isEmpty() && losses.isEmpty();
    }

    /** Whether there is nothing in it that could go without the rest. */
    boolean isSingle() {
        return records.size() + losses.size() <= 1;
    }

    /** The same in two: for when something in it is refused, and nobody knows what. */
    List<UsageBatch> halves() {
        if (!records.isEmpty() && !losses.isEmpty()) {
            return List.of(new UsageBatch(records, List.of()), new UsageBatch(List.of(), losses));
        }
        int ofRecords = records.size() / 2;
        int ofLosses = losses.size() / 2;
        return List.of(
                new UsageBatch(records.subList(0, ofRecords), losses.subList(0, ofLosses)),
                new UsageBatch(records.subList(ofRecords, records.size()), losses.subList(ofLosses, losses.size())));
    }
}
