package io.bactrian.core.usage;

import java.util.Comparator;
import java.util.List;

/**
 * Usage summed up.
 *
 * @param sums by days: the newest first; by anything else: those with the most calls first
 * @param complete whether no sum was left out, as there were more than asked for
 * @param lost how many calls of that time are in none of the sums, because their records were lost
 */
public record UsageReport(List<UsageSum> sums, boolean complete, long lost) {

    private static final Comparator<UsageSum> NEWEST_FIRST =
            Comparator.comparing(UsageSum::key).reversed();
    private static final Comparator<UsageSum> MOST_FIRST =
            Comparator.comparingLong(UsageSum::calls).reversed().thenComparing(UsageSum::key);

    /** Copies the list. */
    public UsageReport {
        sums = List.copyOf(sums);
    }

    /** A report of at most as many sums as were asked for, in its order. */
    public static UsageReport of(UsageQuery query, List<UsageSum> all, long lost) {
        List<UsageSum> sums = all.stream()
                .sorted(query.by() == UsageDimension.DAY ? NEWEST_FIRST : MOST_FIRST)
                .limit(query.most())
                .toList();
        return new UsageReport(sums, sums.size() == all.size(), lost);
    }
}
