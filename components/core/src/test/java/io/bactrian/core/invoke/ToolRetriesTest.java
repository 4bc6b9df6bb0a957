package io.bactrian.core.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.balance.BalancingSettings;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.SampleTool;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolErrors;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolProviderEntity;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.ToolRequest;
import io.bactrian.core.tool.ToolStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Which calls of tools are made again. */
class ToolRetriesTest {

    private static final ToolProviderEntity PROVIDER = ToolProviderEntity.of("tests", "For tests");

    private final List<Duration> pauses = new ArrayList<>();
    private final Deque<Supplier<ToolStream>> attempts = new ArrayDeque<>();

    private static UnavailableException overloaded() {
        return new UnavailableException(ErrorCode.OVERLOADED, "come back later");
    }

    private ToolRetriesTest fails(InvokeException error) {
        attempts.add(() -> {
            throw error;
        });
        return this;
    }

    private ToolRetriesTest answers(String text) {
        attempts.add(() -> ToolStream.ofText(text));
        return this;
    }

    private String call(boolean retriable) {
        Tool tool = new Tool(
                ToolProviderType.BUILTIN,
                ToolEntity.of("tests", "sample", "For tests")
                        .retriable(retriable)
                        .build(),
                (arguments, runtime) -> ToolStream.ofText("not asked"),
                SampleTool.NEVER_ASKED);
        Deadline deadline = Deadline.in(Duration.ofMinutes(1));
        RequestId id = new RequestId("call");
        Invocation invocation = Invocation.of(
                        CallerClaim.ofTenant(TenantId.DEFAULT, InvokeSource.ROUTE, id, deadline),
                        new InvocationTarget.Tool(tool.address(), null),
                        ToolRequest.ofRoute(JsonObject.EMPTY).resolvedTo(tool, PROVIDER))
                .withCaller(new Caller(TenantId.DEFAULT, null, null, null, InvokeSource.ROUTE, 0, id, deadline));
        ToolRetries retries = new ToolRetries(new RetryPolicy(BalancingSettings.DEFAULTS), pauses::add);
        try (ToolStream stream = (ToolStream) retries.intercept(invocation, new Attempt())) {
            return ((ToolInvokeMessage.Text) stream.next()).text();
        }
    }

    private final class Attempt implements Interceptor.Next {

        @Override
        public InvocationReply proceed(Invocation invocation) {
            return attempts.remove().get();
        }

        @Override
        public InvocationReply reenter(Invocation invocation) {
            throw new AssertionError("tools have no fallbacks");
        }
    }

    @Test
    void callsAToolAgainThatSaysThatItMayBe() {
        assertThat(fails(overloaded())
                        .fails(ToolErrors.failed("it stumbled"))
                        .answers("well")
                        .call(true))
                .isEqualTo("well");
        assertThat(pauses).hasSize(2);
    }

    @Test
    void callsNoOtherToolAgain() {
        fails(overloaded()).answers("never");

        assertThatThrownBy(() -> call(false)).isInstanceOf(UnavailableException.class);
        assertThat(attempts).hasSize(1);
    }

    @Test
    void givesUpInTheEnd() {
        fails(overloaded()).fails(overloaded()).fails(overloaded()).answers("never");

        assertThatThrownBy(() -> call(true)).isInstanceOf(UnavailableException.class);
        assertThat(attempts).hasSize(1);
    }

    @Test
    void doesNotCallAgainForWhatWouldEndAlike() {
        for (InvokeException error :
                List.of(ToolErrors.failedForGood("there is no such page"), ToolErrors.argument("x: is wrong"))) {
            attempts.clear();
            fails(error).answers("never");

            assertThatThrownBy(() -> call(true)).isSameAs(error);
            assertThat(attempts).as(error.getMessage()).hasSize(1);
        }
        assertThat(pauses).isEmpty();
    }
}
