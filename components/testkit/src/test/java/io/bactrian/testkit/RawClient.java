package io.bactrian.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** A client that knows nothing of HTTP and shows what came over the wire, read by read, and how it ended. */
final class RawClient implements AutoCloseable {

    enum End {
        FIN,
        RST,
        SILENCE
    }

    /** What was read, in how many reads, and what came then. */
    record Heard(String text, int reads, End end) {}

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;

    RawClient(FaultServer server) throws IOException {
        this(new Socket("127.0.0.1", server.port()));
    }

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    static Heard get(FaultServer server) throws IOException {
        try (RawClient client = new RawClient(server)) {
            return client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .hear();
        }
    }

    static Heard getAndListenFor(FaultServer server, Duration patience) throws IOException {
        try (RawClient client = new RawClient(server)) {
            client.socket.setSoTimeout((int) patience.toMillis());
            return client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").hear();
        }
    }

    RawClient send(String text) throws IOException {
        try {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        } catch (SocketException e) {
            // the server was faster with its RST: what is heard next tells
        }
        return this;
    }

    /** Reads until the other side ends or falls silent. */
    Heard hear() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int reads = 0;
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[65536];
        while (true) {
            try {
                int count = in.read(buffer);
                if (count < 0) {
                    return new Heard(bytes.toString(ISO_8859_1), reads, End.FIN);
                }
                bytes.write(buffer, 0, count);
                reads++;
            } catch (SocketTimeoutException e) {
                return new Heard(bytes.toString(ISO_8859_1), reads, End.SILENCE);
            } catch (SocketException e) {
                return new Heard(bytes.toString(ISO_8859_1), reads, End.RST);
            }
        }
    }

    /** Reads exactly this many bytes. */
    String hear(int count) throws IOException {
        return new String(socket.getInputStream().readNBytes(count), ISO_8859_1);
    }

    /** Reads up to and with the given text. */
    String hearUntil(String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("ended before " + end + ": " + text);
            }
            text.append((char) next);
        }
        return text.toString();
    }

    Socket socket() {
        return socket;
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
