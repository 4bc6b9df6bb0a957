package io.bactrian.tool.builtin.web;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkRange;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.egress.EgressTarget;
import io.bactrian.tool.builtin.support.Answer;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fetches what is behind a URL as it is: text as text, everything else as a file. */
final class FileFetcher {

    static final int MOST_BYTES = 50 << 20;

    private static final int LONGEST_TEXT = 1 << 20;
    private static final String ACCEPT = "*/*";

    /** RFC 6266 §4.1 and RFC 8187. */
    private static final Pattern EXTENDED_NAME = Pattern.compile(
            "filename\\*\\s*=\\s*([A-Za-z0-9-]{1,40})'[^']{0,40}'([^;\\s]{1,1000})", Pattern.CASE_INSENSITIVE);

    private static final Pattern NAME = Pattern.compile(
            "filename\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.){1,1000})\"|([^;\\s\"]{1,1000}))", Pattern.CASE_INSENSITIVE);

    private final WebClient client;

    FileFetcher(WebClient client) {
        this.client = client;
    }

    /**
     * What was fetched.
     *
     * @param answer what is told of it; the text itself, if it is text
     * @param file the file; null if it is text
     */
    record Fetched(Answer answer, @Nullable FetchedFile file) {}

    /** A file. Not a record: bytes are not compared or printed. */
    static final class FetchedFile {

        private final byte[] bytes;
        private final String mimeType;
        private final @Nullable String name;

        FetchedFile(byte[] bytes, String mimeType, @Nullable String name) {
            this.bytes = bytes;
            this.mimeType = mimeType;
            this.name = name;
        }

        byte[] bytes() {
            return bytes;
        }

        String mimeType() {
            return mimeType;
        }

        @Nullable
        String name() {
            return name;
        }
    }

    /**
     * Fetches.
     *
     * @param most bytes at most; more is an error
     * @throws InvokeException if it cannot be had, or is larger
     */
    Fetched get(String url, long most, @Nullable String userAgent, Deadline deadline) {
        checkRange("max_bytes", most, 1, MOST_BYTES);
        EgressTarget target = PageAddress.target(url);
        WebClient.Download download = all(target, new WebClient.Manner(ACCEPT, userAgent), (int) most, deadline);
        WebClient.Head head = download.head();
        byte[] bytes = download.bytes();
        JsonObject.Builder json = facts(head).put("bytes", bytes.length);
        if (head.mediaType().isText() && bytes.length <= LONGEST_TEXT) {
            TextDecoder.Decoded decoded =
                    TextDecoder.decode(bytes, head.mediaType().charset(), false);
            json.put("text", decoded.text()).put("charset", decoded.charset().name());
            return new Fetched(new Answer(decoded.text(), json.build()), null);
        }
        FetchedFile file = new FetchedFile(bytes, head.mediaType().type(), name(head, target));
        String text = "a file of " + bytes.length + " bytes, " + file.mimeType();
        return new Fetched(new Answer(text, json.build()), file);
    }

    private WebClient.Download all(EgressTarget target, WebClient.Manner manner, int most, Deadline deadline) {
        try {
            return client.all(target, manner, most, deadline);
        } catch (InvokeException e) {
            if (e.code() != ErrorCode.RESPONSE_TOO_LARGE) {
                throw e;
            }
            // whoever calls sets the tool's limit, not the client's
            throw new ProtocolException(
                    ErrorCode.RESPONSE_TOO_LARGE,
                    target.host() + " has more than " + most + " bytes to give; max_bytes allows up to " + MOST_BYTES);
        }
    }

    /** Asks what is there, without getting it. */
    Fetched head(String url, @Nullable String userAgent, Deadline deadline) {
        EgressTarget target = PageAddress.target(url);
        WebClient.Head head = client.head(target, new WebClient.Manner(ACCEPT, userAgent), deadline);
        String text = "status " + head.status() + ", " + head.mediaType().type()
                + head.length().map(length -> ", " + length + " bytes").orElse("")
                + head.lastModified().map(time -> ", last modified " + time).orElse("");
        return new Fetched(new Answer(text, facts(head).build()), null);
    }

    private static JsonObject.Builder facts(WebClient.Head head) {
        JsonObject.Builder json = JsonObject.builder()
                .put("status", head.status())
                .put("content_type", head.mediaType().type());
        head.lastModified().ifPresent(time -> json.put("last_modified", time));
        head.length().ifPresent(length -> json.put("content_length", length));
        return json;
    }

    /** The name that the server gives, else the last part of the path; whoever stores the file makes it harmless. */
    private static @Nullable String name(WebClient.Head head, EgressTarget target) {
        return head.disposition()
                .flatMap(FileFetcher::named)
                .or(() -> lastPart(target.pathAndQuery()))
                .orElse(null);
    }

    private static Optional<String> named(String disposition) {
        Matcher extended = EXTENDED_NAME.matcher(disposition);
        if (extended.find()) {
            return decoded(extended.group(2), extended.group(1));
        }
        Matcher plain = NAME.matcher(disposition);
        if (!plain.find()) {
            return Optional.empty();
        }
        String quoted = plain.group(1);
        return Optional.of(quoted == null ? plain.group(2) : quoted.replaceAll("\\\\(.)", "$1"));
    }

    private static Optional<String> lastPart(String pathAndQuery) {
        int query = pathAndQuery.indexOf('?');
        String path = query < 0 ? pathAndQuery : pathAndQuery.substring(0, query);
        String last = path.substring(path.lastIndexOf('/') + 1);
        return last.isEmpty() ? Optional.empty() : decoded(last, UTF_8.name());
    }

    private static Optional<String> decoded(String encoded, String charset) {
        try {
            return Optional.of(URLDecoder.decode(encoded.replace("+", "%2B"), Charset.forName(charset)));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            return Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.of(encoded);
        }
    }
}
