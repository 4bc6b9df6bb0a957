package io.bactrian.core.tool;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts the pieces of blobs together, by id and sequence, whatever order they come in. What is held is bounded by bytes that have
 * really come, never by a length that somebody declares. One for each call; not thread-safe.
 */
final class BlobChunks {

    private static final int MOST_OPEN = 32;
    private static final int MOST_PIECES = 100_000;

    private final long mostBytes;
    private final Map<String, Blob> open = new HashMap<>();
    private long held;

    /** @param mostBytes how many bytes all open blobs together may have */
    BlobChunks(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    private static final class Blob {
        private final long declared;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final TreeMap<Integer, ToolInvokeMessage.BlobChunk> early = new TreeMap<>();
        private int next;
        private int pieces;
        private int last = -1;
        private long received;
        private ToolInvokeMessage.Meta meta = ToolInvokeMessage.Meta.NONE;

        Blob(long declared) {
            this.declared = declared;
        }
    }

    /**
     * Takes a piece in.
     *
     * @return the whole blob if it was the one that was missing; null if more are
     * @throws ProtocolException if the pieces contradict each other, or are more than there may be
     */
    ToolInvokeMessage.@Nullable Blob add(ToolInvokeMessage.BlobChunk chunk) {
        Blob blob = open.get(chunk.id());
        if (blob == null) {
            blob = opened(chunk);
        }
        check(chunk, blob);
        held += chunk.bytes().length;
        blob.received += chunk.bytes().length;
        blob.pieces++;
        blob.early.put(chunk.sequence(), chunk);
        if (chunk.end()) {
            blob.last = chunk.sequence();
            blob.meta = chunk.meta();
        }
        drain(blob);
        if (blob.last < 0 || blob.next <= blob.last) {
            return null;
        }
        return finished(chunk.id(), blob);
    }

    private Blob opened(ToolInvokeMessage.BlobChunk chunk) {
        if (chunk.id().isBlank() || chunk.id().length() > 256) {
            throw broken("a piece of a file has no usable id");
        }
        if (open.size() == MOST_OPEN) {
            throw broken("more than " + MOST_OPEN + " files are sent in pieces at the same time");
        }
        if (chunk.totalLength() < 0 || chunk.totalLength() > mostBytes) {
            throw tooLarge();
        }
        Blob blob = new Blob(chunk.totalLength());
        open.put(chunk.id(), blob);
        return blob;
    }

    private void check(ToolInvokeMessage.BlobChunk chunk, Blob blob) {
        if (chunk.totalLength() != blob.declared) {
            throw broken("the pieces of a file disagree about its length");
        }
        boolean known = chunk.sequence() < blob.next || blob.early.containsKey(chunk.sequence());
        boolean beyond = blob.last >= 0 && (chunk.end() || chunk.sequence() > blob.last);
        boolean before = chunk.end() && !blob.early.isEmpty() && blob.early.lastKey() > chunk.sequence();
        if (chunk.sequence() < 0 || known || beyond || before || blob.pieces >= MOST_PIECES) {
            throw broken("the pieces of a file do not fit together at piece " + chunk.sequence());
        }
        if (blob.received + chunk.bytes().length > blob.declared) {
            throw broken("the pieces of a file are longer than it was said to be");
        }
        if (held + chunk.bytes().length > mostBytes) {
            throw tooLarge();
        }
    }

    private static void drain(Blob blob) {
        while (true) {
            ToolInvokeMessage.BlobChunk piece = blob.early.remove(blob.next);
            if (piece == null) {
                return;
            }
            blob.bytes.writeBytes(piece.bytes());
            blob.next++;
        }
    }

    private ToolInvokeMessage.Blob finished(String id, Blob blob) {
        if (blob.received != blob.declared) {
            throw broken("the pieces of a file are shorter than it was said to be");
        }
        open.remove(id);
        held -= blob.received;
        return new ToolInvokeMessage.Blob(blob.bytes.toByteArray(), blob.meta);
    }

    /** @throws ProtocolException if a blob lacks pieces: a part of a file never passes for all of it */
    void checkAllFinished() {
        if (!open.isEmpty()) {
            throw new ProtocolException(
                    ErrorCode.STREAM_TRUNCATED, "the tool ended before all pieces of a file had come");
        }
    }

    private ProtocolException tooLarge() {
        return new ProtocolException(
                ErrorCode.RESPONSE_TOO_LARGE,
                "the tool sends a file of more than " + mostBytes + " bytes (limit: bactrian.files.max-size)");
    }

    private static ProtocolException broken(String what) {
        return new ProtocolException(ErrorCode.PROTOCOL_ERROR, what);
    }
}
