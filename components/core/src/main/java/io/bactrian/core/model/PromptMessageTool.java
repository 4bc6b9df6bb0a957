package io.bactrian.core.model;

/**
 * A tool that a model may call.
 *
 * @param name its name, as the model is to call it
 * @param description what it is good for
 * @param parameters the JSON Schema of its arguments, an object
 * @param strict whether the provider has to keep to the schema exactly
 */
public record PromptMessageTool(String name, String description, JsonText parameters, boolean strict) {}
