package io.bactrian.search;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The vectors of passages beside the texts, so that a start has them at once. The file is named by the hash of model and
 * texts: another text, another file. It holds nothing that cannot be computed again, so any fault just means to do so.
 */
final class IndexFile {

    private static final Logger LOG = LoggerFactory.getLogger(IndexFile.class);
    private static final String PREFIX = "index-";
    private static final int MAGIC = 0x42565831;
    private static final int MOST_DIMENSIONS = 16_384;

    private final Path folder;
    private final String model;

    /**
     * @param folder where the file is kept; made when it is first needed
     * @param model the model that makes the vectors
     */
    IndexFile(Path folder, String model) {
        this.folder = folder;
        this.model = model;
    }

    /** The index of these passages, if it has been kept. */
    Optional<PassageIndex> read(List<Passage> passages) {
        Path file = file(passages);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            int dimensions = in.readInt() == MAGIC && in.readInt() == passages.size() ? in.readInt() : 0;
            if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
                throw new IOException("not an index of these passages");
            }
            List<float[]> vectors = new ArrayList<>(passages.size());
            for (int i = 0; i < passages.size(); i++) {
                vectors.add(vector(in, dimensions));
            }
            return Optional.of(new PassageIndex(passages, vectors));
        } catch (IOException e) {
            LOG.info("the kept search index cannot be used and is made anew: {}", e.toString());
            return Optional.empty();
        }
    }

    private static float[] vector(DataInputStream in, int dimensions) throws IOException {
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = in.readFloat();
            if (!Float.isFinite(vector[i])) {
                throw new IOException("a number is not finite");
            }
        }
        return vector;
    }

    /** Keeps an index in the place of those of other texts; a half-written one is never seen. */
    void write(PassageIndex index) {
        try {
            Files.createDirectories(folder);
            removeOthers();
            Path draft = Files.createTempFile(folder, PREFIX, ".tmp");
            try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(draft)))) {
                out.writeInt(MAGIC);
                out.writeInt(index.vectors().size());
                out.writeInt(index.vectors().isEmpty() ? 1 : index.vectors().get(0).length);
                for (float[] vector : index.vectors()) {
                    for (float number : vector) {
                        out.writeFloat(number);
                    }
                }
            }
            moveTo(draft, file(index.passages()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the search index", e);
        }
    }

    private void removeOthers() throws IOException {
        try (DirectoryStream<Path> others = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path other : others) {
                Files.delete(other);
            }
        }
    }

    private static void moveTo(Path draft, Path file) throws IOException {
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Path file(List<Passage> passages) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, model);
            for (Passage passage : passages) {
                add(digest, passage.embedded());
            }
            return folder.resolve(PREFIX + HexFormat.of().formatHex(digest.digest(), 0, 16) + ".bin");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    // with its length, so that moving text from one passage to the next is a change
    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }
}
