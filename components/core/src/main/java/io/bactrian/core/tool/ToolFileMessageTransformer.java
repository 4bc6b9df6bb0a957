package io.bactrian.core.tool;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.NewFile;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.Deadline;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stands between every tool and whoever reads it: bytes become stored files, the caller's own, told by their ids. Thread-safe.
 */
public final class ToolFileMessageTransformer {

    private final FileStore files;
    private final @Nullable RemoteFiles remote;

    /**
     * @param files where files are stored
     * @param remote fetches images that a tool names by URL; null to leave them where they are, as links
     */
    public ToolFileMessageTransformer(FileStore files, @Nullable RemoteFiles remote) {
        this.files = files;
        this.remote = remote;
    }

    /**
     * Calls a tool, and gives what comes of it transformed, within limits, and with nothing in its errors that is not safe to
     * show.
     *
     * @param tool the tool, forked for the call
     * @param arguments its arguments, bound
     */
    public ToolStream invoke(Tool tool, ToolArguments arguments, ToolLimits limits) {
        Caller caller = tool.runtime()
                .orElseThrow(() -> new IllegalStateException(tool + " was not forked for a call"))
                .caller();
        try {
            ToolStream stream = tool.invokeBound(arguments);
            return stream instanceof ReadyToolStream ready && mayPass(ready, limits, caller.deadline())
                    ? stream
                    : new GuardedToolStream(tool, stream, new Call(caller), limits, caller.deadline());
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            // a tool that recurses or misses a class has failed as any other
            throw ToolFailures.safe(e, tool.address().toString());
        }
    }

    /** Whether a message is no file: those are stored, or have to be the caller's. */
    private static boolean passesAsItIs(ToolInvokeMessage message) {
        return message instanceof ToolInvokeMessage.Text
                || message instanceof ToolInvokeMessage.Json
                || message instanceof ToolInvokeMessage.Variable
                || message instanceof ToolInvokeMessage.Link
                || message instanceof ToolInvokeMessage.Log
                || message instanceof ToolInvokeMessage.RetrieverResources;
    }

    /**
     * Whether what a tool gave can be handed on as it is: all there, in time, within limits, and no file in it. That is what most
     * tools give, and then nothing has to stand between them and their reader.
     */
    private static boolean mayPass(ReadyToolStream ready, ToolLimits limits, Deadline deadline) {
        List<? extends ToolInvokeMessage> messages = ready.messages();
        if (messages.size() > limits.mostMessages()) {
            return false;
        }
        long characters = 0;
        for (int i = 0; i < messages.size(); i++) {
            ToolInvokeMessage message = messages.get(i);
            if (!passesAsItIs(message)) {
                return false;
            }
            characters += MessageSizes.characters(message);
        }
        long now = deadline.nanoTime();
        ready.doneAt(now);
        return characters <= limits.mostCharacters() && !deadline.expiredAt(now);
    }

    /** Transforms the messages of one call. Not thread-safe. */
    final class Call {

        private final Caller caller;
        private @Nullable BlobChunks chunks;

        private Call(Caller caller) {
            this.caller = caller;
        }

        /** What becomes of a message; null if it is a piece and more pieces are to come. */
        @Nullable
        ToolInvokeMessage transform(ToolInvokeMessage message) {
            if (message instanceof ToolInvokeMessage.Blob blob) {
                return stored(blob);
            }
            if (message instanceof ToolInvokeMessage.BlobChunk chunk) {
                ToolInvokeMessage.Blob whole = chunks().add(chunk);
                return whole == null ? null : stored(whole);
            }
            if (message instanceof ToolInvokeMessage.Image image) {
                return fetched(image);
            }
            StoredFile file = message instanceof ToolInvokeMessage.Text ? null : file(message);
            if (file != null && !file.visibleTo(caller)) {
                throw ToolErrors.failed("the tool brought a file that is not the caller's to have");
            }
            return message;
        }

        private static @Nullable StoredFile file(ToolInvokeMessage message) {
            if (message instanceof ToolInvokeMessage.File one) {
                return one.file();
            }
            if (message instanceof ToolInvokeMessage.ImageLink one) {
                return one.file();
            }
            return message instanceof ToolInvokeMessage.BinaryLink one ? one.file() : null;
        }

        /** Says that there are no more messages. */
        void end() {
            if (chunks != null) {
                chunks.checkAllFinished();
            }
        }

        private BlobChunks chunks() {
            if (chunks == null) {
                chunks = new BlobChunks(files.maxSize());
            }
            return chunks;
        }

        private ToolInvokeMessage stored(ToolInvokeMessage.Blob blob) {
            ToolInvokeMessage.Meta meta = blob.meta();
            StoredFile file =
                    files.put(caller.tenant(), NewFile.madeBy(caller, meta.filename(), meta.mimeType()), blob.bytes());
            return isImage(file.mimeType())
                    ? new ToolInvokeMessage.ImageLink(file)
                    : new ToolInvokeMessage.BinaryLink(file);
        }

        private ToolInvokeMessage fetched(ToolInvokeMessage.Image image) {
            if (remote == null) {
                return new ToolInvokeMessage.Link(image.url(), image.meta());
            }
            try {
                ToolInvokeMessage.Blob blob = remote.fetch(image.url(), files.maxSize(), caller.deadline());
                String name = Optional.ofNullable(image.meta().filename())
                        .orElse(blob.meta().filename());
                return stored(new ToolInvokeMessage.Blob(
                        blob.bytes(), new ToolInvokeMessage.Meta(blob.meta().mimeType(), name)));
            } catch (InvokeException e) {
                // the rest of the result is worth having without the picture
                return new ToolInvokeMessage.Text(
                        "\n(An image of the result could not be fetched: " + e.getMessage() + ")\n");
            }
        }
    }

    private static boolean isImage(String mimeType) {
        return mimeType.toLowerCase(Locale.ROOT).startsWith("image/");
    }
}
