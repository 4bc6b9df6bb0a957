package io.bactrian.testkit.contract;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.CallPath;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.AgentToolCall;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolCallback;
import io.bactrian.core.tool.ToolObservation;
import io.bactrian.core.tool.ToolRequest;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.core.tool.ToolStream;
import java.time.Duration;
import java.util.UUID;

/** The kind of tools that a suite runs against, published anew before each test, and the people who call them. */
interface ToolFixture {

    TenantId ACME = new TenantId("acme");
    TenantId GLOBEX = new TenantId("globex");
    UserId ANN = new UserId("ann");
    UserId BOB = new UserId("bob");
    AppId SHOP = new AppId("shop");

    /** How deep calls may be nested. */
    int DEEPEST = 4;

    /** How long a call may take that is meant to get through. */
    Duration LONG = Duration.ofSeconds(60);

    /** The engine with the kind's tools. The same one through the whole of a test. */
    ContractEngine engine();

    /** What its tools do. */
    ContractPlay play();

    /** Whether the kind can do that. */
    boolean can(ToolCapability capability);

    /** The address of a contract tool. */
    ToolAddress address(String tool);

    /** The code of a call whose tool ended with an exception that is none of ours. */
    ErrorCode foreignError();

    /** A contract tool. */
    default Tool tool(String name) {
        return engine().toolManager().get(ACME, address(name));
    }

    /** The claim of a call from outside. */
    static CallerClaim claim(TenantId tenant, UserId user, Duration time) {
        return new CallerClaim(
                null,
                tenant,
                user,
                SHOP,
                null,
                InvokeSource.ROUTE,
                0,
                new RequestId(UUID.randomUUID().toString()),
                Deadline.in(time),
                CallPath.NONE);
    }

    /** The claim of a call of Ann's at Acme. */
    static CallerClaim claim() {
        return claim(ACME, ANN, LONG);
    }

    /** Who a claim's call is by. */
    default Caller caller(TenantId tenant, UserId user) {
        return engine().modelManager().caller(claim(tenant, user, LONG));
    }

    /** A route's call of a contract tool. */
    default Invocation invocation(CallerClaim claim, String tool, JsonObject arguments) {
        return Invocation.of(claim, new InvocationTarget.Tool(address(tool), null), ToolRequest.ofRoute(arguments));
    }

    /** Calls a contract tool as a route does. */
    default ToolResult call(CallerClaim claim, String tool, JsonObject arguments) {
        return engine().toolEngine().workflowInvoke(invocation(claim, tool, arguments), ToolCallback.NONE);
    }

    /** As {@link #call(CallerClaim, String, JsonObject)}, for Ann at Acme. */
    default ToolResult call(String tool, JsonObject arguments) {
        return call(claim(), tool, arguments);
    }

    /** Sets a scene and plays it, for Ann at Acme. */
    default ToolResult played(ContractPlay.Scene scene) {
        play().scene("scene", scene);
        return call(ContractTools.PLAY, JsonObject.of("scene", "scene"));
    }

    /** Sets a scene and plays it as a stream, for Ann at Acme. */
    default ToolStream streamed(ContractPlay.Scene scene) {
        return streamed(claim(), scene);
    }

    /** Sets a scene and plays it as a stream. */
    default ToolStream streamed(CallerClaim claim, ContractPlay.Scene scene) {
        play().scene("scene", scene);
        Invocation call = invocation(claim, ContractTools.PLAY, JsonObject.of("scene", "scene"));
        return engine().toolEngine().genericInvoke(call, ToolCallback.NONE);
    }

    /** Calls a contract tool as a model of Ann's at Acme does. */
    default ToolObservation asked(String tool, String written) {
        return asked(tool, written, JsonObject.EMPTY, ToolApproval.AUTO);
    }

    /** Calls a contract tool as a model of Ann's at Acme does, which somebody has put to use so. */
    default ToolObservation asked(String tool, String written, JsonObject formValues, ToolApproval approval) {
        return engine().toolEngine()
                .agentInvoke(
                        claim(),
                        new AgentToolCall("call-1", tool(tool), written, formValues, approval, null),
                        ToolCallback.NONE);
    }

    /** Has a model play a scene. */
    default ToolObservation observed(ContractPlay.Scene scene) {
        play().scene("scene", scene);
        return asked(ContractTools.PLAY, "{\"scene\": \"scene\"}");
    }
}
