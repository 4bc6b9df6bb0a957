package io.bactrian.core.invoke;

/** What is asked of a model or a tool. */
public interface InvocationRequest {}
