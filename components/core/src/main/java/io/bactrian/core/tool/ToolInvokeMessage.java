package io.bactrian.core.tool;

import io.bactrian.core.file.StoredFile;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One piece of what comes of a tool; the kinds are those of Dify's {@code ToolInvokeMessage}. */
public sealed interface ToolInvokeMessage {

    /** The kind as written, such as {@code blob_chunk}. */
    String type();

    /**
     * What is known of a message beside its payload.
     *
     * @param mimeType the media type; null if unknown
     * @param filename a name; null for none
     */
    record Meta(@Nullable String mimeType, @Nullable String filename) {
        /** Nothing known. */
        public static final Meta NONE = new Meta(null, null);
    }

    /**
     * Text.
     *
     * @param text the text
     */
    record Text(String text) implements ToolInvokeMessage {
        @Override
        public String type() {
            return "text";
        }
    }

    /**
     * A link that people may follow.
     *
     * @param url the URL
     * @param meta what is known of what it leads to
     */
    record Link(String url, Meta meta) implements ToolInvokeMessage {
        @Override
        public String type() {
            return "link";
        }
    }

    /**
     * An image elsewhere, to be fetched and stored.
     *
     * @param url where it is
     * @param meta what is known of it
     */
    record Image(String url, Meta meta) implements ToolInvokeMessage {
        @Override
        public String type() {
            return "image";
        }
    }

    /**
     * A stored image, by its id; a URL is signed whenever it is shown.
     *
     * @param file the file
     */
    record ImageLink(StoredFile file) implements ToolInvokeMessage {
        @Override
        public String type() {
            return "image_link";
        }
    }

    /**
     * A stored file that is no image, by its id; a URL is signed whenever it is shown.
     *
     * @param file the file
     */
    record BinaryLink(StoredFile file) implements ToolInvokeMessage {
        @Override
        public String type() {
            return "binary_link";
        }
    }

    /**
     * Bytes, to be stored. A class of its own: bytes are not copied and never printed.
     */
    final class Blob implements ToolInvokeMessage {

        private final byte[] bytes;
        private final Meta meta;

        /**
         * @param bytes the bytes, which nobody changes any more
         * @param meta what is known of them
         */
        public Blob(byte[] bytes, Meta meta) {
            this.bytes = bytes;
            this.meta = meta;
        }

        /** The bytes; not to be changed. */
        public byte[] bytes() {
            return bytes;
        }

        /** What is known of them. */
        public Meta meta() {
            return meta;
        }

        @Override
        public String type() {
            return "blob";
        }

        @Override
        public String toString() {
            return "Blob[" + bytes.length + " bytes, " + meta + "]";
        }
    }

    /** A piece of a {@link Blob}. */
    final class BlobChunk implements ToolInvokeMessage {

        private final String id;
        private final int sequence;
        private final long totalLength;
        private final byte[] bytes;
        private final boolean end;
        private final Meta meta;

        /**
         * @param id which blob it is of
         * @param sequence its place, from 0
         * @param totalLength how long the blob is said to be, in bytes
         * @param bytes the bytes, which nobody changes any more
         * @param end whether it is the last piece
         * @param meta what is known of the blob; that of the last piece counts
         */
        public BlobChunk(String id, int sequence, long totalLength, byte[] bytes, boolean end, Meta meta) {
            this.id = id;
            this.sequence = sequence;
            this.totalLength = totalLength;
            this.bytes = bytes;
            this.end = end;
            this.meta = meta;
        }

        /** Which blob it is of. */
        public String id() {
            return id;
        }

        /** Its place, from 0. */
        public int sequence() {
            return sequence;
        }

        /** How long the blob is said to be, in bytes. */
        public long totalLength() {
            return totalLength;
        }

        /** The bytes; not to be changed. */
        public byte[] bytes() {
            return bytes;
        }

        /** Whether it is the last piece. */
        public boolean end() {
            return end;
        }

        /** What is known of the blob. */
        public Meta meta() {
            return meta;
        }

        @Override
        public String type() {
            return "blob_chunk";
        }

        @Override
        public String toString() {
            return "BlobChunk[" + sequence + " of " + totalLength + " bytes" + (end ? ", last]" : "]");
        }
    }

    /**
     * Structured data.
     *
     * @param json an object or an array
     * @param suppressOutput whether a model is not shown it
     */
    record Json(JsonValue json, boolean suppressOutput) implements ToolInvokeMessage {

        /** @throws IllegalArgumentException unless it is an object or an array */
        public Json {
            if (!(json instanceof JsonObject) && !(json instanceof JsonArray)) {
                throw new IllegalArgumentException("a json message holds an object or an array, not a " + json.kind());
            }
        }

        /** Data that a model is shown. */
        public Json(JsonValue json) {
            this(json, false);
        }

        @Override
        public String type() {
            return "json";
        }
    }

    /**
     * A named part of the result.
     *
     * @param name its name; {@code json}, {@code text} and {@code files} are taken
     * @param value its value
     * @param stream whether the value is a text that is to be appended to the one so far
     */
    record Variable(String name, JsonValue value, boolean stream) implements ToolInvokeMessage {

        private static final Set<String> TAKEN = Set.of("json", "text", "files");

        /** @throws IllegalArgumentException if the name is taken, or a streamed value is no text */
        public Variable {
            if (name.isBlank() || TAKEN.contains(name)) {
                throw new IllegalArgumentException("a variable cannot be named '" + name + "'");
            }
            if (stream && !(value instanceof JsonString)) {
                throw new IllegalArgumentException("variable '" + name + "': only text can be streamed");
            }
        }

        @Override
        public String type() {
            return "variable";
        }
    }

    /**
     * A file that is stored already.
     *
     * @param file the file
     */
    record File(StoredFile file) implements ToolInvokeMessage {
        @Override
        public String type() {
            return "file";
        }
    }

    /**
     * What a tool says of its own progress. Not part of the result.
     *
     * @param id its id
     * @param label what people see
     * @param parentId the step it belongs to; null for none
     * @param error what went wrong; null for nothing
     * @param status how far it is
     * @param data what belongs to it
     */
    record Log(
            String id,
            String label,
            @Nullable String parentId,
            @Nullable String error,
            Status status,
            JsonObject data) implements ToolInvokeMessage {

        /** How far a step is. */
        public enum Status {
            START,
            ERROR,
            SUCCESS
        }

        @Override
        public String type() {
            return "log";
        }
    }

    /**
     * Citations.
     *
     * @param resources what was found, one object each
     * @param context the text that a model reads
     */
    record RetrieverResources(List<JsonObject> resources, String context) implements ToolInvokeMessage {
        /** Copies the list. */
        public RetrieverResources {
            resources = List.copyOf(resources);
        }

        @Override
        public String type() {
            return "retriever_resources";
        }
    }
}
