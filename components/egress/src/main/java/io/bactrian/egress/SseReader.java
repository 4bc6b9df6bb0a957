package io.bactrian.egress;

import io.bactrian.core.error.InvokeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Server-sent events, read as bytes (WHATWG HTML §9.2). {@link #next()} moves to the next event with data; the accessors
 * then show it as a slice of the reader's own buffer, valid until the following {@code next()}: a parser reads it in place,
 * no text is built per line. Several data lines are joined by line feeds. However the bytes are split on their way, the
 * events are the same (STR-03).
 */
public final class SseReader {

    // a stream that waits for its next event costs this much; one that comes in a rush is read in larger pieces
    private static final int FIRST_SIZE = 1_024;
    private static final int RUSH_SIZE = 4_096;
    private static final int ROOM = 512;
    private static final byte[] DATA = {'d', 'a', 't', 'a'};

    private final InputStream in;
    private final EgressLimits limits;
    private final Runnable onData;
    private final SseFields fields = new SseFields();

    // [dataStart, dataEnd) what the event holds so far; [lineStart, limit) what is not understood yet, looked at up to
    // scan
    private byte[] buffer = new byte[FIRST_SIZE];
    private int dataStart;
    private int dataEnd;
    private int lineStart;
    private int scan;
    private int limit;
    private boolean hasData;
    private boolean newData;
    private boolean lineFeedMayFollow;
    private boolean inComment;
    private boolean bomPassed;
    private boolean ended;
    private boolean truncated;
    private long total;
    private long ignored;

    /** A reader of any stream; lines, events and the total are bounded by the limits. */
    public SseReader(InputStream in, EgressLimits limits) {
        this(in, limits, () -> {});
    }

    /**
     * A reader that says when there was progress.
     *
     * @param onData called before a read that may block, if data has arrived since the last
     */
    SseReader(InputStream in, EgressLimits limits, Runnable onData) {
        this.in = in;
        this.limits = limits;
        this.onData = onData;
    }

    /**
     * Moves to the next event with data.
     *
     * @return false at the end of the stream; then {@link #truncated()} tells whether an event was left unfinished
     * @throws InvokeException {@code RESPONSE_TOO_LARGE} if a limit is passed; whatever ends the stream other than its end
     */
    public boolean next() {
        hasData = false;
        dataStart = dataEnd = lineStart;
        fields.reset();
        while (!ended) {
            int end = endOfLine();
            if (end < 0) {
                fill();
            } else if (line(end)) {
                ignored = 0;
                return true;
            }
        }
        return false;
    }

    /** The array that holds the event's data. */
    public byte[] buffer() {
        return buffer;
    }

    /** Where the data begins. */
    public int offset() {
        return dataStart;
    }

    /** How many bytes the data has. */
    public int length() {
        return dataEnd - dataStart;
    }

    /** The data as text. */
    public String data() {
        return new String(buffer, dataStart, length(), StandardCharsets.UTF_8);
    }

    /** Whether the data is exactly this ASCII text, such as {@code [DONE]}; builds nothing. */
    public boolean dataIs(String ascii) {
        return SseFields.same(buffer, dataStart, dataEnd, ascii);
    }

    /** The event's name; {@code message} if it has none. */
    public String event() {
        return fields.event();
    }

    /** The last id that the stream gave; empty if none. */
    public Optional<String> lastEventId() {
        return fields.id();
    }

    /** How long the stream asks to wait before reconnecting. */
    public Optional<Duration> retry() {
        return fields.retry();
    }

    /** Whether the stream ended within an event, which was then discarded. */
    public boolean truncated() {
        return truncated;
    }

    /** The end of the line that begins at lineStart, or -1 if it has not arrived. */
    private int endOfLine() {
        if (!bomPassed && !passBom()) {
            return -1;
        }
        if (lineFeedMayFollow && lineStart < limit) {
            lineFeedMayFollow = false;
            if (buffer[lineStart] == '\n') {
                scan = ++lineStart;
            }
        }
        byte[] bytes = buffer;
        for (int i = scan; i < limit; i++) {
            byte b = bytes[i];
            if (b == '\n' || b == '\r') {
                return i;
            }
        }
        scan = limit;
        return -1;
    }

    /** Whether it is known that no byte order mark stands, or stands no more, at the beginning. */
    private boolean passBom() {
        int have = limit - lineStart;
        if (have > 0 && buffer[lineStart] != (byte) 0xef
                || have > 1 && buffer[lineStart + 1] != (byte) 0xbb
                || have > 2 && buffer[lineStart + 2] != (byte) 0xbf) {
            bomPassed = true;
        } else if (have > 2) {
            lineStart += 3;
            scan = lineStart;
            bomPassed = true;
        }
        return bomPassed;
    }

    /** Takes in the line; true if it ends an event that has data. */
    private boolean line(int end) {
        int start = lineStart;
        lineFeedMayFollow = buffer[end] == '\r';
        lineStart = scan = end + 1;
        if (inComment || start < end && buffer[start] == ':') {
            inComment = false;
            ignore(end + 1 - start);
            return false;
        }
        if (start == end) {
            if (hasData) {
                return true;
            }
            ignore(1);
            fields.reset();
            return false;
        }
        checkLine(end - start);
        int colon = start;
        while (colon < end && buffer[colon] != ':') {
            colon++;
        }
        int value = Math.min(end, colon + 1);
        if (value < end && buffer[value] == ' ') {
            value++;
        }
        if (isData(start, colon)) {
            append(value, end);
        } else {
            ignore(end + 1 - start);
            fields.set(buffer, start, colon, value, end);
        }
        return false;
    }

    private boolean isData(int start, int colon) {
        return colon - start == 4
                && buffer[start] == DATA[0]
                && buffer[start + 1] == DATA[1]
                && buffer[start + 2] == DATA[2]
                && buffer[start + 3] == DATA[3];
    }

    private void append(int from, int to) {
        newData |= from < to;
        if (!hasData) {
            // shown where it lies
            hasData = true;
            dataStart = from;
            dataEnd = to;
        } else {
            // the field name and the line end made room for the line feed
            buffer[dataEnd++] = '\n';
            System.arraycopy(buffer, from, buffer, dataEnd, to - from);
            dataEnd += to - from;
        }
        if (length() > limits.maxEventBytes()) {
            throw Failures.tooLarge(
                    "An event has more than " + limits.maxEventBytes() + " bytes (limit: maxEventBytes)");
        }
    }

    private void checkLine(int length) {
        if (length > limits.maxLineBytes()) {
            throw Failures.tooLarge("A line of the event stream has more than " + limits.maxLineBytes()
                    + " bytes (limit: maxLineBytes)");
        }
    }

    private void ignore(int bytes) {
        ignored += bytes;
        if (ignored > limits.maxEventBytes()) {
            throw Failures.tooLarge("The event stream has more than " + limits.maxEventBytes()
                    + " bytes without data between two events (limit: maxEventBytes)");
        }
    }

    private void fill() {
        pending();
        makeRoom();
        if (newData) {
            newData = false;
            onData.run();
        }
        int read;
        try {
            read = in.read(buffer, limit, buffer.length - limit);
        } catch (IOException broken) {
            throw Failures.truncated("the event stream", broken);
        }
        if (read < 0) {
            ended = true;
            truncated = hasData || inComment || limit > lineStart;
            dataStart = dataEnd = lineStart = scan = limit;
            hasData = false;
            return;
        }
        limit += read;
        total += read;
        if (total > limits.maxResponseBytes()) {
            throw Failures.tooLarge("The event stream is larger than " + limits.maxResponseBytes()
                    + " bytes (limit: maxResponseBytes)");
        }
    }

    /** What can be said of a line that has not ended: a comment is dropped as it comes, anything else must not get too long. */
    private void pending() {
        int length = limit - lineStart;
        if (!bomPassed || length == 0) {
            return;
        }
        if (inComment || buffer[lineStart] == ':') {
            inComment = true;
            ignore(length);
            lineStart = scan = limit;
            return;
        }
        checkLine(length);
        newData |= length > 5 && isData(lineStart, lineStart + 4) && buffer[lineStart + 4] == ':';
    }

    private void makeRoom() {
        boolean rush = limit == buffer.length && buffer.length < RUSH_SIZE;
        if (!hasData && lineStart == limit) {
            buffer = rush ? new byte[buffer.length * 2] : buffer;
            dataStart = dataEnd = lineStart = scan = limit = 0;
            return;
        }
        if (buffer.length - limit >= ROOM) {
            return;
        }
        int data = hasData ? length() : 0;
        int line = limit - lineStart;
        byte[] target = rush || data + line + ROOM > buffer.length ? new byte[buffer.length * 2] : buffer;
        System.arraycopy(buffer, dataStart, target, 0, data);
        System.arraycopy(buffer, lineStart, target, data, line);
        buffer = target;
        scan = data + scan - lineStart;
        dataStart = 0;
        dataEnd = data;
        lineStart = data;
        limit = data + line;
    }
}
