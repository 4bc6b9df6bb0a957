package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tool.ToolStream;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tools that call tools, and calls that are nested too deep. */
interface ToolNestingContract extends ToolFixture {

    private static JsonObject scene(String name) {
        return JsonObject.of("scene", name);
    }

    /** A scene that plays another. */
    private void nest(String outer, String inner) {
        play().scene(
                        outer,
                        call -> ToolStream.ofText(outer + " "
                                + call(call.onBehalf(), ContractTools.PLAY, scene(inner))
                                        .text()));
    }

    @Test
    @DisplayName("one nested level counts one, for the same tenant, user and app, within the same deadline")
    default void countsOneForEachLevel() {
        nest("outer", "middle");
        nest("middle", "inner");
        play().scene("inner", call -> ToolStream.ofText("inner"));
        if (!can(ToolCapability.CALLER)) {
            call(ContractTools.PLAY, scene("inner"));
            assertThat(play().call().nested()).isNull();
            return;
        }
        CallerClaim outermost = ToolFixture.claim();

        assertThat(call(outermost, ContractTools.PLAY, scene("outer")).text()).isEqualTo("outer middle inner");

        List<CallerClaim> claims =
                play().calls().stream().map(ContractPlay.Call::onBehalf).toList();
        assertThat(claims).extracting(CallerClaim::depth).containsExactly(1, 2, 3);
        String step = address(ContractTools.PLAY).toString();
        assertThat(claims.get(2).path().steps()).containsExactly(step, step, step);
        assertThat(claims).allSatisfy(claim -> {
            assertThat(claim.tenant()).isEqualTo(ACME);
            assertThat(claim.user()).isEqualTo(ANN);
            assertThat(claim.app()).isEqualTo(SHOP);
            assertThat(claim.deadline().remaining())
                    .isLessThanOrEqualTo(outermost.deadline().remaining().plusSeconds(1));
        });
        assertThat(play().open()).isZero();
    }

    @Test
    @DisplayName("a tool that calls itself is refused at the limit, and the circle is named with the way there")
    default void refusesACircleAndNamesIt() {
        nest("again", "again");
        if (!can(ToolCapability.CALLER)) {
            // it has nobody on whose behalf to call, and fails as any tool that cannot do its work
            play().scene("again", call -> {
                throw new IllegalStateException("there is nobody to call for");
            });
            refused(foreignError(), () -> call(ContractTools.PLAY, scene("again")));
            return;
        }

        InvokeException error = refused(ErrorCode.DEPTH_EXCEEDED, () -> call(ContractTools.PLAY, scene("again")));

        String step = address(ContractTools.PLAY).toString();
        assertThat(error)
                .hasMessageContaining("more than " + DEEPEST + " deep")
                .hasMessageContaining("circle at " + step)
                .hasMessageContaining(step + " → " + step);
        // a call from outside is of depth 0
        assertThat(play().calls()).hasSize(DEEPEST + 1);
        assertThat(play().open()).isZero();
    }

    @Test
    default void isNotCalledTooDeep() {
        CallerClaim deep = ToolFixture.claim();
        for (int i = 0; i < DEEPEST; i++) {
            deep = engine().modelManager().caller(deep).nested("agent:a" + i, new RequestId("call-" + i));
        }
        CallerClaim deepest = deep;
        JsonObject arguments = JsonObject.of("text", "a");
        assertThat(call(deepest, ContractTools.WORD, arguments).text()).isEqualTo("a");

        CallerClaim tooDeep = engine().modelManager().caller(deepest).nested("agent:last", new RequestId("call-x"));
        InvokeException error = refused(ErrorCode.DEPTH_EXCEEDED, () -> call(tooDeep, ContractTools.WORD, arguments));

        assertThat(error).hasMessageContaining("agent:a0 → agent:a1").hasMessageContaining("agent:last");
        assertThat(play().calls()).hasSize(1);
    }

    @Test
    default void passesTheErrorOfTheInnermostOn() {
        if (!can(ToolCapability.CALLER) || !can(ToolCapability.OWN_ERRORS)) {
            play().scene("inner", call -> {
                throw new RateLimitedException(ErrorCode.RATE_LIMITED, "slowly");
            });
            InvokeException error =
                    catchThrowableOfType(InvokeException.class, () -> call(ContractTools.PLAY, scene("inner")));
            assertThat(error.code())
                    .isEqualTo(can(ToolCapability.OWN_ERRORS) ? ErrorCode.RATE_LIMITED : foreignError());
            return;
        }
        nest("outer", "inner");
        play().scene("inner", call -> {
            throw new RateLimitedException(ErrorCode.RATE_LIMITED, "slowly");
        });

        InvokeException error = refused(ErrorCode.RATE_LIMITED, () -> call(ContractTools.PLAY, scene("outer")));

        assertThat(error).isInstanceOf(RateLimitedException.class).hasMessage("slowly");
        assertThat(play().open()).isZero();
    }
}
