package io.bactrian.admin;

import java.util.Optional;

/** Gives what there is at a path now: what is read there, and what conditions of a change are compared with. */
@FunctionalInterface
interface Current {

    /** What there is; empty for nothing. */
    Optional<?> of(AdminRequest request);
}
