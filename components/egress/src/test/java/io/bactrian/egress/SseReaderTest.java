package io.bactrian.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.bactrian.core.error.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderTest {

    private static final EgressLimits LIMITS = EgressLimits.DEFAULT;

    /** All that is odd, at once: mark, comments, all line ends, joined lines, names, ids, retry, letters of two to four bytes. */
    private static final byte[] ODD = ("\ufeffdata: first\n\n"
                    + ": a comment\r\n\r\n"
                    + "event: ping\r\nid: 7\r\ndata: {\"t\":\"gr\u00fc\u00df \u20ac \ud83d\udc2b\"}\r\n\r\n"
                    + "data:no space\rdata:  two spaces\r\r"
                    + "retry: 2500\ndata\n\n"
                    + "data\ndata\n\n"
                    + "id\nnonsense\nevent:\ndata: unnamed\n:c\ndata:\ndata: after\n\n"
                    + "event: lost\n\n"
                    + "data: [DONE]\n\n")
            .getBytes(UTF_8);

    private static final List<String> ODD_EVENTS = List.of(
            "message||first",
            "ping|7|{\"t\":\"gr\u00fc\u00df \u20ac \ud83d\udc2b\"}",
            "message|7|no space\n two spaces",
            "message|7|",
            "message|7|\n",
            "message||unnamed\n\nafter",
            "message||[DONE]");

    @Test
    void readsTheStandardsForms() {
        SseReader reader = reader(ODD);

        assertThat(events(reader)).isEqualTo(ODD_EVENTS);
        assertThat(reader.truncated()).isFalse();
        assertThat(reader.retry()).contains(Duration.ofMillis(2500));
    }

    @DisplayName("STR-03: split at every offset, the events are the same")
    @Test
    void splitsAtEveryOffset() {
        for (int at = 0; at <= ODD.length; at++) {
            assertThat(events(new SseReader(new Pieces(ODD, at, ODD.length), LIMITS)))
                    .as("split at " + at)
                    .isEqualTo(ODD_EVENTS);
        }
    }

    @DisplayName("STR-03: split twice at every pair of offsets, the events are the same")
    @Test
    void splitsAtEveryPair() {
        for (int first = 0; first < ODD.length; first++) {
            for (int second = first + 1; second < ODD.length; second++) {
                assertThat(events(new SseReader(new Pieces(ODD, first, second), LIMITS)))
                        .isEqualTo(ODD_EVENTS);
            }
        }
    }

    @DisplayName("STR-03: byte by byte, the events are the same")
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 64})
    void splitsEverywhere(int size) {
        assertThat(events(new SseReader(new Pieces(ODD, size), LIMITS))).isEqualTo(ODD_EVENTS);
    }

    @DisplayName("STR-03: long events, random splits, the buffer grows and shifts under way")
    @Test
    void splitsLongEventsAtRandom() {
        long seed = 20_261_123;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            List<String> expected = new ArrayList<>();
            StringBuilder stream = new StringBuilder();
            String eol = new String[] {"\n", "\r\n", "\r"}[random.nextInt(3)];
            for (int i = random.nextInt(1, 20); i > 0; i--) {
                expected.add("message||" + appendEvent(stream, eol, random));
            }
            byte[] bytes = stream.toString().getBytes(UTF_8);

            SseReader reader = new SseReader(new Pieces(bytes, random.nextInt(1, 5_000)), LIMITS);

            assertThat(events(reader)).as("seed " + seed + ", round " + round).isEqualTo(expected);
        }
    }

    private static String appendEvent(StringBuilder stream, String eol, SplittableRandom random) {
        StringBuilder data = new StringBuilder();
        for (int line = random.nextInt(1, 5); line > 0; line--) {
            String value = "\u20acx".repeat(random.nextInt(0, 3_000));
            stream.append(random.nextBoolean() ? "data: " : "data:")
                    .append(value)
                    .append(eol);
            if (random.nextInt(3) == 0) {
                stream.append(": noise")
                        .append("z".repeat(random.nextInt(4_000)))
                        .append(eol);
            }
            data.append(value).append(line > 1 ? "\n" : "");
        }
        stream.append(eol);
        return data.toString();
    }

    @DisplayName("STR-01: cut after every byte, what was read is a prefix, and nothing half is handed out")
    @Test
    void discardsWhatIsUnfinished() {
        for (int cut = 0; cut < ODD.length; cut++) {
            SseReader reader = reader(Arrays.copyOf(ODD, cut));
            List<String> read = events(reader);

            assertThat(ODD_EVENTS.subList(0, read.size())).as("cut at " + cut).isEqualTo(read);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data: x|true",
                "data: x!|true",
                "data: x!!|false",
                "!|false",
                "data: x!!dat|true",
                ": comment|true",
                "event: a!|false"
            })
    void saysWhetherAnEventWasLeftUnfinished(String text, boolean truncated) {
        SseReader reader = reader(text.replace('!', '\n').getBytes(UTF_8));
        events(reader);

        assertThat(reader.truncated()).isEqualTo(truncated);
        assertThat(reader.next()).isFalse();
    }

    @DisplayName("An event ends at CR CR: nobody waits for a byte that may never come")
    @Test
    void doesNotWaitForALineFeed() {
        InputStream in = new ByteArrayInputStream("data: now\r\r".getBytes(UTF_8)) {
            @Override
            public int read(byte[] bytes, int offset, int length) {
                if (available() == 0) {
                    throw new AssertionError("read on although the event was complete");
                }
                return super.read(bytes, offset, length);
            }
        };
        SseReader reader = new SseReader(in, LIMITS);

        assertThat(reader.next()).isTrue();
        assertThat(reader.data()).isEqualTo("now");
    }

    @DisplayName("STR-04: a line of 300 KiB, an event of 2 MiB and endless comments run into limits")
    @Test
    void boundsLinesEventsAndComments() {
        byte[] longLine = ("data: " + "x".repeat(300 << 10) + "\n\n").getBytes(UTF_8);
        byte[] longEvent = (("data: " + "x".repeat(200 << 10) + "\n").repeat(11) + "\n").getBytes(UTF_8);
        byte[] comments = ":\n".repeat(1_000_000).getBytes(UTF_8);
        byte[] oneComment = (":" + "x".repeat(2 << 20)).getBytes(UTF_8);
        byte[] noData = "event: ping\n\n".repeat(200_000).getBytes(UTF_8);

        for (byte[] stream : List.of(longLine, longEvent, comments, oneComment, noData)) {
            Failing.with(ErrorCode.RESPONSE_TOO_LARGE, () -> reader(stream).next());
            Failing.with(ErrorCode.RESPONSE_TOO_LARGE, () -> new SseReader(new Pieces(stream, 100), LIMITS).next());
        }
    }

    @DisplayName("STR-04: just below the limits all is well, however it is split")
    @Test
    void readsUpToTheLimits() {
        EgressLimits tight = LIMITS.withMaxEvent(1_000, 3_000);
        String line = "x".repeat(994);
        byte[] stream = (": " + "c".repeat(2_000) + "\n" + ("data: " + line + "\n").repeat(3) + "\n").getBytes(UTF_8);
        byte[] over = ("data: " + line + "x\n\n").getBytes(UTF_8);

        for (int size = 1; size < 1_100; size += 7) {
            SseReader reader = new SseReader(new Pieces(stream, size), tight);
            assertThat(reader.next()).isTrue();
            assertThat(reader.length()).isEqualTo(3 * 994 + 2);
            int split = size;
            Failing.with(ErrorCode.RESPONSE_TOO_LARGE, () -> new SseReader(new Pieces(over, split), tight).next());
        }
    }

    @Test
    void boundsTheTotal() {
        byte[] stream = "data: x\n\n".repeat(1_000).getBytes(UTF_8);

        Failing.with(
                ErrorCode.RESPONSE_TOO_LARGE,
                () -> events(new SseReader(new ByteArrayInputStream(stream), LIMITS.withMaxResponseBytes(500))));
    }

    @Test
    void aBrokenStreamIsTruncated() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }
        };

        Failing.with(ErrorCode.STREAM_TRUNCATED, () -> new SseReader(broken, LIMITS).next());
    }

    @DisplayName("STR-06: comments and empty events are no progress, data is")
    @Test
    void reportsDataOnly() {
        assertThat(progress(": beat\n\n: beat\n\nevent: ping\n\ndata:\n\nid: 3\n\n"))
                .isZero();
        assertThat(progress("data: a\n\n: beat\n\n: beat\n\n")).isPositive();
    }

    private static int progress(String stream) {
        AtomicInteger reports = new AtomicInteger();
        SseReader reader = new SseReader(new Pieces(stream.getBytes(UTF_8), 3), LIMITS, reports::incrementAndGet);
        events(reader);
        return reports.get();
    }

    @Test
    void comparesDataWithoutBuildingText() {
        SseReader reader = reader("data: [DONE]\n\ndata: [DONE] \n\n".getBytes(UTF_8));

        assertThat(reader.next() && reader.dataIs("[DONE]")).isTrue();
        assertThat(reader.next() && reader.dataIs("[DONE]")).isFalse();
    }

    @DisplayName("Allocates next to nothing per event")
    @Test
    void allocatesLittle() {
        int count = 20_000;
        String chunk = "event: content_block_delta\ndata: {\"choices\":[{\"delta\":{\"content\":\" word\"}}],\"pad\":\""
                + "p".repeat(180) + "\"}\n\n";
        byte[] stream = chunk.repeat(count).getBytes(UTF_8);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long read = readThrough(stream);
        long before = threads.getCurrentThreadAllocatedBytes();

        read += readThrough(stream);

        long perEvent = (threads.getCurrentThreadAllocatedBytes() - before) / count;
        assertThat(read).isEqualTo(2L * count);
        assertThat(perEvent).as("bytes allocated per event").isLessThan(20);
    }

    private static long readThrough(byte[] stream) {
        SseReader reader = new SseReader(new Pieces(stream, 1_400), LIMITS);
        long events = 0;
        while (reader.next()) {
            events += reader.event().equals("content_block_delta") && reader.length() > 100 ? 1 : 0;
        }
        return events;
    }

    private static SseReader reader(byte[] stream) {
        return new SseReader(new ByteArrayInputStream(stream), LIMITS);
    }

    private static List<String> events(SseReader reader) {
        List<String> events = new ArrayList<>();
        while (reader.next()) {
            events.add(reader.event() + "|" + reader.lastEventId().orElse("") + "|" + reader.data());
        }
        return events;
    }

    /** A stream that hands out its bytes in pieces. */
    private static final class Pieces extends InputStream {

        private final byte[] bytes;
        private final int first;
        private final int second;
        private final int size;
        private int at;

        Pieces(byte[] bytes, int first, int second) {
            this(bytes, first, second, Integer.MAX_VALUE);
        }

        Pieces(byte[] bytes, int size) {
            this(bytes, 0, 0, size);
        }

        private Pieces(byte[] bytes, int first, int second, int size) {
            this.bytes = bytes;
            this.first = first;
            this.second = second;
            this.size = size;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("read in pieces");
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (at == bytes.length) {
                return -1;
            }
            int stop = at < first ? first : at < second ? second : bytes.length;
            int count = Math.min(Math.min(length, size), stop - at);
            System.arraycopy(bytes, at, target, offset, count);
            at += count;
            return count;
        }
    }
}
