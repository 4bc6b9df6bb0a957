package io.bactrian.egress;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;

/**
 * The headers of an answer: as many and as long as the limits let in, in order, under names in any case. What they say is
 * the other side's word and nothing more.
 */
public final class ResponseHeaders {

    private final String[] names;
    private final String[] values;

    /** Keeps texts of their own: HttpClient's headers hold on to the buffers of whole lines, each for as long as a stream. */
    ResponseHeaders(Header[] headers) {
        names = new String[headers.length];
        values = new String[headers.length];
        for (int i = 0; i < headers.length; i++) {
            names[i] = headers[i].getName();
            values[i] = Objects.requireNonNullElse(headers[i].getValue(), "");
        }
    }

    /** The first value under that name. */
    public Optional<String> first(String name) {
        return Optional.ofNullable(value(name));
    }

    /** All values under that name. */
    public List<String> all(String name) {
        return IntStream.range(0, names.length)
                .filter(i -> names[i].equalsIgnoreCase(name))
                .mapToObj(i -> values[i])
                .toList();
    }

    /** The names, as received, each once. */
    public List<String> names() {
        return Arrays.stream(names).distinct().toList();
    }

    /** How many there are. */
    public int size() {
        return names.length;
    }

    @Nullable
    String value(String name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equalsIgnoreCase(name)) {
                return values[i];
            }
        }
        return null;
    }

    /** How many bytes they took on the wire, roughly. */
    int bytes() {
        int bytes = 0;
        for (int i = 0; i < names.length; i++) {
            bytes += names[i].length() + values[i].length() + 4;
        }
        return bytes;
    }

    /** Names only: values hold cookies and more. */
    @Override
    public String toString() {
        return "ResponseHeaders" + names();
    }
}
