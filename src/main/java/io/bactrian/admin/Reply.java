package io.bactrian.admin;

import org.jspecify.annotations.Nullable;

/**
 * What an operation comes to.
 *
 * @param status the HTTP status
 * @param body what is answered; null for nothing
 * @param location where what was created is; null for nothing
 */
record Reply(int status, @Nullable Object body, @Nullable String location) {

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int NO_CONTENT = 204;

    /** Something to be seen. */
    static Reply of(Object body) {
        return new Reply(OK, body, null);
    }

    /**
     * Something new.
     *
     * @param location its path, encoded
     */
    static Reply created(String location, Object body) {
        return new Reply(CREATED, body, location);
    }

    /** It is done, and there is nothing to be seen. */
    static Reply done() {
        return new Reply(NO_CONTENT, null, null);
    }
}
