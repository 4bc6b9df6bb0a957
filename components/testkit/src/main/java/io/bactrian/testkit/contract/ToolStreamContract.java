package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.testkit.CanaryScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What comes of a tool as it comes. */
interface ToolStreamContract extends ToolFixture {

    private static String text(ToolInvokeMessage message) {
        return ((ToolInvokeMessage.Text) message).text();
    }

    @Test
    @DisplayName("the first message is there before the tool has made the second")
    default void handsMessagesOnAsTheyCome() {
        CountDownLatch second = new CountDownLatch(can(ToolCapability.STREAMING) ? 1 : 0);
        ContractStream messages = new ContractStream(3, number -> {
            if (number == 2 && !ContractStream.await(second, LONG)) {
                throw new IllegalStateException("nobody read the first message");
            }
            return ContractStream.text(number);
        });

        List<String> read = new ArrayList<>();
        try (ToolStream stream = streamed(call -> messages)) {
            read.add(text(stream.next()));
            if (can(ToolCapability.STREAMING)) {
                assertThat(messages.made()).isLessThanOrEqualTo(2);
                second.countDown();
            }
            stream.forEachRemaining(message -> read.add(text(message)));
            assertThat(stream.hasNext()).isFalse();
        }

        assertThat(String.join("", read)).isEqualTo("message 1message 2message 3");
        assertThat(play().open()).isZero();
    }

    @Test
    @DisplayName(
            "STR-08: closing in the middle lets the tool go; closing again does nothing, and there is no more to read")
    default void letsTheToolGoWhenItIsClosed() {
        ContractStream messages = new ContractStream(1_000, ContractStream::text);
        ToolStream stream = streamed(call -> messages);
        assertThat(text(stream.next())).startsWith("message 1");

        stream.close();
        stream.close();

        Suites.await(() -> play().open() == 0);
        if (can(ToolCapability.STREAMING)) {
            Suites.await(messages::closed);
            assertThat(messages.made()).isLessThan(1_000);
        }
        assertThat(stream.hasNext()).isFalse();
        assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
        stream.close();
    }

    @Test
    default void letsTheToolGoWhenItIsClosedUnread() {
        ContractStream messages = new ContractStream(3, ContractStream::text);
        ToolStream stream = streamed(call -> messages);

        stream.close();

        Suites.await(() -> play().open() == 0);
        assertThat(stream.hasNext()).isFalse();
    }

    @Test
    @DisplayName("a reader that waits is let go when another thread closes the stream")
    default void isClosedByAnotherThreadWhileItsReaderWaits() throws InterruptedException {
        if (!can(ToolCapability.STREAMING)) {
            // there is nothing to wait for once the stream is there
            try (ToolStream stream = streamed(call -> new ContractStream(2, ContractStream::text))) {
                assertThat(play().open()).isZero();
                assertThat(stream.hasNext()).isTrue();
            }
            return;
        }
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        ContractStream messages = new ContractStream(
                2,
                number -> {
                    if (number == 2) {
                        waits.countDown();
                        // as a tool that waits for the other side does
                        ContractStream.await(closed, LONG);
                    }
                    return ContractStream.text(number);
                },
                closed);
        ToolStream stream = streamed(call -> messages);
        stream.next();

        List<Boolean> seen = Suites.together(2, i -> () -> {
            if (i == 0) {
                return more(stream);
            }
            assertThat(ContractStream.await(waits, LONG)).isTrue();
            stream.close();
            return false;
        });

        assertThat(seen).containsOnly(false);
        Suites.await(() -> play().open() == 0);
    }

    /** Whether there was more: a reader that is cut off may be told so. */
    private static boolean more(ToolStream stream) {
        try {
            // the message that was being made may still come; none comes behind it
            while (stream.hasNext()) {
                stream.next();
            }
            return false;
        } catch (NoSuchElementException closed) {
            return false;
        } catch (InvokeException cutOff) {
            return cutOff.code() != ErrorCode.CANCELLED;
        }
    }

    @Test
    @DisplayName("HDR-16: what goes wrong after the first message comes out where it is read, and lets the tool go")
    default void failsWhereItIsRead() {
        CanaryScanner scanner = new CanaryScanner();
        String canary = scanner.plant("stream");
        ContractStream messages = new ContractStream(3, number -> {
            if (number == 2) {
                throw new IllegalStateException("https://u:" + canary + "@host");
            }
            return ContractStream.text(number);
        });
        if (!can(ToolCapability.STREAMING)) {
            scanner.assertNowhereIn(refused(foreignError(), () -> streamed(call -> messages)));
            return;
        }
        try (ToolStream stream = streamed(call -> messages)) {
            assertThat(text(stream.next())).isEqualTo("message 1");
            scanner.assertNowhereIn(refused(foreignError(), stream::hasNext));
            assertThat(stream.hasNext()).isFalse();
        }
        Suites.await(() -> play().open() == 0);
        assertThat(messages.closed()).isTrue();
    }

    @Test
    @DisplayName("a tool that never stops is stopped by the limits of the installation")
    default void boundsWhatComes() {
        ContractStream endless =
                new ContractStream(Integer.MAX_VALUE, number -> new ToolInvokeMessage.Text("x".repeat(10_000)));

        refused(ErrorCode.RESPONSE_TOO_LARGE, () -> played(call -> endless));

        Suites.await(() -> play().open() == 0);
    }
}
