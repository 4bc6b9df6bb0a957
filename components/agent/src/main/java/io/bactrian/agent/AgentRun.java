package io.bactrian.agent;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageContent;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolOutcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run: ask the model, make the calls that it wants, tell it what came of them, and so on until it answers. The thread that
 * reads it does the work.
 */
final class AgentRun implements AgentStream {

    private enum State {
        ASK,
        ANSWERING,
        TOOLS,
        OVER
    }

    /** Learns that a run is over. */
    interface Watch {

        /** @param error why it failed; null if it has not */
        void over(AgentRun run, @Nullable RuntimeException error);
    }

    private final AgentServices services;
    private final AgentSettings settings;
    private final Caller caller;
    private final AgentTools tools;
    private final Continuation start;
    private final AgentPrompt prompt;
    private final RunAccount account;
    private final ModelTurn model;
    private final ToolCalls calls;
    private final Watch watch;
    private final Deque<AgentEvent> ready = new ArrayDeque<>();
    private final List<AgentStep> steps = new ArrayList<>();
    private State state = State.ASK;
    private Duration modelTime = Duration.ZERO;
    private @Nullable LlmResult answer;
    private volatile @Nullable ToolTurn turn;
    private volatile boolean closed;

    /**
     * @param caller on whose behalf, as settled
     * @param start what was said so far; of a run that goes on, the calls that nobody has answered are made first
     * @param watch learns that it is over
     */
    AgentRun(
            AgentServices services,
            AgentSettings settings,
            Caller caller,
            AgentTools tools,
            Continuation start,
            Watch watch) {
        this.services = services;
        this.settings = settings;
        this.caller = caller;
        this.tools = tools;
        this.start = start;
        this.prompt = start.prompt();
        this.account = new RunAccount(settings, start.used());
        NestedClaims claims = new NestedClaims(caller, settings.name());
        this.model = new ModelTurn(services, settings, claims);
        this.calls = new ToolCalls(services, settings, tools, caller, claims, start);
        this.watch = watch;
        List<PromptMessage.ToolCall> open = start.resumed() ? AgentPrompt.openCalls(prompt.messages()) : List.of();
        if (!open.isEmpty()) {
            begin(open);
        }
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && state != State.OVER && !closed) {
            try {
                advance();
            } catch (RuntimeException e) {
                if (closed) {
                    // cut off by whoever closed it, who wants no more of it
                    return false;
                }
                fail(e);
                throw e;
            }
        }
        return !ready.isEmpty() && !closed;
    }

    @Override
    public AgentEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the run has no more events");
        }
        AgentEvent event = ready.remove();
        if (event instanceof AgentEvent.End) {
            watch.over(this, null);
        }
        return event;
    }

    private void advance() {
        switch (state) {
            case ASK -> ask();
            case ANSWERING -> model.read(ready::add).ifPresent(this::answered);
            case TOOLS -> work();
            case OVER -> throw new IllegalStateException("the run is over");
        }
    }

    private void ask() {
        if (caller.deadline().expired()) {
            throw new InvokeTimeoutException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "the time of agent '" + settings.name() + "' was up before it had answered");
        }
        account.checkBudgets();
        LlmRequest request = prompt.request(settings, lastTurn() ? List.of() : tools.declarations());
        Optional<ModelTurn.Answer> whole = model.ask(request);
        if (whole.isEmpty()) {
            state = State.ANSWERING;
            return;
        }
        String text = whole.get().result().text();
        if (!text.isEmpty()) {
            ready.add(new AgentEvent.Text(text));
        }
        answered(whole.get());
    }

    private boolean lastTurn() {
        return prompt.turns() >= settings.maxIterations();
    }

    private void answered(ModelTurn.Answer whole) {
        LlmResult result = whole.result();
        answer = result;
        modelTime = whole.time();
        account.add(result, whole.call());
        boolean wasLastTurn = lastTurn();
        if (wasLastTurn && !result.message().toolCalls().isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.AGENT_LIMIT_REACHED,
                    "agent '" + settings.name() + "' has not answered within " + settings.maxIterations()
                            + " turns with tools (option maxIterations)");
        }
        List<PromptMessage.ToolCall> wanted = prompt.answered(result.message());
        if (wanted.isEmpty()) {
            steps.add(step(result, List.of()));
            finish(result, wasLastTurn);
        } else {
            begin(wanted);
        }
    }

    private void finish(LlmResult result, boolean wasLastTurn) {
        Optional<String> problem = StructuredAnswers.problem(result, settings, services.json());
        if (problem.isPresent() && prompt.corrected()) {
            throw StructuredAnswers.unfit(settings.name(), problem.get());
        }
        if (problem.isPresent()) {
            prompt.correct(problem.get());
            state = State.ASK;
            return;
        }
        answer = StructuredAnswers.bare(result, settings);
        boolean outOfTurns = wasLastTurn && !tools.declarations().isEmpty();
        prompt.remember(services.memory());
        end(outOfTurns ? AgentResult.Status.OUT_OF_TURNS : AgentResult.Status.ANSWERED, List.of());
    }

    private void begin(List<PromptMessage.ToolCall> wanted) {
        ToolTurn begun = new ToolTurn(
                calls.wanted(wanted), settings.parallel(), caller.deadline(), services.threads(), calls::make);
        turn = begun;
        if (closed) {
            begun.cancel();
        }
        state = State.TOOLS;
    }

    private void work() {
        ToolTurn working = turn;
        if (working == null) {
            throw new IllegalStateException("no tools are working");
        }
        List<ToolTurn.Wanted> begun = working.begin();
        if (!begun.isEmpty()) {
            begun.forEach(one -> ready.add(new AgentEvent.ToolStart(
                    one.call().id(), one.call().name(), one.call().arguments())));
            return;
        }
        Optional<ToolTurn.Done> next = working.next();
        if (next.isPresent()) {
            told(next.get());
            return;
        }
        turn = null;
        turnOver(working.inOrder());
    }

    private void told(ToolTurn.Done done) {
        PromptMessage.ToolCall call = done.wanted().call();
        ToolOutcome outcome = done.observation().outcome();
        ready.add(new AgentEvent.ToolEnd(
                call.id(), call.name(), done.observation().text(), outcome));
        if (outcome instanceof ToolOutcome.Pending waits) {
            ready.add(new AgentEvent.ApprovalRequired(call.id(), waits.approval()));
        }
    }

    private void turnOver(List<ToolTurn.Done> done) {
        steps.add(step(answer, done.stream().map(AgentRun::toolStep).toList()));
        List<PromptMessage.Tool> results = new ArrayList<>();
        Map<String, Approval> pending = new LinkedHashMap<>();
        for (ToolTurn.Done one : done) {
            account.add(one.observation().outcome());
            if (one.observation().outcome() instanceof ToolOutcome.Pending waits) {
                pending.put(waits.approval().id(), waits.approval());
            } else {
                results.add(new PromptMessage.Tool(
                        List.of(new PromptMessageContent.Text(one.observation().text())),
                        one.wanted().call().id()));
            }
        }
        prompt.results(results);
        if (pending.isEmpty()) {
            state = State.ASK;
            return;
        }
        services.waiting().keep(caller, waitingFor(List.copyOf(pending.keySet())));
        end(AgentResult.Status.PENDING, List.copyOf(pending.values()));
    }

    private Continuation waitingFor(List<String> approvals) {
        List<PromptMessage.ToolCall> open = AgentPrompt.openCalls(prompt.messages());
        return new Continuation(
                start.run(),
                approvals,
                prompt,
                account.used(),
                tools.addresses(open.stream().map(PromptMessage.ToolCall::name)));
    }

    private static AgentStep.ToolStep toolStep(ToolTurn.Done done) {
        PromptMessage.ToolCall call = done.wanted().call();
        ToolAddress tool = done.wanted().tool();
        return new AgentStep.ToolStep(
                call.id(), call.name(), tool == null ? "" : tool.toString(), call.arguments(), done.observation());
    }

    private AgentStep step(@Nullable LlmResult said, List<AgentStep.ToolStep> calls) {
        return said == null
                ? new AgentStep("", "", calls, null, Duration.ZERO)
                : new AgentStep(said.text(), said.message().reasoning(), calls, said.usage(), modelTime);
    }

    private void end(AgentResult.Status status, List<Approval> pending) {
        state = State.OVER;
        ready.add(new AgentEvent.End(account.result(status, answer, steps, pending)));
    }

    private void fail(RuntimeException error) {
        boolean asking = state == State.ASK || state == State.ANSWERING;
        if (start.resumed() && asking && !prompt.endsWithAnswer()) {
            keepAgain(error);
        }
        stop();
        watch.over(this, error);
    }

    /** The calls that a person approved were made, and only the model failed: the run can be taken up again from there. */
    private void keepAgain(RuntimeException error) {
        try {
            services.waiting().keep(caller, waitingFor(start.approvals()));
        } catch (InvokeException e) {
            error.addSuppressed(e);
        }
    }

    private void stop() {
        closed = true;
        ToolTurn working = turn;
        if (working != null) {
            working.cancel();
        }
        model.close();
    }

    @Override
    public void close() {
        stop();
        watch.over(this, AgentStream.closedBeforeItsEnd());
    }

    /** Says whose run it is; never what was said. */
    @Override
    public String toString() {
        return "AgentRun[" + settings.name() + (closed || state == State.OVER ? ", over]" : "]");
    }
}
