package io.bactrian.ask;

import io.bactrian.agent.AgentEvent;
import io.bactrian.agent.AgentResult;
import io.bactrian.agent.AgentStep;
import io.bactrian.agent.AgentStream;
import io.bactrian.core.tool.ToolOutcome;
import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;

/** An answer that is there already, told as a run is: for clients that ask for a stream and get no language model. */
final class ToldAnswer implements AgentStream {

    private final Queue<AgentEvent> events = new ArrayDeque<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    ToldAnswer(AgentResult result) {
        result.steps().forEach(step -> step.calls().forEach(this::add));
        if (result.status() == AgentResult.Status.ANSWERED) {
            events.add(new AgentEvent.Text(result.text()));
        }
        events.add(new AgentEvent.End(result));
    }

    private void add(AgentStep.ToolStep call) {
        ToolOutcome outcome = call.observation().outcome();
        events.add(new AgentEvent.ToolStart(call.callId(), call.tool(), call.arguments()));
        events.add(new AgentEvent.ToolEnd(
                call.callId(), call.tool(), call.observation().text(), outcome));
        if (outcome instanceof ToolOutcome.Pending pending) {
            events.add(new AgentEvent.ApprovalRequired(call.callId(), pending.approval()));
        }
    }

    @Override
    public boolean hasNext() {
        return !closed.get() && !events.isEmpty();
    }

    @Override
    public AgentEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the answer has been told");
        }
        return events.remove();
    }

    @Override
    public void close() {
        closed.set(true);
    }
}
