package io.bactrian.agent;

import io.bactrian.support.AnswerLease;

/** An agent's stream as it stands on a message body. */
final class AgentStreamLease extends AnswerLease<AgentEvent> implements AgentStream {

    AgentStreamLease(Terms<AgentEvent> terms) {
        super(terms);
    }

    @Override
    protected String kind() {
        return "AgentStream";
    }
}
