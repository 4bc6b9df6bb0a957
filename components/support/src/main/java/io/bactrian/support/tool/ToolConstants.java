package io.bactrian.support.tool;

import org.apache.camel.spi.Metadata;

/** Headers that endpoints of tools leave on the message; header filters stop them at the door because of their prefix. */
public final class ToolConstants {

    @Metadata(
            label = "producer",
            javaType = "String",
            description = "The name of the tool that was called, within its provider.")
    public static final String TOOL_NAME = "CamelToolName";

    @Metadata(label = "producer", javaType = "String", description = "The provider of the tool that was called.")
    public static final String TOOL_PROVIDER = "CamelToolProvider";

    @Metadata(
            label = "producer",
            javaType = "String",
            description = "The kind of the tool that was called: builtin, api, mcp, plugin or workflow.")
    public static final String TOOL_TYPE = "CamelToolType";

    @Metadata(
            label = "producer",
            javaType = "Long",
            description = "How long the call took, in milliseconds; absent with stream=true.")
    public static final String TOOL_TIME_COST = "CamelToolTimeCost";

    @Metadata(
            label = "producer",
            javaType = "java.math.BigDecimal",
            description =
                    "What the calls that the tool made have cost, as far as models have prices; absent if that is nothing, or"
                            + " in several currencies, for builtin tools, and with stream=true.")
    public static final String TOOL_PRICE_TOTAL = "CamelToolPriceTotal";

    @Metadata(label = "producer", javaType = "String", description = "The currency of the price, an ISO 4217 code.")
    public static final String TOOL_PRICE_CURRENCY = "CamelToolPriceCurrency";

    @Metadata(label = "producer", javaType = "String", description = "The id of the call, over all its attempts.")
    public static final String TOOL_REQUEST_ID = "CamelToolRequestId";

    @Metadata(label = "producer", javaType = "Integer", description = "How many attempts the call took.")
    public static final String TOOL_ATTEMPTS = "CamelToolAttempts";

    @Metadata(
            label = "producer",
            javaType = "String",
            description = "The id of the credential that opened the provider; absent if none was needed.")
    public static final String TOOL_CREDENTIAL_ID = "CamelToolCredentialId";

    @Metadata(
            label = "producer",
            javaType = "java.util.List",
            description =
                    "The ids of the files that came of the call, images among them; absent if there are none, and with"
                            + " stream=true.")
    public static final String TOOL_FILES = "CamelToolFiles";

    @Metadata(
            label = "producer",
            javaType = "java.util.List",
            description =
                    "The names of what was given and is no parameter of the tool, and so was passed over; absent if"
                            + " there are none.")
    public static final String TOOL_IGNORED_ARGUMENTS = "CamelToolIgnoredArguments";

    private ToolConstants() {}
}
