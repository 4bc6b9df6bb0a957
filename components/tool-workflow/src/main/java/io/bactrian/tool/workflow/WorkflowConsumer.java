package io.bactrian.tool.workflow;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.support.BactrianEngine;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a route as a tool for as long as it runs, and takes the tool's calls into it. While the route is suspended the tool is
 * there and says so.
 */
final class WorkflowConsumer extends DefaultConsumer implements ShutdownAware, Suspendable {

    private final ToolWorkflowEndpoint endpoint;
    private final Set<RouteStream> open = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Published published;

    /** What is published where. */
    private record Published(Publication publication, WorkflowTools tools, BactrianEngine engine) {}

    WorkflowConsumer(ToolWorkflowEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        BactrianEngine engine = BactrianEngine.of(endpoint.getCamelContext());
        WorkflowTools tools = WorkflowTools.of(engine);
        Publication publication = new DeclarationReader(endpoint, this, tools).read();
        // before anybody can find it: who does is let in
        published = new Published(publication, tools, engine);
        try {
            tools.publish(publication, engine.toolManager().dependents());
        } catch (MisconfiguredException e) {
            published = null;
            throw e;
        }
    }

    @Override
    protected void doStop() throws Exception {
        Published last = published;
        published = null;
        if (last != null) {
            // when all stops, nobody is left to call it
            boolean goesOn = !endpoint.getCamelContext().isStopping();
            last.tools()
                    .withdraw(last.publication(), last.engine().toolManager().dependents(), goesOn);
        }
        open.forEach(RouteStream::stop);
        super.doStop();
    }

    @Override
    protected void doSuspend() {
        // checked at each call
    }

    @Override
    protected void doResume() {
        // checked at each call
    }

    /**
     * Lets a call in.
     *
     * @throws io.bactrian.core.error.UnavailableException if the route is suspended, or has stopped since the tool was looked up
     */
    void checkServing(String tool) {
        if (isSuspendingOrSuspended()) {
            throw notServing(tool, "is suspended; it can be called again once it is resumed");
        }
        if (published == null) {
            throw notServing(tool, "has stopped");
        }
    }

    private UnavailableException notServing(String tool, String state) {
        return new UnavailableException(
                ErrorCode.SERVER_UNAVAILABLE,
                "the tool " + tool + " cannot be called: its route '" + route() + "' " + state);
    }

    /** The id of the route. */
    String route() {
        String id = getRouteId();
        return id == null ? "(no id)" : id;
    }

    /** What it publishes; null while it does not. */
    @Nullable
    Publication publication() {
        Published current = published;
        return current == null ? null : current.publication();
    }

    /** Keeps a stream in mind until it has ended. */
    ToolStream opened(RouteStream stream) {
        open.add(stream);
        if (published == null) {
            stream.stop();
        }
        return stream;
    }

    void closed(RouteStream stream) {
        open.remove(stream);
    }

    /** How many streams are being read. */
    int openStreams() {
        return open.size();
    }

    @Override
    public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
        // other routes may need the tool to complete what they have begun
        return true;
    }

    /** Streams that are still being read; the route's own exchanges are counted by Camel. */
    @Override
    public int getPendingExchangesSize() {
        return (int) open.stream().filter(RouteStream::inTime).count();
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        if (forced && !suspendOnly) {
            open.forEach(RouteStream::stop);
        }
    }
}
