package io.bactrian.agent;

import io.bactrian.core.file.StoredFile;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolInvokeMessage.Log.Status;
import io.bactrian.core.tool.ToolInvokeMeta;
import io.bactrian.core.tool.ToolOutcome;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.core.tool.ToolStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Set;

/** A run as what comes of a tool, as it comes: for a route that is a tool and leaves an agent's answer. */
final class AgentToolStream implements ToolStream {

    private final AgentStream run;
    private final Queue<ToolInvokeMessage> ready = new ArrayDeque<>();
    private final Set<StoredFile> files = new LinkedHashSet<>();
    private boolean ended;

    /** @param run closed with this */
    AgentToolStream(AgentStream run) {
        this.run = run;
    }

    /** All that came of a run: the text of its answer, and the files of its tools. */
    static ToolResult whole(AgentResult result) {
        ToolResult.Collector whole = new ToolResult.Collector();
        whole.add(new ToolInvokeMessage.Text(result.text()));
        result.steps().stream()
                .flatMap(step -> step.calls().stream())
                .flatMap(call -> filesOf(call.observation().outcome()).stream())
                .distinct()
                .forEach(file -> whole.add(new ToolInvokeMessage.File(file)));
        return whole.result(
                new ToolInvokeMeta(null, Duration.ZERO, null, result.text().length(), 0, List.of()));
    }

    private static List<StoredFile> filesOf(ToolOutcome outcome) {
        return outcome instanceof ToolOutcome.Success success ? success.result().files() : List.of();
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && !ended) {
            if (!run.hasNext()) {
                throw AgentStream.closedBeforeItsEnd();
            }
            add(run.next());
        }
        return !ready.isEmpty();
    }

    private void add(AgentEvent event) {
        if (event instanceof AgentEvent.Text text) {
            ready.add(new ToolInvokeMessage.Text(text.text()));
        } else if (event instanceof AgentEvent.ToolStart start) {
            ready.add(log(start.callId(), start.tool(), Status.START));
        } else if (event instanceof AgentEvent.ToolEnd end) {
            boolean done = end.outcome() instanceof ToolOutcome.Success;
            ready.add(log(end.callId(), end.tool(), done ? Status.SUCCESS : Status.ERROR));
            filesOf(end.outcome()).stream()
                    .filter(files::add)
                    .forEach(file -> ready.add(new ToolInvokeMessage.File(file)));
        } else if (event instanceof AgentEvent.End end) {
            ended = true;
            if (end.result().status() == AgentResult.Status.PENDING) {
                ready.add(new ToolInvokeMessage.Text(end.result().text()));
            }
        }
    }

    private static ToolInvokeMessage.Log log(String call, String tool, Status status) {
        return new ToolInvokeMessage.Log(call, tool, null, null, status, JsonObject.EMPTY);
    }

    @Override
    public ToolInvokeMessage next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the run has no more to say");
        }
        return ready.remove();
    }

    @Override
    public void close() {
        run.close();
    }
}
