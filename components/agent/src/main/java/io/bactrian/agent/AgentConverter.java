package io.bactrian.agent;

import io.bactrian.core.model.LlmResult;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.json.ToolJson;
import io.bactrian.support.ShownText;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Converter;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** What agents' answers turn into when a route asks for another type. */
@Converter(generateLoader = true)
public final class AgentConverter {

    private AgentConverter() {}

    /** The text of the answer. */
    @Converter
    public static String toString(AgentResult result) {
        return result.text();
    }

    /** The model's last answer. */
    @Converter
    public static LlmResult toResult(AgentResult result) {
        return result.answer();
    }

    /** What came of it, for a route that is a tool: the text of the answer and the files of its tools. */
    @Converter
    public static ToolResult toToolResult(AgentResult result) {
        return AgentToolStream.whole(result);
    }

    /** A run as what comes of a tool, as it comes. */
    @Converter
    public static ToolStream toToolStream(AgentStream stream) {
        return new AgentToolStream(stream);
    }

    /** The result with its steps, as a map. */
    @Converter
    public static Map<?, ?> toMap(AgentResult result, @Nullable Exchange exchange) {
        return AgentJson.of(result, AnswerFiles.of(exchange)).toJava();
    }

    /** The result with its steps, as JSON. */
    @Converter
    public static byte[] toBytes(AgentResult result, @Nullable Exchange exchange) {
        return ToolJson.codec()
                .write(AgentJson.of(result, AnswerFiles.of(exchange)))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The result with its steps, as JSON. */
    @Converter
    public static InputStream toInputStream(AgentResult result, @Nullable Exchange exchange) {
        return new ByteArrayInputStream(toBytes(result, exchange));
    }

    /**
     * The text of the answer of a run, read to its end. What was read stays there for the route. A trace or a log is told which
     * stream it is, and reads nothing.
     */
    @Converter
    public static String toString(AgentStream stream) {
        if (ShownText.isAllThatIsWanted()) {
            return stream.toString();
        }
        if (!(stream instanceof AgentStreamLease lease)) {
            return stream.collect().text();
        }
        List<AgentResult> results = new ArrayList<>();
        lease.peekEach(event -> {
            if (event instanceof AgentEvent.End end) {
                results.add(end.result());
            }
        });
        if (results.isEmpty()) {
            throw AgentStream.closedBeforeItsEnd();
        }
        return results.get(0).text();
    }

    /** All that comes of a run, read to its end. */
    @Converter
    public static AgentResult toAgentResult(AgentStream stream) {
        return stream.collect();
    }

    /** The model's last answer, read to the end of the run. */
    @Converter
    public static LlmResult toResult(AgentStream stream) {
        return stream.collect().answer();
    }

    /** A run as server-sent events, as it comes. */
    @Converter
    public static InputStream toInputStream(AgentStream stream, @Nullable Exchange exchange) {
        return new AgentSseInputStream(stream, ToolJson.codec(), AnswerFiles.of(exchange));
    }
}
