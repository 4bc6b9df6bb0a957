package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolOutcome;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.support.BactrianConstants;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that a person has to approve, and the runs that wait for it. */
class AgentApprovalTest extends AgentTestBase {

    private static final TenantId DEFAULT = TenantId.DEFAULT;

    @BeforeEach
    void declareTools() {
        tools.add(
                TestTools.taking("mail", "send").approval(ToolApproval.ASK),
                (arguments, runtime) ->
                        ToolStream.ofText("sent " + arguments.findText("what").orElse("nothing")));
        tools.text("mail", "read", (what, runtime) -> "a mail about " + what);
    }

    private AgentResult pending() {
        AgentResult result = ask(WITH_TOOLS, "send it");
        assertThat(result.status()).isEqualTo(AgentResult.Status.PENDING);
        return result;
    }

    private void decide(String id, Approval.Status status) {
        engine.approvals.decide(DEFAULT, id, status, "boss", engine.clock.instant());
    }

    private static String only(AgentResult result) {
        assertThat(result.approvals()).hasSize(1);
        return result.approvals().get(0).id();
    }

    @Test
    void waitsForAPersonBeforeItMakesTheCall() {
        model.call("send", "{\"what\":\"invoice\"}");
        start();

        Exchange answered = send(WITH_TOOLS, "send it", exchange -> {});

        AgentResult result = answered.getMessage().getBody(AgentResult.class);
        assertThat(result.status()).isEqualTo(AgentResult.Status.PENDING);
        assertThat(tools.callsOf("send")).isEmpty();
        Approval approval = result.approvals().get(0);
        assertThat(approval.tool()).isEqualTo("tool-builtin:mail/send");
        assertThat(approval.arguments()).isEqualTo("{\"what\":\"invoice\"}");
        assertThat(approval.status()).isEqualTo(Approval.Status.PENDING);
        assertThat(engine.approvals.pending(DEFAULT, engine.clock.instant(), 10))
                .containsExactly(approval);
        assertThat(outcome(result, 0, 0)).isInstanceOf(ToolOutcome.Pending.class);
        assertThat(result.text()).contains("A person has to approve").contains(approval.id());
        assertThat(answered.getMessage().getHeaders())
                .containsEntry(AgentConstants.STATUS, "pending")
                .containsEntry(AgentConstants.APPROVALS, approval.id());
        assertThat(model.asked()).as("the model is not asked on").hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"resume", "map", "json"})
    void goesOnOnceItIsApproved(String way) {
        model.call("send", "{\"what\":\"invoice\"}").reply("It is sent.");
        start();
        String id = only(pending());
        decide(id, Approval.Status.APPROVED);

        AgentResult result = ask(WITH_TOOLS, body(way, id));

        assertThat(result.status()).isEqualTo(AgentResult.Status.ANSWERED);
        assertThat(result.text()).isEqualTo("It is sent.");
        assertThat(tools.callsOf("send")).hasSize(1);
        assertThat(observations().get(0)).contains("sent invoice");
        assertThat(lastAsked().messages()).extracting(PromptMessage::role).containsExactly("user", "assistant", "tool");
        assertThat(lastAsked().messages().get(0).text()).isEqualTo("send it");
        assertThat(engine.approvals.find(DEFAULT, id).orElseThrow().status()).isEqualTo(Approval.Status.USED);
    }

    private static Object body(String way, String id) {
        return switch (way) {
            case "resume" -> new AgentResume(id);
            case "map" -> Map.of("approval", id);
            default -> "{\"approval\":\"" + id + "\"}";
        };
    }

    @Test
    void tellsTheModelThatItWasDenied() {
        model.call("send", "{\"what\":\"invoice\"}").reply("Somebody said no.");
        start();
        String id = only(pending());
        decide(id, Approval.Status.DENIED);

        AgentResult result = ask(WITH_TOOLS, new AgentResume(id));

        assertThat(result.text()).isEqualTo("Somebody said no.");
        assertThat(outcome(result, 0, 0)).isInstanceOf(ToolOutcome.Denied.class);
        assertThat(observations().get(0)).contains("was denied by a person");
        assertThat(tools.callsOf("send")).isEmpty();
    }

    @Test
    void waitsOnIfNobodyHasDecidedYet() {
        model.call("send", "{\"what\":\"invoice\"}").reply("It is sent.");
        start();
        String id = only(pending());

        assertThat(only(ask(WITH_TOOLS, new AgentResume(id)))).isEqualTo(id);
        assertThat(only(ask(WITH_TOOLS, new AgentResume(id)))).isEqualTo(id);
        decide(id, Approval.Status.APPROVED);

        assertThat(ask(WITH_TOOLS, new AgentResume(id)).text()).isEqualTo("It is sent.");
        assertThat(tools.callsOf("send")).hasSize(1);
    }

    @ParameterizedTest
    @DisplayName("A run goes on once, also when it was denied")
    @ValueSource(strings = {"APPROVED", "DENIED"})
    void goesOnOnce(Approval.Status decision) {
        model.call("send", "{\"what\":\"invoice\"}").reply("That is that.").reply("never said");
        start();
        String id = only(pending());
        decide(id, decision);
        ask(WITH_TOOLS, new AgentResume(id));

        InvokeException again = refused(WITH_TOOLS, new AgentResume(id));

        assertThat(again.code()).isEqualTo(ErrorCode.INVALID_PARAM);
        assertThat(again).hasMessageContaining("has gone on already");
        assertThat(model.asked()).hasSize(2);
    }

    @Test
    @DisplayName("Of twenty who resume it at once, one does; the call is made once and the model asked once")
    void goesOnOnceThoughManyResumeItAtOnce() throws Exception {
        model.call("send", "{\"what\":\"invoice\"}").reply("It is sent.");
        start();
        String id = only(pending());
        decide(id, Approval.Status.APPROVED);

        List<CompletableFuture<Exchange>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(CompletableFuture.supplyAsync(() -> send(WITH_TOOLS, new AgentResume(id), exchange -> {})));
        }
        int answered = 0;
        for (CompletableFuture<Exchange> one : all) {
            answered += one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).getException() == null ? 1 : 0;
        }

        assertThat(answered).isEqualTo(1);
        assertThat(tools.callsOf("send")).hasSize(1);
        assertThat(model.asked()).hasSize(2);
    }

    @Test
    @DisplayName("CRED-15: another user, app or tenant cannot resume a run, and cannot tell that there is one")
    void isResumedByItsOwnerOnly() {
        model.call("send", "{\"what\":\"invoice\"}").reply("It is sent.");
        start();
        String id = only(ask(WITH_TOOLS, "send it", by("ann")));
        decide(id, Approval.Status.APPROVED);

        List<InvokeException> refusals = List.of(
                refused(WITH_TOOLS, new AgentResume(id), by("bob")),
                refused(WITH_TOOLS, new AgentResume(id)),
                refused(WITH_TOOLS, new AgentResume(id), exchange -> {
                    exchange.setProperty(BactrianConstants.USER, "ann");
                    exchange.setProperty(BactrianConstants.APP, "other");
                }),
                refused(WITH_TOOLS, new AgentResume("approval-999"), by("ann")));

        assertThat(refusals).allSatisfy(refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_PARAM);
            assertThat(refusal).hasMessageContaining("tenant 'default' has no such approval of this user and app");
        });
        InvokeException elsewhere = refused(WITH_TOOLS, new AgentResume(id), exchange -> {
            exchange.setProperty(BactrianConstants.USER, "ann");
            exchange.setProperty(BactrianConstants.TENANT, "acme");
        });
        assertThat(elsewhere).hasMessageContaining("tenant 'acme' has no such approval");
        assertThat(tools.callsOf("send")).isEmpty();
        assertThat(ask(WITH_TOOLS, new AgentResume(id), by("ann")).text()).isEqualTo("It is sent.");
    }

    @Test
    void doesNotGoOnOnceTheApprovalHasExpired() {
        model.call("send", "{\"what\":\"invoice\"}");
        start();
        String id = only(pending());
        decide(id, Approval.Status.APPROVED);
        engine.clock.pass(TestEngine.APPROVAL_EXPIRY);

        InvokeException error = refused(WITH_TOOLS, new AgentResume(id));

        assertThat(error).hasMessageContaining("expired at").hasMessageContaining("ask again");
        assertThat(tools.callsOf("send")).isEmpty();
    }

    @Test
    void isResumedWithTheAgentThatAskedForIt() {
        model.call("send", "{\"what\":\"invoice\"}").reply("It is sent.");
        start();
        String id = only(pending());
        decide(id, Approval.Status.APPROVED);

        InvokeException error = refused("agent:other?tools=*", new AgentResume(id));

        assertThat(error).hasMessageContaining("not one of agent 'other'");
        assertThat(ask(WITH_TOOLS, new AgentResume(id)).text()).isEqualTo("It is sent.");
    }

    @Test
    void makesTheCallsOfATurnThatNeedNoApprovalMeanwhile() {
        model.calls(call("1", "send", "{\"what\":\"invoice\"}"), call("2", "read", "{\"what\":\"rent\"}"))
                .reply("Sent, and read.");
        start();
        AgentResult waiting = pending();
        assertThat(tools.callsOf("read")).hasSize(1);
        assertThat(outcome(waiting, 0, 1)).isInstanceOf(ToolOutcome.Success.class);
        decide(only(waiting), Approval.Status.APPROVED);

        ask(WITH_TOOLS, new AgentResume(only(waiting)));

        assertThat(tools.callsOf("read")).as("it is not made again").hasSize(1);
        assertThat(observations().get(0)).as("in the model's order").contains("sent invoice");
        assertThat(observations().get(1)).contains("a mail about rent");
    }

    @Test
    void goesOnStepByStepWhereTwoCallsOfATurnWait() {
        model.calls(call("1", "send", "{\"what\":\"first\"}"), call("2", "send", "{\"what\":\"second\"}"))
                .reply("Both are sent.");
        start();
        AgentResult both = pending();
        assertThat(both.approvals()).hasSize(2);
        String first = both.approvals().get(0).id();
        String second = both.approvals().get(1).id();
        decide(second, Approval.Status.APPROVED);

        AgentResult one = ask(WITH_TOOLS, new AgentResume(second));
        assertThat(only(one)).isEqualTo(first);
        assertThat(tools.callsOf("send")).hasSize(1);
        assertThat(refused(WITH_TOOLS, new AgentResume(second))).hasMessageContaining("has gone on already");
        decide(first, Approval.Status.DENIED);

        AgentResult last = ask(WITH_TOOLS, new AgentResume(first));

        assertThat(last.text()).isEqualTo("Both are sent.");
        assertThat(tools.callsOf("send")).hasSize(1);
        assertThat(observations().get(0)).contains("denied");
        assertThat(observations().get(1)).contains("sent second");
    }

    @Test
    void goesOnAtOnceWhereBothWereDecided() {
        model.calls(call("1", "send", "{\"what\":\"first\"}"), call("2", "send", "{\"what\":\"second\"}"))
                .reply("Both are sent.");
        start();
        AgentResult both = pending();
        both.approvals().forEach(approval -> decide(approval.id(), Approval.Status.APPROVED));

        AgentResult last =
                ask(WITH_TOOLS, new AgentResume(both.approvals().get(0).id()));

        assertThat(last.text()).isEqualTo("Both are sent.");
        assertThat(tools.callsOf("send")).hasSize(2);
        assertThat(refused(WITH_TOOLS, new AgentResume(both.approvals().get(1).id())))
                .hasMessageContaining("has gone on already");
    }

    @Test
    void asksTwiceForTheSameCallMadeTwice() {
        model.calls(call("1", "send", "{\"what\":\"same\"}"), call("2", "send", "{\"what\":\"same\"}"))
                .reply("Sent twice.");
        start();
        String first = only(pending());
        decide(first, Approval.Status.APPROVED);

        AgentResult once = ask(WITH_TOOLS, new AgentResume(first));

        assertThat(tools.callsOf("send")).as("one approval is for one call").hasSize(1);
        String second = only(once);
        assertThat(second).isNotEqualTo(first);
        decide(second, Approval.Status.APPROVED);
        assertThat(ask(WITH_TOOLS, new AgentResume(second)).text()).isEqualTo("Sent twice.");
        assertThat(tools.callsOf("send")).hasSize(2);
    }

    @Test
    @DisplayName("Asking again does not ask a person twice: the later run takes the place of the one that waits")
    void takesThePlaceOfARunThatAskedTheSame() {
        model.call("send", "{\"what\":\"invoice\"}")
                .call("send", "{\"what\":\"invoice\"}")
                .reply("It is sent.");
        start();
        String first = only(ask(WITH_TOOLS, "send it"));
        String again = only(ask(WITH_TOOLS, "send it, I said"));
        assertThat(again).isEqualTo(first);
        decide(first, Approval.Status.APPROVED);

        ask(WITH_TOOLS, new AgentResume(first));

        assertThat(lastAsked().messages().get(0).text()).isEqualTo("send it, I said");
    }

    @Test
    @DisplayName("Two conversations that want the same call are not mixed up: the second is told that it waits already")
    void keepsConversationsApartThatWantTheSame() {
        model.call("send", "{\"what\":\"invoice\"}")
                .call("send", "{\"what\":\"invoice\"}")
                .reply("It waits already.")
                .reply("It is sent.");
        start();
        String id = only(ask(WITH_TOOLS, "send it", in("one")));

        AgentResult other = ask(WITH_TOOLS, "send it too", in("two"));

        assertThat(other.status()).isEqualTo(AgentResult.Status.ANSWERED);
        assertThat(other.text()).isEqualTo("It waits already.");
        assertThat(codeOf(other, 0, 0)).isEqualTo(ErrorCode.TOOL_APPROVAL_REQUIRED);
        assertThat(observations().get(0))
                .contains("waits for a person's approval already")
                .contains(id);
        decide(id, Approval.Status.APPROVED);
        ask(WITH_TOOLS, new AgentResume(id));
        assertThat(lastAsked().messages().get(0).text()).isEqualTo("send it");
    }

    @Test
    void asksForWhatTheAgentSaysThoughTheToolDoesNot() {
        model.call("read", "{\"what\":\"rent\"}");
        start();

        AgentResult result = ask(WITH_TOOLS + "&ask=mail/*", "read it");

        assertThat(result.status()).isEqualTo(AgentResult.Status.PENDING);
        assertThat(tools.callsOf("read")).isEmpty();
    }

    @Test
    void doesNotMakeACallThatAPolicyDenies() {
        engine.toolPolicies.add(
                (caller, tool) -> tool.entity().name().equals("read") ? ToolApproval.DENY : ToolApproval.AUTO);
        model.call("read", "{\"what\":\"rent\"}").reply("I may not.");
        start();

        AgentResult result = ask(WITH_TOOLS, "read it");

        assertThat(result.text()).isEqualTo("I may not.");
        assertThat(codeOf(result, 0, 0)).isEqualTo(ErrorCode.TOOL_DENIED);
    }

    @Test
    @DisplayName("A person approves a call with its arguments: another one of the same tool is asked for anew")
    void isNotApprovedForOtherArguments() {
        model.call("send", "{\"what\":\"invoice\"}").call("send", "{\"what\":\"everything\"}");
        start();
        String id = only(pending());
        decide(id, Approval.Status.APPROVED);

        AgentResult next = ask(WITH_TOOLS, new AgentResume(id));

        assertThat(next.status()).isEqualTo(AgentResult.Status.PENDING);
        assertThat(next.approvals().get(0).arguments()).contains("everything");
        assertThat(tools.callsOf("send")).hasSize(1);
    }

    @Test
    @DisplayName("A model that asks again with the same arguments in another order asks the same")
    void isApprovedInWhateverOrderTheArgumentsCome() {
        tools.add(
                TestTools.taking("mail", "post")
                        .parameter(ToolParameter.llm("to", ToolParameterType.STRING, "to whom"))
                        .approval(ToolApproval.ASK),
                (arguments, runtime) -> ToolStream.ofText("posted"));
        model.call("post", "{\"to\":\"eve\",\"what\":\"bill\"}").call("post", "{\"what\":\"bill\",\"to\":\"eve\"}");
        start();
        AgentResult first = pending();

        assertThat(first.approvals().get(0).arguments()).isEqualTo("{\"what\":\"bill\",\"to\":\"eve\"}");
        assertThat(only(ask(WITH_TOOLS, "send it, I said"))).isEqualTo(only(first));
    }

    @Test
    void goesOnInAProcessThatKnowsNothingButTheStore() throws Exception {
        model.calls(call("1", "send", "{\"what\":\"invoice\"}"), call("2", "read", "{\"what\":\"rent\"}"))
                .reply("It is sent.");
        start();
        AgentResult waiting = ask(
                WITH_TOOLS + "&systemMessage=Be brief.",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"send it\"}],\"temperature\":0.5,\"stop\":[\"END\"],"
                        + "\"response_format\":{\"type\":\"json_object\"}}",
                by("ann"));
        decide(only(waiting), Approval.Status.APPROVED);

        restart();
        AgentResult result = ask(WITH_TOOLS, new AgentResume(only(waiting)), by("ann"));

        assertThat(result.text()).isEqualTo("It is sent.");
        assertThat(lastAsked().messages())
                .extracting(PromptMessage::role)
                .containsExactly("system", "user", "assistant", "tool", "tool");
        assertThat(lastAsked().messages().get(0).text()).isEqualTo("Be brief.");
        assertThat(lastAsked().stop()).containsExactly("END");
        assertThat(lastAsked().parameters().find("temperature")).isPresent();
        assertThat(lastAsked().responseFormat()).isNotNull();
        assertThat(result.usage().totalTokens())
                .as("what was used before the restart counts")
                .isGreaterThan(waiting.usage().totalTokens());
    }

    @Test
    @DisplayName("A tool that has taken the name of another one meanwhile does not get its call")
    void makesNoCallOfAnotherToolThatHasTheNameNow() throws Exception {
        model.call("send", "{\"what\":\"invoice\"}").reply("That tool is gone.");
        start();
        String id = only(pending());
        decide(id, Approval.Status.APPROVED);
        tools.remove("mail", "send");
        tools.text("rogue", "send", (what, runtime) -> "taken");

        restart();
        AgentResult result = ask(WITH_TOOLS, new AgentResume(id));

        assertThat(tools.callsOf("send")).isEmpty();
        assertThat(codeOf(result, 0, 0)).isEqualTo(ErrorCode.TOOL_NOT_FOUND);
    }

    @Test
    @DisplayName(
            "When the model fails after the call was made, the run can be taken up again, and the call is not made again")
    void canBeTakenUpAgainWhenTheModelFailed() {
        model.call("send", "{\"what\":\"invoice\"}")
                .fail(new UnavailableException(ErrorCode.OVERLOADED, "too much going on"))
                .reply("It is sent.");
        start();
        String id = only(pending());
        decide(id, Approval.Status.APPROVED);
        assertThat(refused(WITH_TOOLS, new AgentResume(id)).code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(tools.callsOf("send")).hasSize(1);

        AgentResult result = ask(WITH_TOOLS, new AgentResume(id));

        assertThat(result.text()).isEqualTo("It is sent.");
        assertThat(tools.callsOf("send")).hasSize(1);
        assertThat(observations().get(0)).contains("sent invoice");
        assertThat(refused(WITH_TOOLS, new AgentResume(id))).hasMessageContaining("has gone on already");
    }

    @Test
    void countsTurnsAndTokensOverAResumption() {
        model.call("send", "{\"what\":\"one\"}")
                .call("send", "{\"what\":\"two\"}")
                .reply("out of turns");
        start();
        String uri = WITH_TOOLS + "&maxIterations=2";
        String first = only(ask(uri, "send them"));
        decide(first, Approval.Status.APPROVED);
        String second = only(ask(uri, new AgentResume(first)));
        decide(second, Approval.Status.APPROVED);

        AgentResult result = ask(uri, new AgentResume(second));

        assertThat(result.status()).isEqualTo(AgentResult.Status.OUT_OF_TURNS);
        assertThat(lastAsked().tools()).isEmpty();
    }

    @Test
    void keepsABudgetOverAResumption() {
        model.call("send", "{\"what\":\"one\"}").reply("never said");
        start();
        String uri = WITH_TOOLS + "&tokenBudget=3";
        String id = only(ask(uri, "one two three four"));
        decide(id, Approval.Status.APPROVED);

        InvokeException error = refused(uri, new AgentResume(id));

        assertThat(error.code()).isEqualTo(ErrorCode.AGENT_LIMIT_REACHED);
        assertThat(error).hasMessageContaining("tokenBudget");
    }

    @Test
    void refusesToKeepAConversationThatIsTooLong() {
        model.call("send", "{\"what\":\"one\"}");
        start();

        InvokeException error = refused(WITH_TOOLS, "x".repeat(1_100_000));

        assertThat(error.code()).isEqualTo(ErrorCode.REQUEST_TOO_LARGE);
    }

    @Test
    void saysThatNoAgentWaitsForAnApprovalOfSomebodyElse() {
        start();
        Approval others = new Approval(
                "by-a-plugin",
                DEFAULT,
                null,
                null,
                "tool-builtin:mail/send",
                "{}",
                "r",
                Approval.Status.PENDING,
                engine.clock.instant(),
                engine.clock.instant().plus(Duration.ofHours(1)),
                null,
                null);
        engine.approvals.request(others);

        assertThat(refused(WITH_TOOLS, new AgentResume("by-a-plugin")))
                .hasMessageContaining("no agent waits for approval by-a-plugin");
    }

    /** Approvals of which another call makes use just before this one does. */
    private static final class Contended extends DelegatingApprovals {

        Contended(ApprovalStore approvals) {
            super(approvals);
        }

        @Override
        public boolean use(TenantId tenant, String id, Instant now) {
            super.use(tenant, id, now);
            return false;
        }
    }

    @Test
    @DisplayName("A call that was too late for an approval is asked for anew, and not lost behind one that is used")
    void asksAnewWhereAnotherCallWasQuicker() {
        engine.approvals = new Contended(engine.approvals);
        model.call("send", "{\"what\":\"invoice\"}");
        start();
        String id = only(pending());
        decide(id, Approval.Status.APPROVED);

        String next = only(ask(WITH_TOOLS, new AgentResume(id)));

        assertThat(next).isNotEqualTo(id);
        assertThat(engine.approvals.pending(DEFAULT, engine.clock.instant(), 10))
                .extracting(Approval::id)
                .containsExactly(next);
        assertThat(tools.callsOf("send")).isEmpty();
    }

    /** Approvals of a store that does not answer for a while. */
    private static final class Unreachable extends DelegatingApprovals {

        private volatile boolean away;

        Unreachable(ApprovalStore approvals) {
            super(approvals);
        }

        private void check() {
            if (away) {
                throw new UnavailableException(ErrorCode.STORE_UNAVAILABLE, "the store does not answer");
            }
        }

        @Override
        public Approval request(Approval wanted) {
            check();
            return super.request(wanted);
        }

        @Override
        public void keepContinuation(TenantId tenant, String id, String continuation) {
            check();
            super.keepContinuation(tenant, id, continuation);
        }
    }

    @Test
    void canBeTakenUpOnceTheStoreAnswersAgain() {
        Unreachable store = new Unreachable(engine.approvals);
        engine.approvals = store;
        model.call("send", "{\"what\":\"invoice\"}").reply("It is sent.");
        start();
        String id = only(pending());
        decide(id, Approval.Status.APPROVED);
        store.away = true;
        assertThat(refused(WITH_TOOLS, new AgentResume(id)).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        store.away = false;

        assertThat(ask(WITH_TOOLS, new AgentResume(id)).text()).isEqualTo("It is sent.");
        assertThat(tools.callsOf("send")).hasSize(1);
    }

    @Test
    void tellsTheModelThatNobodyCanBeAsked() {
        Unreachable store = new Unreachable(engine.approvals);
        engine.approvals = store;
        store.away = true;
        model.call("send", "{\"what\":\"invoice\"}").reply("Not now.");
        start();

        AgentResult result = ask(WITH_TOOLS, "send it");

        assertThat(result.text()).isEqualTo("Not now.");
        assertThat(codeOf(result, 0, 0)).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(tools.callsOf("send")).isEmpty();
    }

    @Test
    void streamsTheApprovalAndWhatComesAfterIt() {
        model.call("send", "{\"what\":\"invoice\"}").reply("It is ", "sent.");
        start();
        String uri = WITH_TOOLS + "&stream=true";
        List<AgentEvent> waiting = new ArrayList<>();
        template.requestBody(uri, "send it", AgentStream.class).forEachRemaining(waiting::add);

        assertThat(waiting)
                .extracting(AgentEvent::type)
                .containsExactly("tool_start", "tool_end", "approval_required", "end");
        AgentEvent.ApprovalRequired required = (AgentEvent.ApprovalRequired) waiting.get(2);
        decide(required.approval().id(), Approval.Status.APPROVED);

        List<AgentEvent> after = new ArrayList<>();
        template.requestBody(uri, new AgentResume(required.approval().id()), AgentStream.class)
                .forEachRemaining(after::add);

        assertThat(after).extracting(AgentEvent::type).containsExactly("tool_start", "tool_end", "text", "text", "end");
        assertThat(openStreams()).isZero();
    }
}
