package io.bactrian.tool.workflow;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolStream;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What a route streams, taken from it piece by piece as it is read. The exchange ends with it. Cut off by its route's stop it says
 * so, so that half a result never looks like a whole one. Read by one thread, closed by any.
 */
final class RouteStream implements ToolStream {

    private final RouteTool tool;
    private final RouteRun run;
    private final Iterator<?> pieces;
    private final RouteMessages messages;
    private final Queue<ToolInvokeMessage> ready = new ArrayDeque<>();
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();

    private enum End {
        READ,
        CLOSED,
        STOPPED
    }

    RouteStream(RouteTool tool, RouteRun run, Caller caller, Iterator<?> pieces) {
        this.tool = tool;
        this.run = run;
        this.pieces = pieces;
        this.messages = new RouteMessages(tool, caller, run.exchange(), ready::add);
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty()) {
            if (over()) {
                return false;
            }
            pull();
        }
        return end.get() != End.CLOSED;
    }

    private void pull() {
        boolean more;
        try {
            more = pieces.hasNext();
            if (more) {
                messages.piece(pieces.next());
            } else if (end.get() == null) {
                messages.end();
            }
        } catch (RuntimeException e) {
            // cut off while it waited: say who did it, not what the cut looked like to the route
            if (!over()) {
                end(End.READ, e);
                throw RouteFailures.of(e, tool.name());
            }
            return;
        }
        if (!more) {
            end(End.READ, null);
        }
    }

    @Override
    public ToolInvokeMessage next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the tool has no more messages");
        }
        return ready.remove();
    }

    /** Whether there is no more to be read, in its reader's knowledge. */
    private boolean over() {
        End how = end.get();
        if (how == End.STOPPED) {
            throw new UnavailableException(
                    ErrorCode.CANCELLED, "what comes of " + tool.name() + " was cut off: its route has stopped");
        }
        return how != null;
    }

    @Override
    public void close() {
        end(End.CLOSED, null);
    }

    /** Cuts it off, because the route stops. */
    void stop() {
        end(End.STOPPED, null);
    }

    /** Whether anybody may still be reading it. */
    boolean inTime() {
        return !run.deadline().expired();
    }

    private void end(End how, @Nullable RuntimeException failure) {
        if (!end.compareAndSet(null, how)) {
            return;
        }
        if (pieces instanceof AutoCloseable open) {
            RouteRun.close(open);
        }
        run.endStream(failure);
        tool.closed(this);
    }

    /** Says which tool it comes of; never what it holds. */
    @Override
    public String toString() {
        return "RouteStream[" + tool.name() + (end.get() == null ? ", open]" : ", ended]");
    }
}
