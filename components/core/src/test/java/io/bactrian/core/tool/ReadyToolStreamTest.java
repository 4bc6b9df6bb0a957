package io.bactrian.core.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.file.MemoryFiles;
import io.bactrian.core.file.NewFile;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolInvokeMessage.Blob;
import io.bactrian.core.tool.ToolInvokeMessage.Meta;
import io.bactrian.core.tool.ToolInvokeMessage.Text;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** What a tool gave at once is handed on as it is, if it is within bounds, in time, and nothing of it is to be stored. */
class ReadyToolStreamTest {

    private static final ToolLimits LIMITS = new ToolLimits(Duration.ofMinutes(1), 3, 100, 200, true, 1);

    private final MemoryFiles files = new MemoryFiles(Clock.systemUTC(), new SecureRandom(), 1_000, 10_000, null);
    private final AtomicLong nanos = new AtomicLong();

    private ToolStream answered(ToolInvokeMessage... messages) {
        return answeredAfter(Duration.ZERO, messages);
    }

    private ToolStream answeredAfter(Duration time, ToolInvokeMessage... messages) {
        Deadline deadline = Deadline.in(Duration.ofSeconds(1), nanos::get);
        Tool tool = SampleTool.answering(
                (arguments, runtime) -> {
                    nanos.addAndGet(time.toNanos());
                    return ToolStream.of(messages);
                },
                deadline);
        return new ToolFileMessageTransformer(files, null).invoke(tool, new ToolArguments(JsonObject.EMPTY), LIMITS);
    }

    @Test
    void isHandedOnWhole() {
        ToolStream stream = answered(new Text("a"), new Text("b"));

        assertThat(stream.isComplete()).isTrue();
        assertThat(stream.next()).isEqualTo(new Text("a"));
        assertThat(stream.hasNext()).isTrue();
        assertThat(stream.next()).isEqualTo(new Text("b"));
        assertThat(stream.hasNext()).isFalse();
        assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void bringsNothingOnceItIsClosed() {
        ToolStream stream = answered(new Text("a"), new Text("b"));
        stream.next();

        stream.close();

        assertThat(stream.hasNext()).isFalse();
        assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void givesWhatIsWithinBoundsBeforeItSaysThatTheRestIsNot() {
        Text half = new Text("x".repeat(60));

        for (ToolStream stream : new ToolStream[] {
            answered(half, half), answered(new Text("1"), new Text("2"), new Text("3"), new Text("4"))
        }) {
            assertThat(stream.isComplete()).isFalse();
            assertThat(stream.next()).isInstanceOf(Text.class);
            assertThatThrownBy(() -> stream.forEachRemaining(message -> {}))
                    .asInstanceOf(InstanceOfAssertFactories.type(InvokeException.class))
                    .extracting(InvokeException::code)
                    .isEqualTo(ErrorCode.RESPONSE_TOO_LARGE);
        }
    }

    @Test
    void storesBytesAsTheyAreRead() {
        ToolStream stream = answered(new Text("a"), new Blob(new byte[] {1, 2, 3}, Meta.NONE));

        assertThat(stream.isComplete()).isFalse();
        assertThat(stream.next()).isEqualTo(new Text("a"));
        assertThat(stream.next()).isInstanceOf(ToolInvokeMessage.BinaryLink.class);
    }

    @Test
    void givesNobodyTheFileOfAnother() {
        StoredFile others = files.put(new TenantId("acme"), NewFile.of("x.txt", "text/plain"), new byte[] {'x'});

        for (ToolInvokeMessage message : List.of(
                new ToolInvokeMessage.File(others),
                new ToolInvokeMessage.ImageLink(others),
                new ToolInvokeMessage.BinaryLink(others))) {
            ToolStream stream = answered(message);
            assertThat(stream.isComplete()).as(message.type()).isFalse();
            assertThatThrownBy(stream::hasNext).as(message.type()).isInstanceOf(InvokeException.class);
        }
    }

    @Test
    void isRefusedWhenItComesTooLate() {
        ToolStream late = answeredAfter(Duration.ofSeconds(2), new Text("a"));

        assertThatThrownBy(late::hasNext)
                .asInstanceOf(InstanceOfAssertFactories.type(InvokeException.class))
                .extracting(InvokeException::code)
                .isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void saysWhenItWasThere() {
        ReadyToolStream stream = (ReadyToolStream) answeredAfter(Duration.ofMillis(5), new Text("a"));

        nanos.addAndGet(1_000_000_000);

        assertThat(stream.doneAt(Deadline.in(Duration.ofSeconds(1), nanos::get)))
                .isEqualTo(Duration.ofMillis(5).toNanos());
    }
}
