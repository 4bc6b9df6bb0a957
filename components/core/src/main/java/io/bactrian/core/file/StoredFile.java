package io.bactrian.core.file;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.SafeText;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file as it is stored: all but its content. It never changes.
 *
 * @param id its id
 * @param tenant whose it is
 * @param owner the user whom it is for alone; null for everybody of the tenant
 * @param conversation the conversation it belongs to; null for none
 * @param name what to call it when it is shown or saved: 1 to 255 characters, no separators or control characters. Never
 *     the name under which it is kept
 * @param mimeType its media type in lower case, without parameters, such as {@code image/png}
 * @param size its size in bytes
 * @param sha256 the SHA-256 of its content: 64 lower-case hexadecimal digits
 * @param createdAt when it was stored, in whole microseconds
 * @param expiresAt when it stops being there, in whole microseconds; null for never
 */
public record StoredFile(
        FileId id,
        TenantId tenant,
        @Nullable UserId owner,
        @Nullable ConversationId conversation,
        String name,
        String mimeType,
        long size,
        String sha256,
        Instant createdAt,
        @Nullable Instant expiresAt) {

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException if a value is not of its form */
    public StoredFile {
        if (name.isEmpty() || name.length() > FileNames.LONGEST || !SafeText.showable(name)) {
            throw new IllegalArgumentException("the name of a file has 1 to " + FileNames.LONGEST
                    + " characters, without control characters or marks of writing direction");
        }
        if (!MimeTypes.isOne(mimeType) || !SHA_256.matcher(sha256).matches() || size < 0) {
            throw new IllegalArgumentException("a file has a media type, a size from 0 and a SHA-256");
        }
    }

    /** The ending that tells its kind, with its dot: of its media type if that is known, else of its name; {@code .bin}. */
    public String extension() {
        return MimeTypes.extension(mimeType)
                .orElseGet(() -> FileNames.extension(name).orElse(".bin"));
    }

    /** Whether it is there at that moment. */
    public boolean presentAt(Instant now) {
        return expiresAt == null || now.isBefore(expiresAt);
    }

    /**
     * Whether a caller may have it: one of its tenant, and of an owned file its owner, or a caller without a user, which is
     * the tenant's own route.
     */
    public boolean visibleTo(Caller caller) {
        return tenant.equals(caller.tenant()) && isFor(caller.user());
    }

    /** Whether a user of its tenant may have it; null is a caller without a user. */
    public boolean isFor(@Nullable UserId user) {
        return owner == null || user == null || owner.equals(user);
    }

    /**
     * How many bytes a part of it has.
     *
     * @param from the place it begins at
     * @param length how many bytes at most
     * @throws BadRequestException with {@code invalid_param} if that place is not in the file
     */
    public long part(long from, long length) {
        if (from < 0 || from > size || length < 0) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "a part of file " + id + " begins at 0 to " + size + ", its size");
        }
        return Math.min(length, size - from);
    }
}
