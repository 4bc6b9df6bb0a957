package io.bactrian.core.file;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the files of tenants. A file is there whole or not at all, never changes, and is found by its tenant and its id
 * only. Whoever acts for a caller uses the methods that take the {@link Caller}: they keep a user's own files from the
 * tenant's other users. Those that take a tenant are for whoever has settled that otherwise, by a signed link, say, or for
 * the operator.
 *
 * <p>Errors: {@code file_not_found} for a file that is not there, has expired, or is not the caller's to have;
 * {@code request_too_large} for one beyond the limit; {@code tenant_not_found}; {@code store_unavailable} when what it is
 * kept in does not answer.
 */
public interface FileStore {

    /** The longest page of a listing. */
    int LONGEST_PAGE = 1_000;

    /** The largest file, in bytes. */
    long maxSize();

    /**
     * Stores a file: all of it is there when this returns, and nothing of it if this throws. What reading the content
     * throws that is an error of ours comes out as it is.
     *
     * @param content read to its end, and not closed
     * @throws BadRequestException with {@code request_too_large} once the content is beyond the limit
     * @throws io.bactrian.core.error.ProtocolException with {@code stream_truncated} if the content cannot be read to its end
     */
    StoredFile put(TenantId tenant, NewFile file, InputStream content);

    /** As {@link #put(TenantId, NewFile, InputStream)}, of bytes that are there already. */
    default StoredFile put(TenantId tenant, NewFile file, byte[] content) {
        return put(tenant, file, new ByteArrayInputStream(content));
    }

    /** A tenant's file; empty if there is none of that id, or it has expired. */
    Optional<StoredFile> find(TenantId tenant, FileId id);

    /** A file that a caller may have. */
    default Optional<StoredFile> find(Caller caller, FileId id) {
        return find(caller.tenant(), id).filter(file -> file.visibleTo(caller));
    }

    /**
     * Opens a part of a tenant's file.
     *
     * @param from the place to begin at; at most the file's size
     * @param length how many bytes at most; there are fewer where the file ends sooner
     * @throws BadRequestException with {@code file_not_found}, or {@code invalid_param} for a place that is not in the file
     */
    FileContent open(TenantId tenant, FileId id, long from, long length);

    /** Opens a file that a caller may have. */
    default FileContent open(Caller caller, FileId id) {
        StoredFile file = find(caller, id).orElseThrow(FileStore::notFound);
        return open(caller.tenant(), file.id(), 0, file.size());
    }

    /** Removes a tenant's file at once. False if there is none. */
    boolean remove(TenantId tenant, FileId id);

    /** Removes a file that a caller may have. False if there is none. */
    default boolean remove(Caller caller, FileId id) {
        return find(caller, id).isPresent() && remove(caller.tenant(), id);
    }

    /** Removes all files of a conversation, and says how many there were. */
    int removeConversation(TenantId tenant, ConversationId conversation);

    /**
     * A page of a tenant's files, the newest first.
     *
     * @param visibleTo only those that this user may have; null for all
     * @param after the last one of the page before; null for the first page
     * @param most how many at most: 1 to {@link #LONGEST_PAGE}
     */
    List<StoredFile> list(TenantId tenant, @Nullable UserId visibleTo, @Nullable StoredFile after, int most);

    /** A page of the files that a caller may have, the newest first. */
    default List<StoredFile> list(Caller caller, @Nullable StoredFile after, int most) {
        return list(caller.tenant(), caller.user(), after, most);
    }

    /**
     * Removes what has expired and what nobody can find any more, and says how many files that were. What is being stored
     * meanwhile is left alone. Called now and then; nothing but room depends on it.
     */
    int sweep(Instant now);

    /** Refuses a page of another length than there may be. */
    static void checkPage(int most) {
        if (most < 1 || most > LONGEST_PAGE) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "a page of files has 1 to " + LONGEST_PAGE + " of them");
        }
    }

    /** The refusal of a file that is not there, or not the caller's: the same for both, so that nobody can tell (SIGN-10). */
    static BadRequestException notFound() {
        return new BadRequestException(
                ErrorCode.FILE_NOT_FOUND, "there is no such file, or it has expired or was removed; ask for a new one");
    }
}
