package io.bactrian.http;

import io.bactrian.core.file.FileDisposition;
import io.bactrian.core.file.FileGrant;
import io.bactrian.core.file.StoredFile;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The head of the answer to a request for a file that is there.
 *
 * @param status 200, 206, 304 or 416
 * @param from the place that the body begins at
 * @param length how many bytes the body has
 * @param headers the headers that belong to the file
 */
record FileHead(int status, long from, long length, Map<String, String> headers) {

    /**
     * What is safe to show beside other pages. Whatever else there is, above all what a browser would run, such as HTML, SVG
     * and other XML, is saved, whatever the link says (SIGN-13).
     */
    private static final Set<String> SHOWN = Set.of(
            "image/png",
            "image/jpeg",
            "image/gif",
            "image/webp",
            "image/avif",
            "image/bmp",
            "audio/mpeg",
            "audio/mp3",
            "audio/mp4",
            "audio/x-m4a",
            "audio/wav",
            "audio/x-wav",
            "audio/ogg",
            "audio/opus",
            "audio/flac",
            "audio/aac",
            "audio/webm",
            "video/mp4",
            "video/webm",
            "video/quicktime",
            "text/plain",
            "text/csv",
            "text/markdown",
            "application/json",
            "application/pdf");

    private static final String NEVER_RUN = "sandbox; default-src 'none'";

    /** Copies the headers. */
    FileHead {
        headers = Map.copyOf(headers);
    }

    /**
     * The answer's head.
     *
     * @param file the file
     * @param grant what the link allows
     * @param request the request's headers
     * @param now tells how long the answer may be kept
     */
    static FileHead of(StoredFile file, FileGrant grant, MultiMap request, Instant now) {
        String tag = "\"" + file.sha256() + "\"";
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ETag", tag);
        headers.put("Cache-Control", "private, max-age=" + secondsLeft(file, grant, now));
        if (unchanged(request.get("If-None-Match"), tag)) {
            return new FileHead(304, 0, 0, headers);
        }
        String range = applies(request.get("If-Range"), tag) ? request.get("Range") : null;
        ByteRange asked = ByteRange.parse(range, file.size());
        if (asked instanceof ByteRange.Unsatisfiable) {
            headers.put("Content-Range", "bytes */" + file.size());
            headers.put("Content-Length", "0");
            return new FileHead(416, 0, 0, headers);
        }
        describe(file, grant, headers);
        long from = asked instanceof ByteRange.Part part ? part.from() : 0;
        long length = asked instanceof ByteRange.Part part ? part.length() : file.size();
        headers.put("Content-Length", Long.toString(length));
        if (asked instanceof ByteRange.Part) {
            headers.put("Content-Range", "bytes " + from + "-" + (from + length - 1) + "/" + file.size());
        }
        return new FileHead(asked instanceof ByteRange.Part ? 206 : 200, from, length, headers);
    }

    private static void describe(StoredFile file, FileGrant grant, Map<String, String> headers) {
        boolean text = file.mimeType().startsWith("text/");
        boolean inline = grant.disposition() == FileDisposition.INLINE && SHOWN.contains(file.mimeType());
        headers.put("Content-Type", file.mimeType() + (text ? "; charset=utf-8" : ""));
        headers.put("Content-Disposition", ContentDisposition.of(inline, file.name()));
        headers.put("Accept-Ranges", "bytes");
        headers.put("Content-Security-Policy", NEVER_RUN);
        // a chat's page may stand on another host than the files, and whoever has the link may have the file
        headers.put("Cross-Origin-Resource-Policy", "cross-origin");
        headers.put("Referrer-Policy", "no-referrer");
    }

    private static long secondsLeft(StoredFile file, FileGrant grant, Instant now) {
        Instant end = file.expiresAt() == null || grant.expiresAt().isBefore(file.expiresAt())
                ? grant.expiresAt()
                : file.expiresAt();
        return Math.max(0, Duration.between(now, end).toSeconds());
    }

    /** Whether the client has it already (RFC 9110, 13.1.2). */
    private static boolean unchanged(@Nullable String known, String tag) {
        if (known == null) {
            return false;
        }
        for (String one : known.split(",")) {
            String stripped = one.strip();
            if (stripped.equals("*") || stripped.equals(tag) || stripped.equals("W/" + tag)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the part belongs to what the client has the rest of (RFC 9110, 13.1.5). A time is no proof of that. */
    private static boolean applies(@Nullable String condition, String tag) {
        return condition == null || condition.strip().equals(tag);
    }
}
