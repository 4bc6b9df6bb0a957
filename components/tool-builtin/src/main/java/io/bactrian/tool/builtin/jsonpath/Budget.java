package io.bactrian.tool.builtin.jsonpath;

import io.bactrian.tool.builtin.support.ArgumentChecks;

/** How much one use of a path may still look at. For one thread. */
final class Budget {

    private long left;

    Budget(long steps) {
        this.left = steps;
    }

    void spend(long steps) {
        left -= steps;
        if (left < 0) {
            throw ArgumentChecks.refused(
                    JsonPath.PARAMETER, "takes too many steps on this data; use fewer '..' and filters within filters");
        }
    }
}
