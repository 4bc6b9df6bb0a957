package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageContent;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The memory in the process keeps whole turns, and within its bounds. */
class WindowMemoryTest {

    private static final AgentMemory.Conversation ONE = conversation("one");

    private static AgentMemory.Conversation conversation(String id) {
        return new AgentMemory.Conversation("default", "helper", "", id);
    }

    private static WindowMemory memory(int conversations, int messages, long characters, long all) {
        return new WindowMemory(new WindowMemory.Limits(conversations, messages, characters, all));
    }

    private static List<PromptMessage> turn(String question, String answer) {
        return List.of(new PromptMessage.User(question), new PromptMessage.Assistant(answer));
    }

    private static List<PromptMessage> turnWithTool(String question) {
        return List.of(
                new PromptMessage.User(question),
                new PromptMessage.Assistant(
                        List.of(), null, List.of(new PromptMessage.ToolCall("1", "tool", "{}")), ""),
                new PromptMessage.Tool(List.of(new PromptMessageContent.Text("result")), "1"),
                new PromptMessage.Assistant("answer"));
    }

    @Test
    void forgetsTheOldestTurnsOfAConversation() {
        WindowMemory memory = memory(10, 4, 1000, 1000);
        for (int i = 0; i < 5; i++) {
            memory.append(ONE, turn("q" + i, "a" + i));
        }

        assertThat(memory.load(ONE)).extracting(PromptMessage::text).containsExactly("q3", "a3", "q4", "a4");
    }

    @Test
    @DisplayName("No tool's answer is left without its call: a turn is forgotten as a whole")
    void neverSplitsATurn() {
        for (int messages = 1; messages < 12; messages++) {
            WindowMemory memory = memory(10, messages, 1000, 1000);
            for (int i = 0; i < 4; i++) {
                memory.append(ONE, turnWithTool("q" + i));
            }

            List<PromptMessage> kept = memory.load(ONE);
            assertThat(kept.size()).as("%s messages", messages).isLessThanOrEqualTo(messages);
            assertThat(kept.isEmpty() || kept.get(0) instanceof PromptMessage.User)
                    .isTrue();
            long calls = kept.stream()
                    .filter(message -> message instanceof PromptMessage.Assistant said
                            && !said.toolCalls().isEmpty())
                    .count();
            assertThat(kept.stream().filter(PromptMessage.Tool.class::isInstance))
                    .hasSize((int) calls);
            assertThat(AgentPrompt.openCalls(kept)).isEmpty();
        }
    }

    @Test
    void keepsWhatWasAskedAndAnsweredOfATurnThatIsTooLong() {
        WindowMemory memory = memory(10, 3, 1000, 1000);
        memory.append(ONE, turnWithTool("long"));
        assertThat(memory.load(ONE)).extracting(PromptMessage::text).containsExactly("long", "answer");

        memory.append(ONE, turn("q", "a"));

        assertThat(memory.load(ONE)).extracting(PromptMessage::text).containsExactly("q", "a");
    }

    @Test
    @DisplayName("Calls and pictures count as much as text does")
    void countsAllThatTakesRoom() {
        PromptMessage picture = new PromptMessage.User(
                List.of(new PromptMessageContent.Media(
                        PromptMessageContent.Kind.IMAGE, "image/png", null, "x".repeat(500), null, null)),
                null);
        PromptMessage call = new PromptMessage.Assistant(
                List.of(), null, List.of(new PromptMessage.ToolCall("1", "tool", "x".repeat(300))), "x".repeat(200));
        WindowMemory memory = memory(10, 100, 900, 10_000);

        memory.append(ONE, List.of(picture, call));

        assertThat(Turns.size(List.of(picture, call))).isEqualTo(1_004);
        assertThat(memory.load(ONE)).isEmpty();
    }

    @Test
    void forgetsTheConversationThatWasSilentLongest() {
        WindowMemory memory = memory(2, 100, 1000, 1000);
        memory.append(conversation("a"), turn("q", "a"));
        memory.append(conversation("b"), turn("q", "b"));
        memory.load(conversation("a"));
        memory.append(conversation("c"), turn("q", "c"));

        assertThat(memory.load(conversation("b"))).isEmpty();
        assertThat(memory.load(conversation("a"))).isNotEmpty();
        assertThat(memory.load(conversation("c"))).isNotEmpty();
    }

    @Test
    void staysWithinItsBoundWhateverIsSaid() {
        WindowMemory memory = memory(1000, 100, 400, 1_000);
        for (int i = 0; i < 100; i++) {
            memory.append(conversation("c" + i), turn("x".repeat(100), "y".repeat(100)));
        }

        long kept = 0;
        for (int i = 0; i < 100; i++) {
            kept += Turns.size(memory.load(conversation("c" + i)));
        }
        assertThat(kept).isLessThanOrEqualTo(1_000).isGreaterThan(600);
        assertThat(memory.load(conversation("c99"))).hasSize(2);
    }
}
