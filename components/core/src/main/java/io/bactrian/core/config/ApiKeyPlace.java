package io.bactrian.core.config;

import java.time.DateTimeException;
import java.time.Instant;

/**
 * The place of an API key in the list of its tenant's, which is that of their ages.
 *
 * @param createdAt when it was issued
 * @param id its id, which tells those of one moment apart
 */
public record ApiKeyPlace(Instant createdAt, String id) {

    private static final char BETWEEN = ' ';

    /** The place of a key, as {@link PageOf#next} tells it. */
    public static String of(ApiKeyRecord key) {
        return key.createdAt().toString() + BETWEEN + key.id();
    }

    /**
     * Reads a place.
     *
     * @throws io.bactrian.core.error.BadRequestException with {@code invalid_param} if it is none
     */
    public static ApiKeyPlace read(String text) {
        int between = text.indexOf(BETWEEN);
        if (between < 0) {
            throw Page.noPlace();
        }
        try {
            return new ApiKeyPlace(Instant.parse(text.substring(0, between)), text.substring(between + 1));
        } catch (DateTimeException e) {
            throw Page.noPlace();
        }
    }

    /** Whether a key comes after this place. */
    boolean isBefore(ApiKeyRecord key) {
        int byAge = createdAt.compareTo(key.createdAt());
        return byAge < 0 || byAge == 0 && id.compareTo(key.id()) < 0;
    }
}
