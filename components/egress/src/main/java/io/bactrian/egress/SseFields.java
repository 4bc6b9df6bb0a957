package io.bactrian.egress;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an event other than its data. Names repeat from event to event, so the few that a stream uses are built once
 * each; an id is built only when somebody asks.
 */
final class SseFields {

    private static final String UNNAMED = "message";
    private static final int MAX_KNOWN = 16;

    private final String[] known = new String[MAX_KNOWN];
    private int knownCount;
    private String event = UNNAMED;
    private byte @Nullable [] id;
    private int idLength;
    private long retryMillis = -1;

    /** Begins an event: the name belongs to one event, id and retry to the stream. */
    void reset() {
        event = UNNAMED;
    }

    String event() {
        return event;
    }

    Optional<String> id() {
        byte[] present = id;
        return present == null
                ? Optional.empty()
                : Optional.of(new String(present, 0, idLength, StandardCharsets.UTF_8));
    }

    Optional<Duration> retry() {
        return retryMillis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(retryMillis));
    }

    /** Takes in a line: its name is in the bytes from {@code start} to {@code colon}, its value from {@code value} to {@code end}. */
    void set(byte[] bytes, int start, int colon, int value, int end) {
        if (same(bytes, start, colon, "event")) {
            event = value == end ? UNNAMED : name(bytes, value, end);
        } else if (same(bytes, start, colon, "id")) {
            setId(bytes, value, end);
        } else if (same(bytes, start, colon, "retry")) {
            setRetry(bytes, value, end);
        }
    }

    static boolean same(byte[] bytes, int start, int end, String ascii) {
        if (end - start != ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (bytes[start + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String name(byte[] bytes, int start, int end) {
        for (int i = 0; i < knownCount; i++) {
            if (same(bytes, start, end, known[i])) {
                return known[i];
            }
        }
        String name = new String(bytes, start, end - start, StandardCharsets.UTF_8);
        // only ASCII names are found again above
        if (knownCount < MAX_KNOWN && name.length() == end - start) {
            known[knownCount++] = name;
        }
        return name;
    }

    private void setId(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == 0) {
                // the standard's own rule
                return;
            }
        }
        byte[] present = id;
        if (present == null || present.length < end - start) {
            present = Arrays.copyOfRange(bytes, start, end);
        } else {
            System.arraycopy(bytes, start, present, 0, end - start);
        }
        id = present;
        idLength = end - start;
    }

    private void setRetry(byte[] bytes, int start, int end) {
        if (start == end || end - start > 12) {
            return;
        }
        long millis = 0;
        for (int i = start; i < end; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return;
            }
            millis = millis * 10 + bytes[i] - '0';
        }
        retryMillis = millis;
    }
}
