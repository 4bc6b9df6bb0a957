package io.bactrian.agent;

import org.apache.camel.spi.Metadata;

/** Names on an exchange that agents use, beside those of {@link io.bactrian.support.BactrianConstants}. */
public final class AgentConstants {

    /** Property, in: the conversation that the call belongs to; text of 1 to 256 characters. Never read from a header. */
    public static final String CONVERSATION = "BactrianConversation";

    @Metadata(
            label = "producer",
            javaType = "String",
            description = "How the run ended: answered, out_of_turns or pending.")
    public static final String STATUS = "CamelAgentStatus";

    @Metadata(label = "producer", javaType = "Integer", description = "How many turns the run took.")
    public static final String STEPS = "CamelAgentSteps";

    @Metadata(label = "producer", javaType = "Integer", description = "How many calls of tools the model made.")
    public static final String TOOL_CALLS = "CamelAgentToolCalls";

    @Metadata(
            label = "producer",
            javaType = "String",
            description =
                    "The ids of the approvals that the run waits for, with commas between them; absent without any.")
    public static final String APPROVALS = "CamelAgentApprovals";

    @Metadata(label = "producer", javaType = "Long", description = "All tokens of the run.")
    public static final String USAGE_TOTAL_TOKENS = "CamelAgentUsageTotalTokens";

    @Metadata(label = "producer", javaType = "java.math.BigDecimal", description = "What the run cost.")
    public static final String PRICE_TOTAL = "CamelAgentPriceTotal";

    @Metadata(label = "producer", javaType = "String", description = "The currency of the price, an ISO 4217 code.")
    public static final String PRICE_CURRENCY = "CamelAgentPriceCurrency";

    @Metadata(label = "producer", javaType = "String", description = "The id of the run.")
    public static final String REQUEST_ID = "CamelAgentRequestId";

    static final String[] HEADERS = {
        STATUS, STEPS, TOOL_CALLS, APPROVALS, USAGE_TOTAL_TOKENS, PRICE_TOTAL, PRICE_CURRENCY, REQUEST_ID
    };

    private AgentConstants() {}
}
