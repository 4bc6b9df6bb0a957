package io.bactrian.core.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tool.ToolInvokeMessage.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whoever looks on learns how a stream ended, once, however it did. */
class ToldToolStreamTest {

    private final List<String> told = new ArrayList<>();
    private final ToolCallback callback = new ToolCallback() {
        @Override
        public void onToolExecution(RequestId call, String tool, ToolInvokeMessage message) {
            told.add(message.type());
        }

        @Override
        public void onToolEnd(RequestId call, String tool, ToolResult result) {
            told.add("end " + result.text() + " " + result.meta().characters());
        }

        @Override
        public void onToolError(RequestId call, String tool, InvokeException error) {
            told.add("error " + error.code().text());
        }
    };

    private ToolStream told(ToolStream stream) {
        return new ToldToolStream(
                stream,
                callback,
                new RequestId("call"),
                "tool-builtin:tests/sample",
                sizes -> new ToolInvokeMeta(
                        null, Duration.ZERO, null, sizes.characters(), sizes.fileBytes(), List.of()));
    }

    @Test
    void tellsOfEachMessageAndOfTheEnd() {
        ToolStream stream = told(ToolStream.of(new Text("ab"), new Text("c")));

        stream.forEachRemaining(message -> {});
        stream.hasNext();
        stream.close();

        assertThat(told).containsExactly("text", "text", "end abc 3");
    }

    @Test
    @DisplayName("A stream that is closed before its end has not ended well, and is not left open for whoever counts")
    void tellsOfAStreamThatIsClosed() {
        ToolStream stream = told(ToolStream.of(new Text("ab"), new Text("c")));
        stream.next();

        stream.close();
        stream.close();

        assertThat(told).containsExactly("text", "error cancelled");
    }

    @Test
    void tellsOfAFailureAndMakesItSafe() {
        ToolStream failing = new ToolStream() {
            @Override
            public boolean hasNext() {
                throw new IllegalStateException("a secret");
            }

            @Override
            public ToolInvokeMessage next() {
                throw new IllegalStateException("a secret");
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
        ToolStream stream = told(failing);

        assertThatThrownBy(stream::hasNext)
                .isInstanceOf(ProtocolException.class)
                .hasMessageNotContaining("secret");
        stream.close();

        assertThat(told).containsExactly("error tool_invoke_error");
    }
}
