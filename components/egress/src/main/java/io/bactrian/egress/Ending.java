package io.bactrian.egress;

/** How a call ended. */
enum Ending {
    /** The whole answer was read; the connection may serve the next call. */
    COMPLETED,
    /** It broke, or the answer was not acceptable. */
    FAILED,
    /** The reader closed it before the end. */
    CLOSED,
    /** Another thread cancelled it. */
    CANCELLED,
    /** The deadline passed. */
    DEADLINE,
    /** The time for the first token passed before there was an answer. */
    FIRST_TOKEN;

    /** Whether somebody else ended it than the one who reads, who then is told so. */
    boolean fromOutside() {
        return this == CANCELLED || this == DEADLINE || this == FIRST_TOKEN;
    }
}
