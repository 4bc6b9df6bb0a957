package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolObservation;
import io.bactrian.core.tool.ToolOutcome;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Calls that a person has to approve, or that nobody may make. */
interface ToolApprovalContract extends ToolFixture {

    private Approval pending(String written) {
        ToolObservation observation = asked(ContractTools.ASKED, written);
        assertThat(observation.outcome()).isInstanceOf(ToolOutcome.Pending.class);
        return ((ToolOutcome.Pending) observation.outcome()).approval();
    }

    private List<Approval> waiting() {
        return engine().approvals().pending(ACME, now(), 10);
    }

    private Instant now() {
        return engine().clock().instant();
    }

    private void decide(Approval approval, Approval.Status status) {
        engine().approvals().decide(ACME, approval.id(), status, "eve", now());
    }

    @Test
    default void keepsAModelsCallUntilAPersonHasApprovedIt() {
        Approval approval = pending("{\"text\": \"a\"}");

        assertThat(play().calls()).isEmpty();
        assertThat(waiting()).containsExactly(approval);
        assertThat(approval.tenant()).isEqualTo(ACME);
        assertThat(approval.user()).isEqualTo(ANN);
        assertThat(approval.app()).isEqualTo(SHOP);
        assertThat(approval.tool()).isEqualTo(address(ContractTools.ASKED).toString());
        assertThat(engine().json().parse(approval.arguments())).isEqualTo(JsonObject.of("text", "a"));
        assertThat(approval.status()).isEqualTo(Approval.Status.PENDING);
        assertThat(engine().approvals().pending(GLOBEX, now(), 10)).isEmpty();
    }

    @Test
    default void asksOnceForTheSameCall() {
        Approval first = pending("{\"text\": \"a\"}");

        assertThat(pending("{ \"text\" : \"a\" }")).isEqualTo(first);
        assertThat(waiting()).hasSize(1);
    }

    @Test
    @DisplayName("what is approved is made once, with the arguments that were shown, and with no others")
    default void makesAnApprovedCallOnceAndNoOther() {
        Approval approval = pending("{\"text\": \"a\"}");
        decide(approval, Approval.Status.APPROVED);

        Approval other = pending("{\"text\": \"b\"}");
        assertThat(other.id()).isNotEqualTo(approval.id());
        assertThat(play().calls()).isEmpty();

        ToolObservation made = asked(ContractTools.ASKED, "{\"text\": \"a\"}");
        assertThat(made.outcome()).isInstanceOfSatisfying(ToolOutcome.Success.class, success -> assertThat(
                        success.result().object())
                .isEqualTo(JsonObject.of("text", "a")));
        assertThat(play().call().arguments()).isEqualTo(JsonObject.of("text", "a"));

        assertThat(pending("{\"text\": \"a\"}").id()).isNotEqualTo(approval.id());
        assertThat(play().calls()).hasSize(1);
    }

    @Test
    @DisplayName("of many that would use one approval at the same moment, one does")
    default void letsOneCallUseAnApproval() throws InterruptedException {
        decide(pending("{\"text\": \"a\"}"), Approval.Status.APPROVED);

        List<ToolOutcome> outcomes = Suites.together(
                8, i -> () -> asked(ContractTools.ASKED, "{\"text\": \"a\"}").outcome());

        assertThat(outcomes)
                .hasOnlyElementsOfTypes(ToolOutcome.Success.class, ToolOutcome.Pending.class)
                .filteredOn(ToolOutcome.Success.class::isInstance)
                .hasSize(1);
        assertThat(play().calls()).hasSize(1);
    }

    @Test
    default void doesNotMakeACallThatAPersonHasDenied() {
        decide(pending("{\"text\": \"a\"}"), Approval.Status.DENIED);

        assertThat(asked(ContractTools.ASKED, "{\"text\": \"a\"}").outcome())
                .isInstanceOfSatisfying(ToolOutcome.Denied.class, denied -> assertThat(denied.code())
                        .isEqualTo(ErrorCode.TOOL_DENIED));
        assertThat(play().calls()).isEmpty();
    }

    @Test
    default void doesNotAskBeforeARoutesCall() {
        assertThat(call(ContractTools.ASKED, JsonObject.of("text", "a")).object())
                .isEqualTo(JsonObject.of("text", "a"));

        assertThat(waiting()).isEmpty();
    }

    @Test
    default void asksWhereWhoeverBuiltTheAgentWantsIt() {
        ToolObservation observation = asked(ContractTools.WORD, "hello", JsonObject.EMPTY, ToolApproval.ASK);

        assertThat(observation.outcome()).isInstanceOf(ToolOutcome.Pending.class);
        assertThat(play().calls()).isEmpty();
    }

    @Test
    default void refusesToEverybodyWhatIsDenied() {
        JsonObject arguments = JsonObject.of("text", "a");

        refused(ErrorCode.TOOL_DENIED, () -> call(ContractTools.REFUSED, arguments));
        assertThat(asked(ContractTools.REFUSED, "a").outcome()).isInstanceOf(ToolOutcome.Denied.class);
        assertThat(asked(ContractTools.WORD, "a", JsonObject.EMPTY, ToolApproval.DENY)
                        .outcome())
                .isInstanceOf(ToolOutcome.Denied.class);

        assertThat(play().calls()).isEmpty();
        assertThat(waiting()).isEmpty();
    }

    @Test
    default void doesNotAskAPersonAboutArgumentsThatAreWrong() {
        assertThat(asked(ContractTools.ASKED, "{}").outcome()).isInstanceOf(ToolOutcome.ArgumentError.class);

        assertThat(waiting()).isEmpty();
    }
}
