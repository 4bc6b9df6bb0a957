package io.bactrian.model;

import io.bactrian.core.invoke.AnswerStream;
import io.bactrian.core.model.ModelStream;
import io.bactrian.json.OpenAiJson;
import io.bactrian.support.AnswerView;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;

/**
 * A model's stream as server-sent events in the shape of the OpenAI chat API, ended by {@code data: [DONE]}. A read gives
 * at most one event, so that each can be passed on as it comes.
 */
final class SseInputStream extends InputStream implements AnswerView {

    private static final byte[] PREFIX = "data: ".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SUFFIX = "\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);

    private final ModelStream stream;
    private final Instant created;
    private byte[] event = new byte[0];
    private int position;
    private boolean first = true;
    private boolean done;

    /**
     * @param stream the stream; closed with this
     * @param created the time that the events carry
     */
    SseInputStream(ModelStream stream, Instant created) {
        this.stream = stream;
        this.created = created;
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
        if (done) {
            return false;
        }
        position = 0;
        if (stream.hasNext()) {
            event = framed(OpenAiJson.writeChunk(stream.next(), created, first));
            first = false;
        } else {
            event = DONE;
            done = true;
        }
        return true;
    }

    private static byte[] framed(byte[] json) {
        byte[] framed = new byte[PREFIX.length + json.length + SUFFIX.length];
        System.arraycopy(PREFIX, 0, framed, 0, PREFIX.length);
        System.arraycopy(json, 0, framed, PREFIX.length, json.length);
        System.arraycopy(SUFFIX, 0, framed, PREFIX.length + json.length, SUFFIX.length);
        return framed;
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
