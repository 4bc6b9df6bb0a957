package io.bactrian.core.tool;

import io.bactrian.core.credential.Credentials;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.util.List;

/** Tools without parameters, and who calls them. */
public final class SampleTool {

    /** For tools without parameters, which neither read nor check JSON. */
    public static final JsonCodec NEVER_ASKED = new JsonCodec() {
        @Override
        public JsonValue parse(String json) {
            throw new AssertionError("no test reads JSON");
        }

        @Override
        public String write(JsonValue value) {
            throw new AssertionError("no test writes JSON");
        }

        @Override
        public Check schema(JsonObject schema) {
            throw new AssertionError("no test has a schema");
        }
    };

    private SampleTool() {}

    static Tool tool(ToolProviderType type, String provider, String name, String... tags) {
        return tool(type, provider, name, List.of(tags), (arguments, runtime) -> ToolStream.ofText("done"));
    }

    static Tool tool(ToolProviderType type, String provider, String name, List<String> tags, ToolFunction function) {
        return new Tool(
                type, ToolEntity.of(provider, name, "For tests").tags(tags).build(), function, NEVER_ASKED);
    }

    /** A tool that answers with a stream, forked for a call. */
    static Tool answering(ToolFunction function, Deadline deadline) {
        return tool(ToolProviderType.BUILTIN, "tests", "sample", List.of(), function)
                .forkToolRuntime(new ToolRuntime(
                        caller(deadline),
                        ToolInvokeFrom.WORKFLOW,
                        Credentials.NONE,
                        ToolCredentialType.UNAUTHORIZED,
                        JsonObject.EMPTY));
    }

    static Deadline soon() {
        return Deadline.in(Duration.ofMinutes(1));
    }

    static Caller caller(Deadline deadline) {
        return new Caller(TenantId.DEFAULT, null, null, null, InvokeSource.ROUTE, 0, new RequestId("call"), deadline);
    }
}
