package io.bactrian.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.credential.Credentials;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.CallPath;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolCredentialType;
import io.bactrian.core.tool.ToolInvokeFrom;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolRuntime;
import io.bactrian.core.tool.ToolStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whom a tool takes for its caller, and that calls do not see each other. */
interface ToolCallerContract extends ToolFixture {

    private ToolRuntime runtime(TenantId tenant, UserId user) {
        return new ToolRuntime(
                caller(tenant, user),
                ToolInvokeFrom.WORKFLOW,
                Credentials.NONE,
                ToolCredentialType.UNAUTHORIZED,
                JsonObject.EMPTY);
    }

    private static List<ToolInvokeMessage> all(ToolStream stream) {
        List<ToolInvokeMessage> messages = new ArrayList<>();
        try (stream) {
            stream.forEachRemaining(messages::add);
        }
        return messages;
    }

    @Test
    default void sharesTheDeclarationAmongCallsAndNeverTheRuntime() {
        Tool shared = tool(ContractTools.ECHO);
        ToolRuntime anns = runtime(ACME, ANN);
        ToolRuntime bobs = runtime(ACME, BOB);

        Tool one = shared.forkToolRuntime(anns);
        Tool other = shared.forkToolRuntime(bobs);

        assertThat(shared.runtime()).isEmpty();
        assertThat(one.entity()).isSameAs(shared.entity());
        assertThat(other.entity()).isSameAs(shared.entity());
        assertThat(one.runtime()).containsSame(anns);
        assertThat(other.runtime()).containsSame(bobs);
        assertThat(all(one.invoke(JsonObject.of("text", "ann")))).isNotEmpty();
        assertThat(all(other.invoke(JsonObject.of("text", "bob")))).isNotEmpty();
        assertThat(one.runtime()).containsSame(anns);
        assertThat(play().calls())
                .extracting(call -> call.arguments().findText("text").orElseThrow())
                .containsExactly("ann", "bob");
    }

    @Test
    @DisplayName("calls of many tenants and users at once each have their own arguments, caller and result")
    default void keepsCallsApart() throws InterruptedException {
        int threads = 12;
        int callsOfEach = 40;
        List<Boolean> done = Suites.together(threads, i -> () -> {
            TenantId tenant = i % 2 == 0 ? ACME : GLOBEX;
            UserId user = new UserId("user-" + i);
            for (int n = 0; n < callsOfEach; n++) {
                String text = tenant + " " + user + " " + n;
                JsonObject arguments = JsonObject.of("text", text, "count", 1 + n % 10);
                JsonObject result = call(ToolFixture.claim(tenant, user, LONG), ContractTools.ECHO, arguments)
                        .object();
                assertThat(result).isEqualTo(arguments);
            }
            return true;
        });

        assertThat(done).hasSize(threads).containsOnly(true);
        List<ContractPlay.Call> calls = play().calls();
        assertThat(calls).hasSize(threads * callsOfEach);
        assertThat(calls.stream().map(ContractPlay.Call::arguments)).doesNotHaveDuplicates();
        assertThat(calls).allSatisfy(this::assertItsOwnCaller);
        assertThat(play().open()).isZero();
    }

    private void assertItsOwnCaller(ContractPlay.Call call) {
        if (can(ToolCapability.CALLER)) {
            CallerClaim seen = call.onBehalf();
            assertThat(call.arguments().findText("text").orElseThrow())
                    .startsWith(seen.tenant() + " " + seen.user() + " ");
        } else {
            assertThat(call.nested()).isNull();
        }
    }

    @Test
    @DisplayName("HDR-07, HDR-09: who calls is told by the call, whatever the arguments are named")
    default void takesTheCallerFromTheCallAlone() {
        Deadline deadline = Deadline.in(Duration.ofSeconds(20));
        CallerClaim claim = new CallerClaim(
                null,
                ACME,
                ANN,
                new AppId("shop"),
                null,
                InvokeSource.HTTP,
                2,
                new RequestId("call-1"),
                deadline,
                CallPath.NONE.enter("agent:helper"));

        call(
                claim,
                ContractTools.ECHO,
                JsonObject.builder()
                        .put("text", "a")
                        .put("tenant", "globex")
                        .put("user", "root")
                        .put("app", "other")
                        .put("depth", 0)
                        .put("deadline", 1_000_000)
                        .put("caller", JsonObject.of("tenant", "globex"))
                        .put("BactrianTenant", "globex")
                        .put("BactrianUser", "root")
                        .build());

        ContractPlay.Call call = play().call();
        assertThat(call.arguments()).isEqualTo(JsonObject.of("text", "a", "count", 3));
        if (!can(ToolCapability.CALLER)) {
            assertThat(call.nested()).isNull();
            return;
        }
        CallerClaim seen = call.onBehalf();
        assertThat(seen.tenant()).isEqualTo(ACME);
        assertThat(seen.user()).isEqualTo(ANN);
        assertThat(seen.app()).isEqualTo(new AppId("shop"));
        assertThat(seen.source()).isEqualTo(InvokeSource.NESTED);
        assertThat(seen.depth()).isEqualTo(3);
        assertThat(seen.path().steps())
                .containsExactly("agent:helper", address(ContractTools.ECHO).toString());
        assertThat(seen.deadline().remaining())
                .isLessThanOrEqualTo(deadline.remaining().plusSeconds(1))
                .isGreaterThan(Duration.ZERO);
    }
}
