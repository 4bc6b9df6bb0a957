package io.bactrian.core.file;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.io.InputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a ticket that holds allows: to put one file, once.
 *
 * @param tenant whose the file will be
 * @param owner the user whom it will be for alone; null for everybody of the tenant
 * @param name what to call it
 * @param mimeType its media type
 * @param maxSize how many bytes it may have
 * @param expiresAt until when
 * @param nonce tells the ticket from all others; to be used up before the file is taken in
 */
public record UploadGrant(
        TenantId tenant,
        @Nullable UserId owner,
        String name,
        String mimeType,
        long maxSize,
        Instant expiresAt,
        String nonce) {

    /** What is known of the file. */
    public NewFile file() {
        return new NewFile(owner, null, name, mimeType, null);
    }

    /**
     * Checks what a client says of the file before it sends it.
     *
     * @param contentType the type that it declares; null for none
     * @param length how many bytes it declares; negative for none
     * @throws BadRequestException with {@code unsupported_media_type} or {@code request_too_large}
     */
    public void check(@Nullable String contentType, long length) {
        if (!MimeTypes.parse(contentType).filter(mimeType::equals).isPresent()) {
            throw unsupported("the ticket is for a file of type " + mimeType + ": send it with that Content-Type");
        }
        if (length > maxSize) {
            throw tooLarge(maxSize);
        }
    }

    /**
     * What a client sends, as it may be stored: reading it throws {@code request_too_large} once there is more than the ticket is
     * for, and {@code unsupported_media_type} if the beginning is that of another kind of file.
     */
    public InputStream checked(InputStream content) {
        return new UploadContent(content, mimeType, maxSize);
    }

    static BadRequestException tooLarge(long maxSize) {
        return new BadRequestException(
                ErrorCode.REQUEST_TOO_LARGE, "the file is larger than " + maxSize + " bytes, which its ticket allows");
    }

    static BadRequestException unsupported(String problem) {
        return new BadRequestException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, problem);
    }
}
