package io.bactrian.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tool.AgentToolCall;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolCallback;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolRequest;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.core.tool.ToolStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What whoever looks on learns of a call, in order and once. */
interface ToolCallbackContract extends ToolFixture {

    /** Notes what it is told. */
    final class Notes implements ToolCallback {

        private final List<String> told = new ArrayList<>();
        private final List<Object> calls = new ArrayList<>();

        private void note(RequestId call, String tool, String what) {
            calls.add(call + " " + tool);
            told.add(what);
        }

        @Override
        public void onToolStart(RequestId call, String tool, ToolRequest request) {
            note(call, tool, "start");
        }

        @Override
        public void onToolExecution(RequestId call, String tool, ToolInvokeMessage message) {
            note(call, tool, message.type());
        }

        @Override
        public void onToolEnd(RequestId call, String tool, ToolResult result) {
            note(call, tool, "end " + result.text());
        }

        @Override
        public void onToolError(RequestId call, String tool, InvokeException error) {
            note(call, tool, "error " + error.code().text());
        }
    }

    private Invocation twoTexts() {
        play().scene(
                        "two",
                        call -> ToolStream.of(
                                new ToolInvokeMessage.Text("a"),
                                can(ToolCapability.MIXED_MESSAGES)
                                        ? new ToolInvokeMessage.Json(JsonObject.of("b", 1))
                                        : new ToolInvokeMessage.Text("b")));
        return invocation(ToolFixture.claim(), ContractTools.PLAY, JsonObject.of("scene", "two"));
    }

    private Invocation failing() {
        play().scene("failing", call -> {
            throw new IllegalStateException("no");
        });
        return invocation(ToolFixture.claim(), ContractTools.PLAY, JsonObject.of("scene", "failing"));
    }

    private void assertTold(Notes notes, Invocation call, List<String> middle, String last) {
        List<String> told = new ArrayList<>(List.of("start"));
        told.addAll(middle);
        told.add(last);
        assertThat(notes.told).isEqualTo(told);
        assertThat(notes.calls).containsOnly(call.claim().requestId() + " " + call.target());
    }

    private List<String> messagesOfTwo() {
        return can(ToolCapability.MIXED_MESSAGES) ? List.of("text", "json") : List.of("text", "text");
    }

    private String textOfTwo() {
        return can(ToolCapability.MIXED_MESSAGES) ? "end a" : "end ab";
    }

    @Test
    default void tellsOfACallThatIsWaitedFor() {
        Notes notes = new Notes();
        Invocation call = twoTexts();

        engine().toolEngine().workflowInvoke(call, notes);

        assertTold(notes, call, messagesOfTwo(), textOfTwo());
    }

    @Test
    default void tellsOfAStreamAsItIsRead() {
        Notes notes = new Notes();
        Invocation call = twoTexts();

        try (ToolStream stream = engine().toolEngine().genericInvoke(call, notes)) {
            assertThat(notes.told).containsExactly("start");
            stream.next();
            assertThat(notes.told).containsExactly("start", "text");
            stream.forEachRemaining(message -> {});
            stream.hasNext();
        }

        assertTold(notes, call, messagesOfTwo(), textOfTwo());
    }

    @Test
    default void tellsOfAStreamThatIsClosedBeforeItsEnd() {
        Notes notes = new Notes();
        Invocation call = twoTexts();

        ToolStream stream = engine().toolEngine().genericInvoke(call, notes);
        stream.next();
        stream.close();
        stream.close();

        assertTold(notes, call, List.of("text"), "error " + ErrorCode.CANCELLED.text());
    }

    @Test
    @DisplayName(
            "a failure is told once, whether it comes of a call that is waited for, of a stream or of a model's call")
    default void tellsOfAFailureOnce() {
        String error = "error " + foreignError().text();
        Notes waited = new Notes();
        Invocation call = failing();
        catchThrowableOfType(InvokeException.class, () -> engine().toolEngine().workflowInvoke(call, waited));
        assertTold(waited, call, List.of(), error);

        Notes streamed = new Notes();
        Invocation second = failing();
        catchThrowableOfType(InvokeException.class, () -> {
            try (ToolStream stream = engine().toolEngine().genericInvoke(second, streamed)) {
                stream.hasNext();
            }
        });
        assertTold(streamed, second, List.of(), error);

        assertThat(asked(ContractTools.PLAY, "{\"scene\": \"failing\"}", "start", error))
                .as("what was told of a model's call")
                .isTrue();
    }

    /** Whether exactly that is told of a model's call. */
    private boolean asked(String tool, String written, String... told) {
        Notes notes = new Notes();
        engine().toolEngine()
                .agentInvoke(
                        ToolFixture.claim(),
                        new AgentToolCall("1", tool(tool), written, JsonObject.EMPTY, ToolApproval.AUTO, null),
                        notes);
        assertThat(notes.told).containsExactly(told);
        return true;
    }

    @Test
    default void tellsOfModelsCallsThatAreNotMade() {
        asked(ContractTools.ECHO, "{\"text\"", "start", "error " + ErrorCode.TOOL_PARAMETERS_INVALID.text());
        asked(ContractTools.ASKED, "hello", "start", "error " + ErrorCode.TOOL_APPROVAL_REQUIRED.text());
        asked(ContractTools.REFUSED, "hello", "start", "error " + ErrorCode.TOOL_DENIED.text());

        assertThat(play().calls()).isEmpty();
    }

    @Test
    default void goesOnWhenWhoeverLooksOnFails() {
        ToolCallback failing = new ToolCallback() {
            @Override
            public void onToolStart(RequestId call, String tool, ToolRequest request) {
                throw new IllegalStateException("start");
            }

            @Override
            public void onToolExecution(RequestId call, String tool, ToolInvokeMessage message) {
                throw new IllegalStateException("message");
            }

            @Override
            public void onToolEnd(RequestId call, String tool, ToolResult result) {
                throw new IllegalStateException("end");
            }
        };

        assertThat(engine().toolEngine().workflowInvoke(twoTexts(), failing).text())
                .startsWith("a");
    }
}
