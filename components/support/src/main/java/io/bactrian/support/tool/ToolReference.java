package io.bactrian.support.tool;

import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolManager;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which tool the URI of an endpoint names. */
public sealed interface ToolReference {

    /**
     * A tool of a certain kind and provider.
     *
     * @param address its address
     */
    record Addressed(ToolAddress address) implements ToolReference {
        @Override
        public InvocationTarget target(@Nullable CredentialName credential) {
            return new InvocationTarget.Tool(address, credential);
        }

        @Override
        public Optional<Tool> find(ToolManager tools, TenantId tenant) {
            return tools.find(tenant, address);
        }

        @Override
        public String toString() {
            return address.toString();
        }
    }

    /**
     * Whichever tool a tenant has under a name.
     *
     * @param name its bare name, {@code PROVIDER/NAME}, or a whole address
     */
    record Named(String name) implements ToolReference {

        /** @throws IllegalArgumentException if it is no name of a tool */
        public Named {
            // checks the name
            new InvocationTarget.NamedTool(name, null);
        }

        @Override
        public InvocationTarget target(@Nullable CredentialName credential) {
            return new InvocationTarget.NamedTool(name, credential);
        }

        @Override
        public Optional<Tool> find(ToolManager tools, TenantId tenant) {
            try {
                return tools.find(tenant, tools.named(tenant, name));
            } catch (InvokeException e) {
                // there is none, or there are several: the call itself says which
                return Optional.empty();
            }
        }

        @Override
        public String toString() {
            return "tool:" + name;
        }
    }

    /** What is called. */
    InvocationTarget target(@Nullable CredentialName credential);

    /** The tool as a tenant has it; empty if it has none, or not one only. */
    Optional<Tool> find(ToolManager tools, TenantId tenant);
}
