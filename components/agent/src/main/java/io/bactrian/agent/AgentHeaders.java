package io.bactrian.agent;

import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.camel.Message;

/** Leaves on a message what is known of a run. */
final class AgentHeaders {

    private AgentHeaders() {}

    /** Takes away what an earlier run left: nobody should read it as this one's. */
    static void clear(Message message) {
        if (message.hasHeaders()) {
            for (String name : AgentConstants.HEADERS) {
                message.removeHeader(name);
            }
        }
    }

    static void result(Message message, AgentResult result) {
        message.setHeader(AgentConstants.STATUS, result.status().name().toLowerCase(Locale.ROOT));
        message.setHeader(AgentConstants.STEPS, result.steps().size());
        message.setHeader(
                AgentConstants.TOOL_CALLS,
                result.steps().stream().mapToInt(step -> step.calls().size()).sum());
        if (!result.approvals().isEmpty()) {
            message.setHeader(
                    AgentConstants.APPROVALS,
                    result.approvals().stream().map(approval -> approval.id()).collect(Collectors.joining(",")));
        }
        if (result.usage() != null) {
            message.setHeader(AgentConstants.USAGE_TOTAL_TOKENS, result.usage().totalTokens());
        }
        if (result.price() != null) {
            message.setHeader(AgentConstants.PRICE_TOTAL, result.price());
            message.setHeader(AgentConstants.PRICE_CURRENCY, result.currency());
        }
    }
}
