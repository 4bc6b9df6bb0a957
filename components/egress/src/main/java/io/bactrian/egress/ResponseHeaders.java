package io.bactrian.egress;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;

/**
 * The headers of an answer: as many and as long as the limits let in, in order, under names in any case. What they say is
 * the other side's word and nothing more.
 */
public final class ResponseHeaders {

    private final Header[] headers;

    ResponseHeaders(Header[] headers) {
        this.headers = headers;
    }

    /** The first value under that name. */
    public Optional<String> first(String name) {
        return Optional.ofNullable(value(name));
    }

    /** All values under that name. */
    public List<String> all(String name) {
        return Arrays.stream(headers)
                .filter(header -> header.getName().equalsIgnoreCase(name))
                .map(ResponseHeaders::value)
                .toList();
    }

    /** The names, as received, each once. */
    public List<String> names() {
        return Arrays.stream(headers).map(Header::getName).distinct().toList();
    }

    /** How many there are. */
    public int size() {
        return headers.length;
    }

    @Nullable
    String value(String name) {
        for (Header header : headers) {
            if (header.getName().equalsIgnoreCase(name)) {
                return value(header);
            }
        }
        return null;
    }

    static int size(Header[] headers) {
        int size = 0;
        for (Header header : headers) {
            size += header.getName().length() + value(header).length() + 4;
        }
        return size;
    }

    private static String value(Header header) {
        String value = header.getValue();
        return value == null ? "" : value;
    }

    /** Names only: values hold cookies and more. */
    @Override
    public String toString() {
        return "ResponseHeaders" + names();
    }
}
