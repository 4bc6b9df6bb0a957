package io.bactrian.support;

import org.apache.camel.spi.Metadata;

/**
 * Names on an exchange. {@code Bactrian…} are exchange properties that route code or an authenticating surface sets:
 * identity is never read from a header, which a stranger may have sent (HDR-07). {@code CamelModel…} are headers that
 * endpoints leave on the message; header filters stop them at the door because of their prefix.
 */
public final class BactrianConstants {

    /** Property, in: who pays; a {@link io.bactrian.core.tenant.TenantId} or its text. */
    public static final String TENANT = "BactrianTenant";

    /** Property, in: who asks; a {@link io.bactrian.core.tenant.UserId} or its text. */
    public static final String USER = "BactrianUser";

    /** Property, in: the application; an {@link io.bactrian.core.tenant.AppId} or its text; by default the route's id. */
    public static final String APP = "BactrianApp";

    /**
     * Property, in: the id of the API key that the call is made with, never the key; an {@link
     * io.bactrian.core.tenant.ApiKeyId} or its text. Written by whoever has checked the key.
     */
    public static final String API_KEY = "BactrianApiKey";

    /** Property, in: the door the call came in by; an {@link io.bactrian.core.tenant.InvokeSource} or its name. */
    public static final String SOURCE = "BactrianSource";

    /** Property, in: the id of the call; a {@link io.bactrian.core.tenant.RequestId} or its text; by default a new one. */
    public static final String REQUEST_ID = "BactrianRequestId";

    /**
     * Property, in: when the call must be over; a {@link io.bactrian.core.tenant.Deadline}, or the time left as a
     * {@link java.time.Duration} or its text. An endpoint's own time-out can only make it sooner.
     */
    public static final String DEADLINE = "BactrianDeadline";

    /** Property, in: how many calls this one is nested in; a number or its text. */
    public static final String DEPTH = "BactrianDepth";

    /** Property, in: the agents and tools that this call is nested in; a {@link io.bactrian.core.tenant.CallPath}. */
    public static final String PATH = "BactrianPath";

    @Metadata(
            label = "producer",
            javaType = "String",
            description =
                    "The name of the model that was called, as the route names it. As a header in, it replaces the"
                            + " model's name if the option headerOverrides lists it.")
    public static final String MODEL_NAME = "CamelModelName";

    @Metadata(label = "producer", javaType = "String", description = "The provider of the model that was called.")
    public static final String MODEL_PROVIDER = "CamelModelProvider";

    @Metadata(
            label = "producer",
            javaType = "String",
            description = "The model that answered, as the provider names it.")
    public static final String MODEL_RESPONSE_MODEL = "CamelModelResponseModel";

    @Metadata(label = "producer", javaType = "String", description = "The provider's id of the answer.")
    public static final String MODEL_RESPONSE_ID = "CamelModelResponseId";

    @Metadata(label = "producer", javaType = "String", description = "The id of the call, over all its attempts.")
    public static final String MODEL_REQUEST_ID = "CamelModelRequestId";

    @Metadata(label = "producer", javaType = "Integer", description = "How many attempts the call took.")
    public static final String MODEL_ATTEMPTS = "CamelModelAttempts";

    @Metadata(
            label = "producer",
            javaType = "List<String>",
            description =
                    "The attempts that failed before, each with its model, the name of its credential and its error"
                            + " code, in order; absent if none did.")
    public static final String MODEL_FAILED_ATTEMPTS = "CamelModelFailedAttempts";

    @Metadata(
            label = "producer",
            javaType = "String",
            description = "The id of the credential that paid; absent if none was needed.")
    public static final String MODEL_CREDENTIAL_ID = "CamelModelCredentialId";

    @Metadata(
            label = "producer",
            javaType = "String",
            description = "Why the answer ended: stop, length, tool_calls, content_filter or other.")
    public static final String MODEL_FINISH_REASON = "CamelModelFinishReason";

    @Metadata(label = "producer", javaType = "Long", description = "All input tokens of the call.")
    public static final String MODEL_USAGE_PROMPT_TOKENS = "CamelModelUsagePromptTokens";

    @Metadata(label = "producer", javaType = "Long", description = "All output tokens of the call.")
    public static final String MODEL_USAGE_COMPLETION_TOKENS = "CamelModelUsageCompletionTokens";

    @Metadata(label = "producer", javaType = "Long", description = "All tokens of the call.")
    public static final String MODEL_USAGE_TOTAL_TOKENS = "CamelModelUsageTotalTokens";

    @Metadata(
            label = "producer",
            javaType = "Long",
            description = "Those of the input tokens that the provider read from its cache.")
    public static final String MODEL_USAGE_CACHED_TOKENS = "CamelModelUsageCachedTokens";

    @Metadata(
            label = "producer",
            javaType = "Long",
            description = "Those of the output tokens that were spent on reasoning.")
    public static final String MODEL_USAGE_REASONING_TOKENS = "CamelModelUsageReasoningTokens";

    @Metadata(
            label = "producer",
            javaType = "java.math.BigDecimal",
            description = "What the call cost, input and output together.")
    public static final String MODEL_PRICE_TOTAL = "CamelModelPriceTotal";

    @Metadata(label = "producer", javaType = "String", description = "The currency of the price, an ISO 4217 code.")
    public static final String MODEL_PRICE_CURRENCY = "CamelModelPriceCurrency";

    @Metadata(
            label = "producer",
            javaType = "Double",
            description = "In, if the option headerOverrides lists it: replaces temperature.")
    public static final String MODEL_TEMPERATURE = "CamelModelTemperature";

    @Metadata(
            label = "producer",
            javaType = "Double",
            description = "In, if the option headerOverrides lists it: replaces topP.")
    public static final String MODEL_TOP_P = "CamelModelTopP";

    @Metadata(
            label = "producer",
            javaType = "Integer",
            description = "In, if the option headerOverrides lists it: replaces maxTokens.")
    public static final String MODEL_MAX_TOKENS = "CamelModelMaxTokens";

    @Metadata(
            label = "producer",
            javaType = "Long",
            description = "In, if the option headerOverrides lists it: replaces seed.")
    public static final String MODEL_SEED = "CamelModelSeed";

    @Metadata(
            label = "producer",
            javaType = "Double",
            description = "In, if the option headerOverrides lists it: replaces presencePenalty.")
    public static final String MODEL_PRESENCE_PENALTY = "CamelModelPresencePenalty";

    @Metadata(
            label = "producer",
            javaType = "Double",
            description = "In, if the option headerOverrides lists it: replaces frequencyPenalty.")
    public static final String MODEL_FREQUENCY_PENALTY = "CamelModelFrequencyPenalty";

    @Metadata(
            label = "producer",
            javaType = "String",
            description = "In, if the option headerOverrides lists it: replaces stop.")
    public static final String MODEL_STOP = "CamelModelStop";

    @Metadata(
            label = "producer",
            javaType = "Integer",
            description = "In, if the option headerOverrides lists it: replaces dimensions.")
    public static final String MODEL_DIMENSIONS = "CamelModelDimensions";

    private BactrianConstants() {}
}
