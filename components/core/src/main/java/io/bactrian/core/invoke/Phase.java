package io.bactrian.core.invoke;

/** The fixed places of the call chain, outermost first. A call passes them in this order and no other. */
public enum Phase {
    /** One span and one set of metrics per call, refusals included. */
    OBSERVE,
    /** Who is it? */
    TENANT,
    /** May this caller use this model or tool? A call for another model enters again here. */
    ACCESS,
    /** Requests, tokens and concurrent calls. */
    RATE,
    /** Which credentials may pay, in which order. */
    CREDENTIAL,
    /** What is reserved before the call and settled after it. */
    QUOTA,
    /** Which candidate is tried, and which next. The only owner of retries. */
    BALANCE,
    /** One attempt. */
    TRANSPORT
}
