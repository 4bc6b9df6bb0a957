package io.bactrian.core.invoke;

/** What a model or a tool answers. */
public interface InvocationReply {}
