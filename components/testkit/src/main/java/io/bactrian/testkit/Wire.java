package io.bactrian.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The bytes of one connection. Every wait is a read of the socket, so that it ends when the client goes away or the
 * server is closed.
 */
final class Wire {

    private static final int HEAD_LIMIT = 16 << 20;

    private final Socket tcp;
    private final Socket socket;
    private final PushbackInputStream in;
    private final OutputStream out;

    /** Over {@code tcp}, or over {@code socket} if TLS lies between. */
    Wire(Socket tcp, Socket socket) throws IOException {
        this.tcp = tcp;
        this.socket = socket;
        this.in = new PushbackInputStream(new BufferedInputStream(socket.getInputStream()), 1);
        this.out = socket.getOutputStream();
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** The bytes up to and with the next empty line; empty when the client ended the connection before the first. */
    byte[] readHead() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream(512);
        int ends = 0;
        while (ends < 4) {
            int next = in.read();
            if (next < 0) {
                return new byte[0];
            }
            head.write(next);
            ends = next == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : next == '\r' ? 1 : 0;
            if (head.size() > HEAD_LIMIT) {
                throw new IOException("request head of more than " + HEAD_LIMIT + " bytes");
            }
        }
        return head.toByteArray();
    }

    byte[] readBody(RequestHead head) throws IOException {
        return head.chunked() ? readChunks() : readFully(head.contentLength());
    }

    private byte[] readChunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = readLine();
            int semicolon = size.indexOf(';');
            int length = Integer.parseInt((semicolon < 0 ? size : size.substring(0, semicolon)).strip(), 16);
            if (length == 0) {
                skipTrailers();
                return body.toByteArray();
            }
            body.writeBytes(readFully(length));
            readLine();
        }
    }

    private void skipTrailers() throws IOException {
        while (!readLine().isEmpty()) {
            // a trailer says nothing that a test asks for
        }
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the client ended the connection inside its request");
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    private byte[] readFully(int length) throws IOException {
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the client ended the connection inside its request");
        }
        return body;
    }

    /** Waits; throws as soon as the client is gone. */
    void pause(Duration duration) throws IOException {
        long until = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = until - System.nanoTime()) {
            watch(left);
        }
    }

    /** Waits for the gate; throws as soon as the client is gone. Looks less and less often: a thousand may wait together. */
    void pauseUntil(CountDownLatch gate) throws IOException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(5);
        while (gate.getCount() > 0) {
            watch(nanos);
            nanos = Math.min(2 * nanos, TimeUnit.MILLISECONDS.toNanos(250));
        }
    }

    /** Reads and drops until the client is gone, which is reported by the exception. */
    void awaitPeerGone() throws IOException {
        socket.setSoTimeout(0);
        while (in.read() >= 0) {
            // a client that goes on talking is still there
        }
        throw new EOFException("the client ended the connection");
    }

    /** Looks for the client's end for a while; a byte of a next request is put back. */
    private void watch(long nanos) throws IOException {
        // 0 would wait for ever; a full second at most keeps the value in range
        int millis = (int) Math.min(1000, Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
        socket.setSoTimeout(millis);
        try {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the client ended the connection");
            }
            in.unread(next);
            LockSupport.parkNanos(nanos);
        } catch (SocketTimeoutException e) {
            // still there
        } finally {
            if (!socket.isClosed()) {
                socket.setSoTimeout(0);
            }
        }
    }

    /** FIN. With TLS there is no close_notify before it, as when a process dies. */
    void close() throws IOException {
        tcp.close();
    }

    /** The proper end: close_notify with TLS, then FIN. */
    void closeProperly() throws IOException {
        socket.close();
        tcp.close();
    }

    /** RST (SO_LINGER 0). */
    void reset() throws IOException {
        tcp.setSoLinger(true, 0);
        tcp.close();
    }

    /** FIN of our direction only. */
    void halfClose() throws IOException {
        tcp.shutdownOutput();
    }
}
