package io.bactrian.core.file;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How links to files are made.
 *
 * @param expiry how long they hold: a second to {@link FileUrls#LONGEST}
 * @param base what stands before their path, such as {@code https://files.example.com}, without a slash at its end; empty
 *     for links that are relative to where they are shown
 */
public record FileUrlSettings(Duration expiry, String base) {

    /** The setting that says how long links hold. */
    public static final String EXPIRY = "bactrian.files.url-expiry";

    /** The setting that says where links lead. */
    public static final String BASE_URL = "bactrian.files.base-url";

    /** Relative links that hold for five minutes. */
    public static final FileUrlSettings USUAL = new FileUrlSettings(Duration.ofMinutes(5), "");

    /** @throws MisconfiguredException naming the setting that is wrong */
    public FileUrlSettings {
        if (expiry.toSeconds() < 1 || expiry.compareTo(FileUrls.LONGEST) > 0) {
            throw wrong(EXPIRY + " has to be 1s to " + FileUrls.LONGEST.toHours() + "h");
        }
        if (!base.isEmpty() && !isBase(base)) {
            throw wrong(BASE_URL + " has to be an http or https URL without user, query and fragment");
        }
        base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    }

    private static boolean isBase(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            return web
                    && known(uri.getHost())
                    && !known(uri.getUserInfo())
                    && !known(uri.getQuery())
                    && !known(uri.getFragment());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean known(@Nullable String part) {
        return part != null;
    }

    private static MisconfiguredException wrong(String message) {
        return new MisconfiguredException(ErrorCode.MISCONFIGURED, message);
    }
}
