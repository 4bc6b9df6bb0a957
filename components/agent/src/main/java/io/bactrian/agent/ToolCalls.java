package io.bactrian.agent;

import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tool.AgentToolCall;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolInvokeMeta;
import io.bactrian.core.tool.ToolObservation;
import io.bactrian.core.tool.ToolOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the calls that a model wants: of the tools that it was given, and of no others. */
final class ToolCalls {

    /** How many calls of one turn are made. */
    static final int MOST = 128;

    private static final int MOST_NAMES_TOLD = 64;

    private final AgentServices services;
    private final AgentSettings settings;
    private final AgentTools tools;
    private final Caller caller;
    private final NestedClaims claims;
    private final Continuation run;

    /**
     * @param claims the claim of each call, one level deeper than the agent's own caller
     * @param run the run that makes them
     */
    ToolCalls(
            AgentServices services,
            AgentSettings settings,
            AgentTools tools,
            Caller caller,
            NestedClaims claims,
            Continuation run) {
        this.services = services;
        this.settings = settings;
        this.tools = tools;
        this.caller = caller;
        this.claims = claims;
        this.run = run;
    }

    /** The calls of a turn, each with its claim and the time that it may take. */
    List<ToolTurn.Wanted> wanted(List<PromptMessage.ToolCall> calls) {
        List<ToolTurn.Wanted> wanted = new ArrayList<>();
        for (PromptMessage.ToolCall call : calls) {
            Optional<Tool> tool = wanted.size() < MOST ? tools.find(call.name()) : Optional.empty();
            Duration own = tool.map(found -> found.entity().timeout()).orElse(null);
            wanted.add(new ToolTurn.Wanted(
                    call,
                    tool.map(Tool::address).orElse(null),
                    claims.next(),
                    own == null ? services.tools().limits().timeout() : own));
        }
        return wanted;
    }

    /** Makes a call. What goes wrong with it is what comes of it, which the model is told. */
    ToolObservation make(ToolTurn.Wanted wanted) {
        PromptMessage.ToolCall call = wanted.call();
        Optional<Tool> found = tools.find(call.name());
        if (found.isEmpty()) {
            return unknown(call.name());
        }
        if (wanted.tool() == null) {
            return refused(
                    null,
                    ErrorCode.AGENT_LIMIT_REACHED,
                    "more than " + MOST + " calls in one turn: make the others in the next one");
        }
        Tool tool = found.get();
        ToolObservation observation = services.tools()
                .agentInvoke(
                        wanted.claim(),
                        new AgentToolCall(
                                call.id(),
                                tool,
                                call.arguments(),
                                tools.formValues(call.name()),
                                approval(tool),
                                credential(tool)),
                        services.callback());
        return observation.outcome() instanceof ToolOutcome.Pending pending && !mayWait(pending.approval())
                ? waitsElsewhere(tool, pending)
                : observation;
    }

    private ToolApproval approval(Tool tool) {
        return settings.ask().stream().anyMatch(pattern -> pattern.matches(tool))
                ? ToolApproval.ASK
                : ToolApproval.AUTO;
    }

    private @Nullable CredentialName credential(Tool tool) {
        CredentialName name = null;
        for (AgentSettings.ToolCredential one : settings.toolCredentials()) {
            name = one.tools().matches(tool) ? one.credential() : name;
        }
        return name;
    }

    private boolean mayWait(Approval approval) {
        return claims.made(approval.requestId()) || services.waiting().takesThePlaceOfWhoAsked(caller, approval, run);
    }

    private static ToolObservation waitsElsewhere(Tool tool, ToolOutcome.Pending pending) {
        return refused(
                tool.address(),
                ErrorCode.TOOL_APPROVAL_REQUIRED,
                "the same call waits for a person's approval already, in another conversation (approval "
                        + pending.approval().id() + "); it can be made again once it is approved");
    }

    private ToolObservation unknown(String name) {
        List<String> names = tools.names();
        int told = Math.min(names.size(), MOST_NAMES_TOLD);
        String known = names.isEmpty()
                ? "there are no tools"
                : "there are: " + String.join(", ", names.subList(0, told))
                        + (told < names.size() ? " and " + (names.size() - told) + " more" : "");
        String message = "there is no such tool; " + known;
        ToolInvokeMeta meta = new ToolInvokeMeta(null, Duration.ZERO, ErrorCode.TOOL_NOT_FOUND, 0, 0, List.of());
        return new ToolObservation(
                "The call did not succeed: " + message,
                List.of(),
                new ToolOutcome.ArgumentError(ErrorCode.TOOL_NOT_FOUND, message, meta));
    }

    private static ToolObservation refused(@Nullable ToolAddress tool, ErrorCode code, String why) {
        return new ToolObservation(
                "The call did not succeed: " + why,
                List.of(),
                new ToolOutcome.Denied(code, why, new ToolInvokeMeta(tool, Duration.ZERO, code, 0, 0, List.of())));
    }
}
