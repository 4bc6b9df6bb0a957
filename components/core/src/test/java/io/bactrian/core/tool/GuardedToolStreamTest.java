package io.bactrian.core.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.file.MemoryFiles;
import io.bactrian.core.file.NewFile;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolInvokeMessage.Blob;
import io.bactrian.core.tool.ToolInvokeMessage.BlobChunk;
import io.bactrian.core.tool.ToolInvokeMessage.Meta;
import io.bactrian.core.tool.ToolInvokeMessage.Text;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What comes of a tool comes within bounds, as stored files where it is bytes, and with safe errors. */
class GuardedToolStreamTest {

    private static final ToolLimits LIMITS = new ToolLimits(Duration.ofMinutes(1), 5, 100, 200, true, 1);

    private final MemoryFiles files = new MemoryFiles(Clock.systemUTC(), new SecureRandom(), 1_000, 10_000, null);
    private final AtomicInteger closed = new AtomicInteger();

    private ToolStream guarded(ToolStream stream, Deadline deadline) {
        Tool tool = SampleTool.answering((arguments, runtime) -> stream, deadline);
        return new ToolFileMessageTransformer(files, null).invoke(tool, new ToolArguments(JsonObject.EMPTY), LIMITS);
    }

    private ToolStream guarded(ToolInvokeMessage... messages) {
        Iterator<ToolInvokeMessage> each = List.of(messages).iterator();
        return guarded(stream(each::hasNext, each::next), SampleTool.soon());
    }

    private ToolStream stream(Supplier<Boolean> hasNext, Supplier<ToolInvokeMessage> next) {
        return new ToolStream() {
            @Override
            public boolean hasNext() {
                return hasNext.get();
            }

            @Override
            public ToolInvokeMessage next() {
                return next.get();
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
    }

    private static ErrorCode codeOf(ToolStream stream) {
        try {
            stream.forEachRemaining(message -> {});
        } catch (InvokeException e) {
            assertThat(stream.hasNext()).as("it is over").isFalse();
            return e.code();
        }
        throw new AssertionError("it did not fail");
    }

    @Test
    void passesOnWhatComes() {
        ToolStream stream = guarded(new Text("a"), new Text("b"));

        assertThat(stream.next()).isEqualTo(new Text("a"));
        assertThat(stream.next()).isEqualTo(new Text("b"));
        assertThat(stream.hasNext()).isFalse();
        assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void bringsNoMoreMessagesOrCharactersThanItMay() {
        Text one = new Text("x");

        assertThat(codeOf(guarded(one, one, one, one, one, one))).isEqualTo(ErrorCode.RESPONSE_TOO_LARGE);
        assertThat(codeOf(guarded(new Text("x".repeat(60)), new Text("x".repeat(60)))))
                .isEqualTo(ErrorCode.RESPONSE_TOO_LARGE);
        assertThat(closed).as("the tool is stopped").hasValue(2);
    }

    @Test
    @DisplayName("An endless tool is stopped, whether it says anything or not")
    void endsAnEndlessTool() {
        ToolStream endless = guarded(stream(() -> true, () -> new Text("")), SampleTool.soon());

        assertThat(codeOf(endless)).isEqualTo(ErrorCode.RESPONSE_TOO_LARGE);
        assertThat(closed).hasValue(1);
    }

    @Test
    void bringsNothingOnceItsTimeIsUp() {
        AtomicLong nanos = new AtomicLong();
        Deadline deadline = Deadline.in(Duration.ofSeconds(1), nanos::get);
        ToolStream stream = guarded(stream(() -> true, () -> new Text("x")), deadline);
        assertThat(stream.next()).isEqualTo(new Text("x"));

        nanos.addAndGet(Duration.ofSeconds(2).toNanos());

        assertThatThrownBy(stream::hasNext).isInstanceOf(InvokeTimeoutException.class);
        assertThat(closed).hasValue(1);
    }

    @Test
    void storesBytesAsFilesOfTheTenant() {
        byte[] png = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 0};
        ToolStream stream = guarded(
                new Blob(png, new Meta("image/png", "a.png")),
                new Blob("a,b".getBytes(StandardCharsets.UTF_8), new Meta("text/csv", "../../b.csv")));

        ToolInvokeMessage.ImageLink image = (ToolInvokeMessage.ImageLink) stream.next();
        ToolInvokeMessage.BinaryLink table = (ToolInvokeMessage.BinaryLink) stream.next();

        assertThat(image.file().mimeType()).isEqualTo("image/png");
        assertThat(files.find(TenantId.DEFAULT, image.file().id())).isPresent();
        assertThat(table.file().name()).doesNotContain("/");
    }

    @Test
    void givesNobodyTheFileOfAnother() {
        byte[] content = {'x'};
        TenantId acme = new TenantId("acme");
        StoredFile own = files.put(TenantId.DEFAULT, NewFile.of("own.txt", "text/plain"), content);
        StoredFile others = files.put(acme, NewFile.of("others.txt", "text/plain"), content);

        assertThat(guarded(new ToolInvokeMessage.File(own)).next()).isEqualTo(new ToolInvokeMessage.File(own));
        for (ToolInvokeMessage message : List.of(
                new ToolInvokeMessage.File(others),
                new ToolInvokeMessage.ImageLink(others),
                new ToolInvokeMessage.BinaryLink(others))) {
            assertThat(codeOf(guarded(message))).as(message.type()).isEqualTo(ErrorCode.TOOL_INVOKE_ERROR);
        }
    }

    @Test
    void refusesAFileThatIsTooLarge() {
        assertThat(codeOf(guarded(new Blob(new byte[1_001], Meta.NONE)))).isEqualTo(ErrorCode.REQUEST_TOO_LARGE);
    }

    @Test
    void putsPiecesTogetherAndMissesNone() {
        ToolStream whole = guarded(
                new BlobChunk("f", 1, 4, "lo".getBytes(StandardCharsets.UTF_8), true, new Meta("text/plain", "f.txt")),
                new BlobChunk("f", 0, 4, "he".getBytes(StandardCharsets.UTF_8), false, Meta.NONE));
        ToolInvokeMessage.BinaryLink file = (ToolInvokeMessage.BinaryLink) whole.next();
        assertThat(file.file().size()).isEqualTo(4);
        assertThat(whole.hasNext()).isFalse();

        ToolStream broken = guarded(new BlobChunk("f", 0, 4, new byte[2], false, Meta.NONE));
        assertThat(codeOf(broken)).isEqualTo(ErrorCode.STREAM_TRUNCATED);
    }

    @Test
    void leavesAPictureElsewhereAsALinkWhereNobodyFetches() {
        ToolStream stream = guarded(new ToolInvokeMessage.Image("https://example.org/a.png", Meta.NONE));

        assertThat(stream.next()).isInstanceOf(ToolInvokeMessage.Link.class);
    }

    @Test
    @DisplayName("HDR-16: what a tool throws is told by its class, and kept without its message")
    void saysNothingOfAForeignMessage() {
        ToolStream stream = guarded(
                stream(
                        () -> {
                            throw new IllegalStateException("a secret", new IllegalArgumentException("another"));
                        },
                        () -> new Text("x")),
                SampleTool.soon());

        assertThatThrownBy(stream::hasNext)
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("tool-builtin:tests/sample failed (IllegalStateException)")
                .satisfies(error -> {
                    assertThat(error).hasStackTraceContaining("IllegalStateException");
                    assertThat(error.getCause().getStackTrace()).isNotEmpty();
                    assertThat(error.getCause().getCause()).isNotNull();
                    assertThat(texts(error)).doesNotContain("secret").doesNotContain("another");
                });
        assertThat(closed).hasValue(1);
    }

    private static String texts(Throwable error) {
        StringBuilder texts = new StringBuilder();
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            texts.append(cause).append(cause.getMessage());
        }
        return texts.toString();
    }

    @Test
    void passesOnErrorsThatAreSafe() {
        InvokeException own = ToolErrors.failed("there is no such order");
        ToolStream stream = guarded(
                stream(
                        () -> {
                            throw own;
                        },
                        () -> new Text("x")),
                SampleTool.soon());

        assertThatThrownBy(stream::hasNext).isSameAs(own);
    }

    @Test
    void saysThatAnInterruptedToolWasCancelledWhetherOrNotItSaysSoItself() {
        assertThat(codeOf(throwing(new UncheckedIOException(new InterruptedIOException("a secret")))))
                .isEqualTo(ErrorCode.CANCELLED);
        assertThat(codeOf(throwing(new IllegalStateException(new InterruptedException()))))
                .isEqualTo(ErrorCode.CANCELLED);
        assertThat(codeOf(throwing(new UncheckedIOException(new SocketTimeoutException("slow")))))
                .isEqualTo(ErrorCode.TOOL_INVOKE_ERROR);
        assertThat(codeOf(throwing(new NoClassDefFoundError("a/Secret")))).isEqualTo(ErrorCode.TOOL_INVOKE_ERROR);
    }

    private ToolStream throwing(Throwable error) {
        return guarded(
                stream(
                        () -> {
                            if (error instanceof Error fatal) {
                                throw fatal;
                            }
                            throw (RuntimeException) error;
                        },
                        () -> new Text("x")),
                SampleTool.soon());
    }

    @Test
    @DisplayName("Closed by another thread it simply has no more, whatever the tool says to that")
    void isOverOnceItIsClosed() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch cut = new CountDownLatch(1);
        ToolStream inner = new ToolStream() {
            @Override
            public boolean hasNext() {
                waiting.countDown();
                try {
                    cut.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new IllegalStateException("the connection was closed");
            }

            @Override
            public ToolInvokeMessage next() {
                return new Text("x");
            }

            @Override
            public void close() {
                cut.countDown();
            }
        };
        ToolStream stream = guarded(inner, SampleTool.soon());
        CompletableFuture<Boolean> more = CompletableFuture.supplyAsync(stream::hasNext);
        assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();

        stream.close();

        assertThat(more.get(30, TimeUnit.SECONDS)).isFalse();
        assertThat(stream.hasNext()).isFalse();
    }

    @Test
    void bringsNothingThatWaitedOnceItIsClosed() {
        ToolStream stream = guarded(new Text("a"), new Text("b"));
        assertThat(stream.hasNext()).isTrue();

        stream.close();

        assertThat(stream.hasNext()).isFalse();
        assertThat(closed).hasValue(1);
    }

    @Test
    void takesAToolThatCannotLetGoForWhatItWas() {
        ToolStream stream = guarded(
                new ToolStream() {
                    @Override
                    public boolean hasNext() {
                        return false;
                    }

                    @Override
                    public ToolInvokeMessage next() {
                        throw new NoSuchElementException();
                    }

                    @Override
                    public void close() {
                        throw new IllegalStateException("a secret");
                    }
                },
                SampleTool.soon());

        assertThat(stream.hasNext()).isFalse();
        stream.close();
    }
}
