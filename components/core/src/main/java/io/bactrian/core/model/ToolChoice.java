package io.bactrian.core.model;

/** Whether the model has to call a tool. */
public sealed interface ToolChoice {

    /** The model decides. */
    record Auto() implements ToolChoice {}

    /** It must not. */
    record None() implements ToolChoice {}

    /** It must call one. */
    record Required() implements ToolChoice {}

    /**
     * It must call this one.
     *
     * @param tool the tool's name
     */
    record Named(String tool) implements ToolChoice {}
}
