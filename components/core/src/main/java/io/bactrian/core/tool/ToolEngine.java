package io.bactrian.core.tool;

import io.bactrian.core.error.ApprovalRequiredException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.file.FileId;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.invoke.InvocationChain;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.CallerClaim;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls tools for routes, agents and plugins. Every call passes the whole chain. Nothing is retried here: that is the chain's.
 */
public final class ToolEngine {

    private final InvocationChain chain;
    private final ApprovalStore approvals;
    private final ModelArguments modelArguments;
    private final ObservationText observations;
    private final ToolLimits limits;

    /**
     * @param chain the chain that every call passes
     * @param approvals what waits for a person
     * @param json reads what models write
     * @param files stores what is too long for a model
     * @param limits what tools may do at most
     */
    public ToolEngine(
            InvocationChain chain, ApprovalStore approvals, JsonCodec json, FileStore files, ToolLimits limits) {
        this.chain = chain;
        this.approvals = approvals;
        this.modelArguments = new ModelArguments(json);
        this.observations = new ObservationText(json, files, limits);
        this.limits = limits;
    }

    /** What tools may do at most. */
    public ToolLimits limits() {
        return limits;
    }

    /**
     * Calls a tool and gives what comes of it as it comes. Whoever gets the stream closes it.
     *
     * @param call the call: its target is a tool and its request a {@link ToolRequest}
     * @param callback learns of it
     * @throws InvokeException if it is refused or fails at once; later failures come out of the stream
     */
    public ToolStream genericInvoke(Invocation call, ToolCallback callback) {
        long started = now(call);
        ToolCallback told = GuardedCallback.of(callback);
        try {
            if (told == ToolCallback.NONE) {
                // nobody is told: nothing is kept to tell it
                return (ToolStream) chain.invoke(call);
            }
            String tool = call.target().toString();
            told.onToolStart(call.claim().requestId(), tool, (ToolRequest) call.request());
            return new ToldToolStream(
                    (ToolStream) chain.invoke(call),
                    told,
                    call.claim().requestId(),
                    tool,
                    sizes -> meta(call, null, time(started, now(call)), sizes.characters(), sizes.fileBytes()));
        } catch (RuntimeException e) {
            throw failed(e, call, told);
        }
    }

    private static InvokeException failed(RuntimeException thrown, Invocation call, ToolCallback told) {
        InvokeException error = ToolFailures.safe(thrown, call.target().toString());
        told.onToolError(call.claim().requestId(), call.target().toString(), error);
        return error;
    }

    /**
     * Calls a tool and waits for all that comes of it.
     *
     * @throws InvokeException if it is refused or fails
     */
    public ToolResult workflowInvoke(Invocation call, ToolCallback callback) {
        long started = now(call);
        ToolCallback told = GuardedCallback.of(callback);
        ToolResult result;
        if (told != ToolCallback.NONE) {
            told.onToolStart(call.claim().requestId(), call.target().toString(), (ToolRequest) call.request());
        }
        try (ToolStream stream = (ToolStream) chain.invoke(call)) {
            result = collected(stream, call, told, started);
        } catch (RuntimeException e) {
            throw failed(e, call, told);
        }
        if (told != ToolCallback.NONE) {
            told.onToolEnd(call.claim().requestId(), call.target().toString(), result);
        }
        return result;
    }

    private ToolResult collected(ToolStream stream, Invocation call, ToolCallback callback, long started) {
        ToolResult.Collector collector = new ToolResult.Collector();
        long characters = 0;
        long fileBytes = 0;
        while (stream.hasNext()) {
            ToolInvokeMessage message = stream.next();
            characters += MessageSizes.characters(message);
            fileBytes += MessageSizes.fileBytes(message);
            if (callback != ToolCallback.NONE) {
                callback.onToolExecution(call.claim().requestId(), call.target().toString(), message);
            }
            collector.add(message);
        }
        Duration time = time(
                started,
                stream instanceof ReadyToolStream ready
                        ? ready.doneAt(call.claim().deadline())
                        : now(call));
        return collector.result(meta(call, null, time, characters, fileBytes));
    }

    private static long now(Invocation call) {
        return call.claim().deadline().nanoTime();
    }

    private static Duration time(long started, long ended) {
        return Duration.ofNanos(Math.max(0, ended - started));
    }

    private ToolInvokeMeta meta(
            Invocation call, @Nullable ErrorCode error, Duration time, long characters, long fileBytes) {
        Invocation current = call.trace().current().orElse(call);
        ToolAddress address = current.target() instanceof InvocationTarget.Tool target ? target.address() : null;
        List<String> ignored = current.request() instanceof ToolRequest request && request.resolved() != null
                ? request.resolved().bound().ignored()
                : List.of();
        return new ToolInvokeMeta(
                address, time, error, characters, fileBytes, call.trace().spent(), ignored);
    }

    /**
     * Calls a tool for a model. Never throws for what goes wrong with the call: that is the outcome, which the model reads.
     *
     * @param claim who calls: an agent, one level deeper than its own caller
     * @param call what the model wants
     * @param callback learns of it
     */
    public ToolObservation agentInvoke(CallerClaim claim, AgentToolCall call, ToolCallback callback) {
        long started = claim.deadline().nanoTime();
        InvocationTarget target = new InvocationTarget.Tool(call.tool().address(), call.credential());
        JsonObject arguments;
        try {
            arguments = modelArguments.read(
                    call.arguments(), call.tool().entity(), call.formValues().names());
        } catch (InvokeException e) {
            return unread(e, invocation(claim, target, JsonObject.EMPTY, call), started, callback);
        }
        Invocation invocation = invocation(claim, target, arguments, call);
        try {
            return success(workflowInvoke(invocation, callback), invocation);
        } catch (InvokeException e) {
            return failure(e, invocation, started);
        }
    }

    private static Invocation invocation(
            CallerClaim claim, InvocationTarget target, JsonObject arguments, AgentToolCall call) {
        return Invocation.of(claim, target, ToolRequest.ofAgent(arguments, call.formValues(), call.approval()));
    }

    /** The chain is not asked, as there is nothing to ask it; whoever looks on is told nevertheless. */
    private ToolObservation unread(InvokeException error, Invocation asked, long started, ToolCallback callback) {
        ToolCallback told = GuardedCallback.of(callback);
        told.onToolStart(asked.claim().requestId(), asked.target().toString(), (ToolRequest) asked.request());
        return failure(failed(error, asked, told), asked, started);
    }

    private ToolObservation success(ToolResult result, Invocation invocation) {
        Caller caller = invocation.trace().current().orElse(invocation).caller();
        String text = observations.of(result, invocation.target().toString(), caller);
        List<FileId> files = result.files().stream().map(StoredFile::id).toList();
        return new ToolObservation(text, files, new ToolOutcome.Success(result));
    }

    private ToolObservation failure(InvokeException error, Invocation invocation, long started) {
        ToolOutcome outcome =
                outcome(error, invocation, meta(invocation, error.code(), time(started, now(invocation)), 0, 0));
        String tool = invocation.target().toString();
        return new ToolObservation(observations.ofError(tool, error.getMessage()), List.of(), outcome);
    }

    private ToolOutcome outcome(InvokeException error, Invocation invocation, ToolInvokeMeta meta) {
        if (error instanceof ApprovalRequiredException required) {
            return pending(required, invocation, meta);
        }
        if (error.code() == ErrorCode.TOOL_PARAMETERS_INVALID || error.code() == ErrorCode.TOOL_NOT_FOUND) {
            return new ToolOutcome.ArgumentError(error.code(), error.getMessage(), meta);
        }
        if (error instanceof RefusedException || error instanceof MisconfiguredException) {
            return new ToolOutcome.Denied(error.code(), error.getMessage(), meta);
        }
        return new ToolOutcome.ExecutionError(error.code(), error.getMessage(), error.retriable(), meta);
    }

    private ToolOutcome pending(ApprovalRequiredException required, Invocation invocation, ToolInvokeMeta meta) {
        Caller caller = invocation.trace().current().orElse(invocation).caller();
        try {
            return approvals
                    .find(caller.tenant(), required.approvalId())
                    .<ToolOutcome>map(approval -> new ToolOutcome.Pending(approval, meta))
                    .orElseGet(() -> new ToolOutcome.Denied(required.code(), required.getMessage(), meta));
        } catch (InvokeException e) {
            return new ToolOutcome.ExecutionError(e.code(), e.getMessage(), e.retriable(), meta);
        }
    }
}
