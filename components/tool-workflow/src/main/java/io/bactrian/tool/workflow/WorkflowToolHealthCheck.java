package io.bactrian.tool.workflow;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** The readiness of a published route: up while its tool can be called. */
final class WorkflowToolHealthCheck extends AbstractHealthCheck {

    private final WorkflowConsumer consumer;
    private final String tool;

    WorkflowToolHealthCheck(WorkflowConsumer consumer, String tool) {
        super("tool-workflow", "consumer:tool-workflow:" + tool);
        this.consumer = consumer;
        this.tool = tool;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.detail("tool", "tool-workflow:" + tool);
        builder.detail("route.id", consumer.route());
        builder.detail("open.streams", consumer.openStreams());
        if (consumer.isStarted() && consumer.publication() != null) {
            builder.up();
            return;
        }
        builder.message(
                consumer.isSuspendingOrSuspended()
                        ? "the route is suspended: calls of the tool are refused"
                        : "the route does not run: the tool is not published");
        builder.down();
    }
}
