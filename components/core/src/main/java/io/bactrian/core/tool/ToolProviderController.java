package io.bactrian.core.tool;

import io.bactrian.core.credential.Credentials;
import io.bactrian.core.tenant.Deadline;
import java.util.List;
import java.util.Optional;

/** A provider of tools: what it offers to whom it was made for. Thread-safe, and never changed: a change is a new one. */
public interface ToolProviderController {

    /** Its declaration. */
    ToolProviderEntity entity();

    /** The kind of its tools. */
    ToolProviderType toolProviderType();

    /** Its tools, not yet forked for a call. */
    List<Tool> tools();

    /** The tool of that name. Asked at every call: a provider with very many tools keeps them by name. */
    default Optional<Tool> tool(String name) {
        for (Tool tool : tools()) {
            if (tool.entity().name().equals(name)) {
                return Optional.of(tool);
            }
        }
        return Optional.empty();
    }

    /**
     * Shows the other side credentials that are about to be saved.
     *
     * @throws io.bactrian.core.error.InvokeException if they do not open it. By default nothing is asked
     */
    default void validateCredentials(Credentials credentials, Deadline deadline) {}
}
