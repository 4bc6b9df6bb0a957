package io.bactrian.bench;

/**
 * How much is done.
 *
 * @param name what it is called
 * @param rounds rounds of everything that is compared
 * @param warmMillis how long each subject warms up, for each scenario
 * @param asks calls a round
 * @param streams streams a round, of 100 pieces; a tenth of it of 1,000
 * @param cancels streams that are cut
 * @param loadMillis how long each load lasts
 * @param loads numbers of callers, with a model that answers at once
 * @param delayedLoads numbers of callers, with a model that takes 50 ms
 * @param tenants numbers of tenants
 * @param held numbers of streams held open
 * @param jmh forks, warm-up rounds, measured rounds, milliseconds a round
 */
record Effort(
        String name,
        int rounds,
        long warmMillis,
        int asks,
        int streams,
        int cancels,
        long loadMillis,
        int[] loads,
        int[] delayedLoads,
        int[] tenants,
        int[] held,
        String[] jmh) {

    static final Effort TINY = new Effort(
            "tiny",
            2,
            300,
            40,
            10,
            3,
            200,
            new int[] {8},
            new int[] {32},
            new int[] {1, 100},
            new int[] {100},
            new String[] {"1", "1", "1", "50"});

    static final Effort QUICK = new Effort(
            "quick",
            5,
            6_000,
            1_000,
            60,
            15,
            900,
            new int[] {8, 32},
            new int[] {128, 1_024},
            new int[] {1, 1_000, 100_000},
            new int[] {1_000, 10_000},
            // a long chain takes the compiler seconds: measured before, it is measured half done
            new String[] {"1", "12", "4", "400"});

    static final Effort FULL = new Effort(
            "full",
            9,
            8_000,
            2_000,
            200,
            50,
            3_000,
            new int[] {1, 8, 32, 128, 1_024},
            new int[] {1, 32, 128, 1_024},
            new int[] {1, 1_000, 100_000},
            new int[] {1_000, 10_000},
            new String[] {"2", "7", "5", "1000"});
}
