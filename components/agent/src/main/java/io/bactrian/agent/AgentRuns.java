package io.bactrian.agent;

import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.tenant.Caller;
import io.bactrian.support.CallTraffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Begins runs, has those go on that waited for a person, and knows those that are open. */
final class AgentRuns implements AgentRun.Watch {

    private final AgentServices services;
    private final AgentSettings settings;
    private final ToolChoice tools;
    private final CallTraffic traffic;
    private final AtomicInteger count;
    private final Set<AgentRun> open = ConcurrentHashMap.newKeySet();

    /**
     * @param tools what may be called
     * @param traffic counts the runs
     * @param count how many are open; shared by whoever wants to know
     */
    AgentRuns(
            AgentServices services,
            AgentSettings settings,
            ToolChoice tools,
            CallTraffic traffic,
            AtomicInteger count) {
        this.services = services;
        this.settings = settings;
        this.tools = tools;
        this.traffic = traffic;
        this.count = count;
    }

    /**
     * A new run.
     *
     * @param conversation the conversation it belongs to; null for none
     */
    AgentRun begin(Caller caller, LlmRequest asked, @Nullable String conversation) {
        AgentMemory.Conversation remembered =
                settings.remember() ? AgentMemory.conversation(settings.name(), caller, conversation) : null;
        AgentTools allowed = tools.of(caller.tenant());
        List<PromptMessage> messages = new ArrayList<>();
        if (settings.instructions() != null) {
            messages.add(new PromptMessage.System(settings.instructions()));
        }
        if (remembered != null) {
            List<PromptMessage> all = services.memory().load(remembered);
            messages.addAll(Turns.last(all, settings.historyMessages(), Long.MAX_VALUE));
        }
        int known = messages.size();
        messages.addAll(asked.messages());
        AgentPrompt prompt = new AgentPrompt(asked, messages, known, remembered);
        return opened(caller, allowed, Continuation.beginning(caller, prompt));
    }

    /**
     * A run that goes on.
     *
     * @param id one of the approvals that it waited for
     * @throws io.bactrian.core.error.BadRequestException with {@code invalid_param} if there is no such run of this caller's
     */
    AgentRun resume(Caller caller, String id) {
        // first what can be put right: a run that was taken up does not wait any more
        AgentTools allowed = tools.of(caller.tenant());
        Continuation waited = services.waiting().take(caller, id);
        return opened(caller, allowed.asBefore(waited.tools()), waited);
    }

    private AgentRun opened(Caller caller, AgentTools allowed, Continuation start) {
        AgentRun run = new AgentRun(services, settings, caller, allowed, start, this);
        open.add(run);
        count.incrementAndGet();
        return run;
    }

    @Override
    public void over(AgentRun run, @Nullable RuntimeException error) {
        if (!open.remove(run)) {
            return;
        }
        count.decrementAndGet();
        if (error == null) {
            traffic.succeeded();
        } else {
            traffic.failed(error);
        }
    }

    /** Stops all that are open. */
    void close() {
        open.forEach(AgentRun::close);
    }
}
