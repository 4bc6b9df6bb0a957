package io.bactrian.tool.workflow;

import io.bactrian.support.tool.ToolConfiguration;

/** The options of the endpoint that have to do with calls, which know whether somebody has set a time-out. */
final class WorkflowConfiguration extends ToolConfiguration {

    private boolean timeoutGiven;

    @Override
    public void setTimeout(long timeout) {
        super.setTimeout(timeout);
        timeoutGiven = true;
    }

    /** Whether the time-out is somebody's choice, and not what there is without one. */
    boolean timeoutGiven() {
        return timeoutGiven;
    }
}
