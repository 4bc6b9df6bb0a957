package io.bactrian.core.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.tool.ToolInvokeMessage.Blob;
import io.bactrian.core.tool.ToolInvokeMessage.BlobChunk;
import io.bactrian.core.tool.ToolInvokeMessage.Meta;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that come in pieces: whole or not at all, and no more held than has come. */
class BlobChunksTest {

    private static final long MOST = 50L << 20;
    private static final Meta TEXT = new Meta("text/plain", "letter.txt");

    private final BlobChunks chunks = new BlobChunks(MOST);

    private static BlobChunk piece(String id, int sequence, long length, String text, boolean end) {
        return new BlobChunk(id, sequence, length, text.getBytes(StandardCharsets.UTF_8), end, end ? TEXT : Meta.NONE);
    }

    private static String text(Blob blob) {
        return new String(blob.bytes(), StandardCharsets.UTF_8);
    }

    private ErrorCode refused(BlobChunk... pieces) {
        try {
            for (BlobChunk piece : pieces) {
                chunks.add(piece);
            }
        } catch (ProtocolException e) {
            return e.code();
        }
        throw new AssertionError("the pieces were taken");
    }

    @Test
    void areAFileOnceTheLastHasCome() {
        assertThat(chunks.add(piece("a", 0, 10, "hello", false))).isNull();

        Blob blob = chunks.add(piece("a", 1, 10, "world", true));

        assertThat(text(blob)).isEqualTo("helloworld");
        assertThat(blob.meta()).as("that of the last piece").isEqualTo(TEXT);
        chunks.checkAllFinished();
    }

    @Test
    void areOneFileEachById() {
        chunks.add(piece("a", 0, 2, "a", false));
        chunks.add(piece("b", 0, 2, "b", false));

        assertThat(text(chunks.add(piece("a", 1, 2, "A", true)))).isEqualTo("aA");
        assertThat(text(chunks.add(piece("b", 1, 2, "B", true)))).isEqualTo("bB");
        assertThat(text(chunks.add(piece("a", 0, 1, "x", true))))
                .as("an id can be used again")
                .isEqualTo("x");
    }

    @Test
    void fitTogetherInWhateverOrderTheyCome() {
        Random random = new Random(3);
        for (int round = 0; round < 50; round++) {
            List<BlobChunk> pieces = new ArrayList<>();
            StringBuilder whole = new StringBuilder();
            int count = 1 + random.nextInt(20);
            for (int i = 0; i < count; i++) {
                whole.append("piece").append(i).append(';');
            }
            for (int i = 0; i < count; i++) {
                pieces.add(piece("f", i, whole.length(), "piece" + i + ";", i == count - 1));
            }
            Collections.shuffle(pieces, random);

            Blob blob = null;
            for (BlobChunk piece : pieces) {
                assertThat(blob).isNull();
                blob = chunks.add(piece);
            }

            assertThat(text(blob)).isEqualTo(whole.toString());
        }
        chunks.checkAllFinished();
    }

    @Test
    void mayBeAnEmptyFile() {
        assertThat(chunks.add(piece("a", 0, 0, "", true)).bytes()).isEmpty();
    }

    @Test
    @DisplayName("A piece that comes twice, another last one, or one behind the last is refused")
    void contradictNothingThatCameBefore() {
        assertThat(refused(piece("a", 0, 9, "x", false), piece("a", 0, 9, "x", false)))
                .isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertThat(refused(piece("b", 1, 9, "x", false), piece("b", 1, 9, "y", false)))
                .isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertThat(refused(piece("c", 2, 9, "x", true), piece("c", 1, 9, "y", true)))
                .isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertThat(refused(piece("d", 2, 9, "x", true), piece("d", 3, 9, "y", false)))
                .isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertThat(refused(piece("e", -1, 9, "x", false))).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertThat(refused(piece("f", 0, 9, "x", false), piece("f", 1, 8, "x", false)))
                .isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    @DisplayName("A piece behind the last one that came before it is not lost without a word")
    void hasNoPieceBehindItsLast() {
        assertThat(refused(piece("a", 3, 4, "lost", false), piece("a", 0, 4, "", true)))
                .isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void areAsLongAsWasSaid() {
        assertThat(refused(piece("a", 0, 3, "four", true))).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertThat(refused(piece("b", 0, 5, "four", true))).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertThat(refused(piece("c", 0, -1, "", false))).isEqualTo(ErrorCode.RESPONSE_TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void needAnId(String id) {
        assertThat(refused(piece(id, 0, 1, "x", true))).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertThat(refused(piece("x".repeat(257), 0, 1, "x", true))).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    @DisplayName("A length of 10 GB, and thirty files that say they are as long as can be, take no memory")
    void holdWhatHasComeAndNotWhatWasSaid() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertThat(refused(piece("warm", 0, MOST + 1, "x", false))).isEqualTo(ErrorCode.RESPONSE_TOO_LARGE);
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());

        assertThat(refused(piece("huge", 0, 10L << 30, "x", false))).isEqualTo(ErrorCode.RESPONSE_TOO_LARGE);
        assertThat(refused(piece("huger", 0, Long.MAX_VALUE, "x", false))).isEqualTo(ErrorCode.RESPONSE_TOO_LARGE);
        for (int i = 0; i < 30; i++) {
            chunks.add(piece("f" + i, i * 1_000_000, MOST, "x", false));
        }

        long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertThat(allocated).isLessThan(1 << 20);
    }

    @Test
    void areOfSoManyFilesAtATimeAndNoMore() {
        for (int i = 0; i < 32; i++) {
            chunks.add(piece("f" + i, 0, 2, "x", false));
        }

        assertThat(refused(piece("one more", 0, 2, "x", false))).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void areOfAsManyBytesInAllAsOneFileMayHave() {
        BlobChunks small = new BlobChunks(10);
        small.add(piece("a", 0, 10, "123456", false));

        assertThatThrownBy(() -> small.add(piece("b", 0, 10, "12345", false)))
                .isInstanceOfSatisfying(ProtocolException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.RESPONSE_TOO_LARGE))
                .hasMessageContaining("bactrian.files.max-size");
    }

    @Test
    @DisplayName("A part of a file never passes for all of it")
    void areNotAllThereAtTheEnd() {
        chunks.add(piece("a", 0, 10, "hello", false));

        assertThatThrownBy(chunks::checkAllFinished)
                .isInstanceOfSatisfying(ProtocolException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.STREAM_TRUNCATED));
    }
}
