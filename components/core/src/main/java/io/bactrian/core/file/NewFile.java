package io.bactrian.core.file;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.UserId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a file before it is stored.
 *
 * @param owner the user whom it is for alone; null for a file that everybody of the tenant may have
 * @param conversation the conversation it belongs to; null for none
 * @param name what to call it when it is shown or saved, as whoever made it says: separators, control characters and the
 *     like are made harmless before it is kept; null for a name made of its id and kind
 * @param mimeType its media type; null, malformed or general ({@code application/octet-stream}) to have it told from the
 *     content
 * @param retention how long it is kept; null for as long as the installation keeps files
 */
public record NewFile(
        @Nullable UserId owner,
        @Nullable ConversationId conversation,
        @Nullable String name,
        @Nullable String mimeType,
        @Nullable Duration retention) {

    private static final Duration LONGEST_RETENTION = Duration.ofDays(36_500);

    /** @throws BadRequestException with {@code invalid_param} if it is to be kept for no time at all, or for centuries */
    public NewFile {
        if (retention != null
                && (retention.isNegative() || retention.isZero() || retention.compareTo(LONGEST_RETENTION) > 0)) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "a file is kept for longer than nothing and for 100 years at most; leave the retention out for ever");
        }
    }

    /** A file of a name and kind for everybody of the tenant, kept for as long as the installation keeps files. */
    public static NewFile of(@Nullable String name, @Nullable String mimeType) {
        return new NewFile(null, null, name, mimeType, null);
    }

    /** A file that a call made: its caller's alone, if that is a user. */
    public static NewFile madeBy(Caller caller, @Nullable String name, @Nullable String mimeType) {
        return new NewFile(caller.user(), null, name, mimeType, null);
    }

    /** The same file as part of a conversation. */
    public NewFile in(@Nullable ConversationId itsConversation) {
        return new NewFile(owner, itsConversation, name, mimeType, retention);
    }

    /** The same file, kept for so long. */
    public NewFile keptFor(@Nullable Duration time) {
        return new NewFile(owner, conversation, name, mimeType, time);
    }
}
