package io.bactrian.admin;

/** Does what an operation is for. */
@FunctionalInterface
interface Handler {

    /**
     * Answers a request.
     *
     * @throws io.bactrian.core.error.InvokeException if nothing comes of it
     */
    Reply handle(AdminRequest request);
}
