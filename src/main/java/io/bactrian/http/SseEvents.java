package io.bactrian.http;

import io.bactrian.core.model.ModelStream;
import io.bactrian.json.OpenAiJson;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A stream as server-sent events, one by one. */
interface SseEvents {

    /** Waits for the next event, or a part of one; null if there are no more. */
    @Nullable
    Buffer next();

    /** What is written behind the last event. */
    Buffer ending();

    /** An error that comes after the first event. */
    Buffer error(String json);

    /** A model's stream in the shape of OpenAI's chat API. */
    final class OfModel implements SseEvents {

        private static final byte[] DATA = {'d', 'a', 't', 'a', ':', ' '};
        private static final byte[] END = {'\n', '\n'};

        private final ModelStream stream;
        private final Instant created;
        private boolean first = true;

        OfModel(ModelStream stream, Instant created) {
            this.stream = stream;
            this.created = created;
        }

        @Override
        public @Nullable Buffer next() {
            if (!stream.hasNext()) {
                return null;
            }
            byte[] json = OpenAiJson.writeChunk(stream.next(), created, first);
            first = false;
            return Buffer.buffer(json.length + DATA.length + END.length)
                    .appendBytes(DATA)
                    .appendBytes(json)
                    .appendBytes(END);
        }

        @Override
        public Buffer ending() {
            return Buffer.buffer("data: [DONE]\n\n");
        }

        @Override
        public Buffer error(String json) {
            return Buffer.buffer("data: " + json + "\n\n");
        }
    }

    /** A stream whose converter writes named events, as an agent's does; a read of it gives one event at most. */
    final class OfBytes implements SseEvents {

        private static final int MOST = 64 * 1024;

        private final InputStream bytes;
        private final byte[] chunk = new byte[MOST];

        OfBytes(InputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public @Nullable Buffer next() {
            try {
                int count = bytes.read(chunk, 0, chunk.length);
                return count < 0 ? null : Buffer.buffer(count).appendBytes(chunk, 0, count);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Buffer ending() {
            return Buffer.buffer();
        }

        @Override
        public Buffer error(String json) {
            return Buffer.buffer("event: error\ndata: " + json + "\n\n");
        }
    }
}
