package io.bactrian.core.quota;

import io.bactrian.core.tenant.RequestId;

/**
 * What a reservation is known by: no two calls, and no two parts of one, have the same.
 *
 * @param request the call
 * @param part which part of it: a call that is sent to another model, or paid from another purse, has several
 */
public record ReservationKey(RequestId request, long part) {

    @Override
    public String toString() {
        return request + "/" + part;
    }
}
