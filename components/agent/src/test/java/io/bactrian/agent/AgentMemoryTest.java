package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Approval;
import io.bactrian.support.BactrianConstants;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations that are remembered, and whose they are. */
class AgentMemoryTest extends AgentTestBase {

    private void said(String... texts) {
        assertThat(lastAsked().messages()).extracting(PromptMessage::text).containsExactly(texts);
    }

    @Test
    void remembersWhatWasSaidInAConversation() {
        tools.text("city", "weather", (what, runtime) -> "Rain");
        model.call("weather", "{}").reply("Rain.").reply("As I said: rain.");
        start();

        ask(WITH_TOOLS + "&systemMessage=Be brief.", "Oslo?", in("one"));
        ask(WITH_TOOLS + "&systemMessage=Be brief.", "Sure?", in("one"));

        assertThat(lastAsked().messages())
                .extracting(PromptMessage::role)
                .containsExactly("system", "user", "assistant", "tool", "assistant", "user");
        assertThat(lastAsked().messages().get(4).text()).isEqualTo("Rain.");
    }

    @Test
    void remembersNothingWithoutAConversation() {
        model.reply("one").reply("two");
        start();

        ask(AGENT, "first");
        ask(AGENT, "second");

        said("second");
    }

    @Test
    void remembersNothingIfToldNotTo() {
        model.reply("one").reply("two");
        start();

        ask(AGENT + "&remember=false", "first", in("one"));
        ask(AGENT + "&remember=false", "second", in("one"));

        said("second");
    }

    @ParameterizedTest
    @CsvSource({"user, bob", "tenant, acme", "agent, other", "conversation, two"})
    void keepsConversationsOfTenantsUsersAndAgentsApart(String what, String other) {
        model.reply("one").reply("two").reply("three");
        start();
        ask(AGENT, "a secret of ann", exchange -> whose(exchange, "none", ""));

        ask(
                what.equals("agent") ? AGENT.replace("helper", other) : AGENT,
                "tell",
                exchange -> whose(exchange, what, other));
        said("tell");

        ask(AGENT, "and?", exchange -> whose(exchange, "none", ""));
        said("a secret of ann", "one", "and?");
    }

    private static void whose(Exchange exchange, String what, String other) {
        exchange.setProperty(BactrianConstants.TENANT, what.equals("tenant") ? other : "default");
        exchange.setProperty(BactrianConstants.USER, what.equals("user") ? other : "ann");
        exchange.setProperty(AgentConstants.CONVERSATION, what.equals("conversation") ? other : "one");
    }

    @Test
    void isNotChosenByAHeader() {
        model.reply("one").reply("two");
        start();
        ask(AGENT, "first", in("one"));

        ask(AGENT, "second", exchange -> exchange.getMessage().setHeader(AgentConstants.CONVERSATION, "one"));

        said("second");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void refusesAConversationWithoutAName(String name) {
        start();

        InvokeException error = refused(AGENT, "hello", in(name));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID_PARAM);
        assertThat(error).hasMessageContaining(AgentConstants.CONVERSATION);
        assertThat(refused(AGENT, "hello", in("x".repeat(257))).code()).isEqualTo(ErrorCode.INVALID_PARAM);
    }

    @Test
    void remembersARunOnceItHasAnswered() {
        model.fail(new UnavailableException(ErrorCode.OVERLOADED, "later")).reply("yes");
        start();
        refused(AGENT, "first", in("one"));

        ask(AGENT, "second", in("one"));

        said("second");
    }

    @Test
    void remembersARunThatWaitedForAPersonAsAWhole() {
        tools.text("mail", "send", (what, runtime) -> "sent");
        model.call("send", "{}").reply("It is sent.").reply("You are welcome.");
        start();
        String uri = WITH_TOOLS + "&ask=send";
        AgentResult waiting = ask(uri, "send it", in("one"));
        String id = waiting.approvals().get(0).id();
        engine.approvals.decide(TenantId.DEFAULT, id, Approval.Status.APPROVED, "boss", engine.clock.instant());

        ask(uri, new AgentResume(id));
        ask(uri, "thanks", in("one"));

        assertThat(lastAsked().messages())
                .extracting(PromptMessage::role)
                .containsExactly("user", "assistant", "tool", "assistant", "user");
    }

    @Test
    void showsTheModelTheLastTurnsOnly() {
        for (int i = 0; i < 10; i++) {
            model.reply("answer " + i);
        }
        start();
        for (int i = 0; i < 9; i++) {
            ask(AGENT + "&historyMessages=4", "question " + i, in("one"));
        }

        ask(AGENT + "&historyMessages=4", "the last one", in("one"));

        said("question 7", "answer 7", "question 8", "answer 8", "the last one");
    }

    @Test
    void takesABeanInThePlaceOfItsOwnMemory() {
        Map<AgentMemory.Conversation, List<PromptMessage>> kept = new ConcurrentHashMap<>();
        context.getRegistry().bind("remembers", new AgentMemory() {
            @Override
            public List<PromptMessage> load(Conversation conversation) {
                return kept.getOrDefault(conversation, List.of());
            }

            @Override
            public void append(Conversation conversation, List<PromptMessage> messages) {
                kept.merge(conversation, messages, (before, more) -> {
                    List<PromptMessage> all = new ArrayList<>(before);
                    all.addAll(more);
                    return all;
                });
            }
        });
        model.reply("one").reply("two");
        start();

        ask(AGENT, "first", in("c"));
        ask(AGENT, "second", in("c"));

        said("first", "one", "second");
        assertThat(kept).containsOnlyKeys(new AgentMemory.Conversation("default", "helper", "", "c"));
    }
}
