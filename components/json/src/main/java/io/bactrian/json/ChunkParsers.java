package io.bactrian.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.core.async.NonBlockingInputFeeder;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Parsers for the events of streams. Jackson's feedable parser reads one value after the other, so a parser is lent for
 * one event and is then free for any other stream: an event costs no parser, and an idle stream holds none.
 */
final class ChunkParsers {

    /** What is done with the object that an event is. */
    interface Action {
        void read(JsonParser json) throws IOException;
    }

    // names of unknown fields stay in a parser's table: it is renewed before strange servers could fill it
    private static final int MOST_USES = 1_000;
    private static final int LARGEST_EVENT = 64 * 1024;
    private static final AtomicReferenceArray<@Nullable Lent> FREE = new AtomicReferenceArray<>(16);

    private ChunkParsers() {}

    private static final class Lent {
        private final JsonParser json;
        private int uses;

        private Lent() throws IOException {
            json = JsonMappers.factory().createNonBlockingByteArrayParser();
        }
    }

    /** Reads one event, which has to be one JSON object. */
    static void read(byte[] event, int offset, int length, Action action) {
        Lent lent = null;
        try {
            lent = take();
            NonBlockingInputFeeder feeder = lent.json.getNonBlockingInputFeeder();
            if (!(feeder instanceof ByteArrayFeeder bytes)) {
                throw new IllegalStateException("the parser cannot be fed");
            }
            bytes.feedInput(event, offset, offset + length);
            if (lent.json.nextToken() != JsonToken.START_OBJECT) {
                throw Malformed.answer("has an event that is not a JSON object");
            }
            action.read(lent.json);
            if (lent.json.nextToken() != JsonToken.NOT_AVAILABLE) {
                throw Malformed.answer("has an event with more than one JSON value");
            }
            Lent done = lent;
            lent = null;
            giveBack(done, length);
        } catch (IOException invalid) {
            throw Malformed.json(invalid);
        } finally {
            // after an error its state is unknown
            discard(lent);
        }
    }

    private static Lent take() throws IOException {
        for (int i = 0; i < FREE.length(); i++) {
            Lent lent = FREE.get(i) == null ? null : FREE.getAndSet(i, null);
            if (lent != null) {
                return lent;
            }
        }
        return new Lent();
    }

    private static void giveBack(Lent lent, int length) {
        if (++lent.uses >= MOST_USES || length > LARGEST_EVENT) {
            discard(lent);
            return;
        }
        for (int i = 0; i < FREE.length(); i++) {
            if (FREE.get(i) == null && FREE.compareAndSet(i, null, lent)) {
                return;
            }
        }
        discard(lent);
    }

    private static void discard(@Nullable Lent lent) {
        if (lent == null) {
            return;
        }
        try {
            lent.json.close();
        } catch (IOException nothingIsOpen) {
            throw new IllegalStateException("a parser of bytes in memory failed to close", nothingIsOpen);
        }
    }
}
