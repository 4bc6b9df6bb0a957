package io.bactrian.core.file;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.tenant.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A file on its way in: every store reads the content through this, which counts, bounds, hashes and recognizes it. */
public final class FileIntake {

    /** The setting that bounds a file's size. */
    public static final String MAX_SIZE = "bactrian.files.max-size";

    private final InputStream content;
    private final long maxSize;
    private final MessageDigest digest = sha256();
    private final ByteArrayOutputStream beginning = new ByteArrayOutputStream();
    private long size;

    /**
     * @param content the content, read to its end and not closed
     * @param maxSize how many bytes there may be
     */
    public FileIntake(InputStream content, long maxSize) {
        this.content = content;
        this.maxSize = maxSize;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java runtime", e);
        }
    }

    /**
     * The next bytes.
     *
     * @return how many there are in the buffer; -1 at the end
     * @throws BadRequestException with {@code request_too_large} once there are too many
     * @throws ProtocolException with {@code stream_truncated} if they cannot be read
     */
    public int read(byte[] buffer) {
        int got = next(buffer);
        if (got < 0) {
            return got;
        }
        size += got;
        if (size > maxSize) {
            throw new BadRequestException(
                    ErrorCode.REQUEST_TOO_LARGE,
                    "the file is larger than " + maxSize + " bytes, which " + MAX_SIZE + " allows");
        }
        digest.update(buffer, 0, got);
        beginning.write(buffer, 0, Math.min(got, FileBeginning.BYTES - beginning.size()));
        return got;
    }

    private int next(byte[] buffer) {
        try {
            return content.read(buffer);
        } catch (IOException e) {
            throw new ProtocolException(
                    ErrorCode.STREAM_TRUNCATED,
                    "the content of the file broke off after " + size + " bytes; nothing of it was stored",
                    ErrorDetails.NONE,
                    e);
        }
    }

    /**
     * What has come in, once its end was reached.
     *
     * @param id its new id
     * @param tenant whose it is
     * @param file what was known of it before
     * @param now when it is stored
     * @param retention how long files are kept that do not say so; null for ever
     */
    public StoredFile finished(FileId id, TenantId tenant, NewFile file, Instant now, @Nullable Duration retention) {
        FileBeginning start = new FileBeginning(beginning.toByteArray(), size <= FileBeginning.BYTES);
        String mimeType = MimeTypes.of(file.mimeType(), start);
        Instant created = now.truncatedTo(ChronoUnit.MICROS);
        Duration kept = file.retention() == null ? retention : file.retention();
        return new StoredFile(
                id,
                tenant,
                file.owner(),
                file.conversation(),
                FileNames.of(file.name(), id, mimeType),
                mimeType,
                size,
                HexFormat.of().formatHex(digest.digest()),
                created,
                kept == null ? null : created.plus(kept).truncatedTo(ChronoUnit.MICROS));
    }
}
