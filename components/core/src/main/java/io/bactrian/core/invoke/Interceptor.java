package io.bactrian.core.invoke;

/**
 * One link of the call chain. Thread-safe; one instance serves all calls. A bean of this type joins the chain at its
 * phase, behind the built-in link of that phase, beans of one phase ordered by {@link #order} and then by name. It sees
 * {@link CredentialRef}s and never a secret.
 */
public interface Interceptor {

    /** Its fixed place. */
    Phase phase();

    /** What it is called when the chain is printed. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** Its place among the beans of its phase: lower ones are further out. */
    default int order() {
        return 0;
    }

    /**
     * Handles a call: passes it on with {@code next.proceed}, changes it or its reply, or refuses it with an
     * {@link io.bactrian.core.error.InvokeException}.
     */
    InvocationReply intercept(Invocation invocation, Next next);

    /** The rest of the chain. */
    interface Next {

        /** Passes the call on to the next link. */
        InvocationReply proceed(Invocation invocation);

        /**
         * Sends the call through the chain again from {@link Phase#ACCESS}, for another target: another purse and
         * another permission, with the same deadline, request id and depth.
         *
         * @param invocation as made by {@link Invocation#retargeted}
         */
        InvocationReply reenter(Invocation invocation);
    }
}
