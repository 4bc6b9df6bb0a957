package io.bactrian.core.file;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import java.time.Duration;

/**
 * What a ticket is to let a client put: one file.
 *
 * @param name what to call the file when it is shown or saved; made harmless before it is kept
 * @param mimeType its media type, without parameters: what the client sends has to say and to be that
 * @param maxSize how many bytes it may have; the installation's own limit holds all the same
 * @param validFor how long the ticket can be used: a second to {@link #LONGEST}
 */
public record NewUpload(String name, String mimeType, long maxSize, Duration validFor) {

    /** The longest time that a ticket can be used. */
    public static final Duration LONGEST = Duration.ofHours(1);

    private static final long LARGEST = 1L << 40;

    /** @throws BadRequestException with {@code invalid_param}, naming what is wrong */
    public NewUpload {
        if (name.isBlank() || name.length() > FileNames.LONGEST) {
            throw invalid("the name of a file has 1 to " + FileNames.LONGEST + " characters");
        }
        if (!MimeTypes.isOne(mimeType)) {
            throw invalid("the media type of a file is written like image/png: in lower case, without parameters");
        }
        if (maxSize < 1 || maxSize > LARGEST) {
            throw invalid("a file that is to be sent may have 1 to " + LARGEST + " bytes");
        }
        if (validFor.toSeconds() < 1 || validFor.compareTo(LONGEST) > 0) {
            throw invalid("a ticket can be used for 1 second to " + LONGEST.toMinutes() + " minutes");
        }
    }

    private static BadRequestException invalid(String problem) {
        return new BadRequestException(ErrorCode.INVALID_PARAM, problem);
    }
}
