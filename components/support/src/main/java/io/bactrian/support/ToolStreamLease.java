package io.bactrian.support;

import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolStream;

/** A tool's stream as it stands on a message body. */
public final class ToolStreamLease extends AnswerLease<ToolInvokeMessage> implements ToolStream {

    ToolStreamLease(Terms<ToolInvokeMessage> terms) {
        super(terms);
    }

    @Override
    protected String kind() {
        return "ToolStream";
    }
}
