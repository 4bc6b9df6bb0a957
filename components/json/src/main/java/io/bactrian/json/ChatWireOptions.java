package io.bactrian.json;

/**
 * How a server departs from the OpenAI shape of a chat request.
 *
 * @param maxTokensField the name of the limit of output tokens: {@code max_tokens} or {@code max_completion_tokens}
 * @param includeUsage whether a streamed request asks for usage by {@code stream_options}
 * @param developerRole whether the role {@code developer} is known; otherwise it is written as {@code system}
 * @param requiredToolChoice the word for "must call a tool": {@code required}, or {@code any} with Mistral
 * @param jsonSchema whether {@code response_format} may be a schema; otherwise {@code json_object} is asked for
 * @param strictTools whether tools may carry {@code strict}
 * @param reasoningField the field in which an assistant message gives its reasoning back; empty to leave it out
 */
public record ChatWireOptions(
        String maxTokensField,
        boolean includeUsage,
        boolean developerRole,
        String requiredToolChoice,
        boolean jsonSchema,
        boolean strictTools,
        String reasoningField) {

    /** The shape as OpenAI documents it. */
    public static final ChatWireOptions OPENAI =
            new ChatWireOptions("max_completion_tokens", true, true, "required", true, true, "");
}
