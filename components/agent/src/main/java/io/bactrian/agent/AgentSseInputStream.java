package io.bactrian.agent;

import io.bactrian.core.invoke.AnswerStream;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.support.AnswerView;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A run as server-sent events, each named by its type: {@code text}, {@code reasoning}, {@code tool_start}, {@code tool_end},
 * {@code approval_required}, {@code end}. A read gives at most one event, so that each can be passed on as it comes. One that
 * fails or is cut off throws, and does not look as if it had ended.
 */
final class AgentSseInputStream extends InputStream implements AnswerView {

    private final AgentStream stream;
    private final JsonCodec json;
    private final AnswerFiles files;
    private byte[] event = new byte[0];
    private int position;
    private boolean ended;

    /**
     * @param stream the run; closed with this
     * @param json writes the events
     * @param files writes the files that come of tools
     */
    AgentSseInputStream(AgentStream stream, JsonCodec json, AnswerFiles files) {
        this.stream = stream;
        this.json = json;
        this.files = files;
    }

    @Override
    public int read() {
        return fill() ? event[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, event.length - position);
        System.arraycopy(event, position, target, offset, count);
        position += count;
        return count;
    }

    private boolean fill() {
        if (position < event.length) {
            return true;
        }
        if (ended) {
            return false;
        }
        if (!stream.hasNext()) {
            throw AgentStream.closedBeforeItsEnd();
        }
        AgentEvent next = stream.next();
        ended = next instanceof AgentEvent.End;
        position = 0;
        event = ("event: " + next.type() + "\ndata: " + json.write(AgentJson.of(next, files)) + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
        return true;
    }

    @Override
    public int available() {
        return event.length - position;
    }

    @Override
    public void close() {
        stream.close();
    }

    @Override
    public boolean readsFrom(AnswerStream<?> other) {
        return stream == other;
    }
}
