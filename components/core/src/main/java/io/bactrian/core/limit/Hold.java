package io.bactrian.core.limit;

/** What a call has taken of one limit. */
interface Hold {

    /** Of which. */
    Bucket bucket();

    /** The call has used so many tokens. */
    void settle(long tokens);

    /** The call has ended. */
    void end();

    /** The call was not let in after all: nothing was used. */
    void undo();
}
