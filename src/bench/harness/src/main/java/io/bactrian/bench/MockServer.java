package io.bactrian.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The provider that all subjects call: canned bytes over plain sockets on the loopback address, a thread for each
 * connection, no JSON. It checks that the question and the key are in every request, and notes when the other side closes.
 */
final class MockServer {

    private static final byte[] QUESTION = Canned.QUESTION.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AUTHORIZATION = ascii("authorization: bearer ");
    private static final byte[] KEY = ascii(Canned.KEY);
    private static final byte[] REFUSED =
            ascii("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

    private final Map<Scenario, byte[][]> parts = new EnumMap<>(Scenario.class);
    private final boolean virtual;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong requestBytes = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong closedHolds = new AtomicLong();
    private volatile long lastClosedHold;

    private MockServer(boolean virtual) {
        this.virtual = virtual;
        for (Scenario scenario : Scenario.values()) {
            parts.put(scenario, Canned.parts(scenario).toArray(byte[][]::new));
        }
    }

    /** Serves until its standard input ends. Prints its port. */
    public static void main(String[] args) throws IOException {
        MockServer mock = new MockServer(List.of(args).contains("--virtual"));
        try (ServerSocket server = new ServerSocket(0, 16_384, InetAddress.getByName("127.0.0.1"))) {
            System.out.println("port " + server.getLocalPort());
            Thread acceptor = new Thread(() -> mock.accept(server), "acceptor");
            acceptor.setDaemon(true);
            acceptor.start();
            while (System.in.read() >= 0) {
                // the driver holds the pipe open; when it is gone, so are we
            }
        }
    }

    private void accept(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Threads.start(virtual, () -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            Request request = new Request();
            while (request.read(in)) {
                if (request.isGet()) {
                    out.write(statistics());
                    continue;
                }
                requests.incrementAndGet();
                requestBytes.addAndGet(request.length());
                if (!request.contains(QUESTION)
                        || !request.contains(KEY)
                        || !request.containsIgnoringCase(AUTHORIZATION)) {
                    refused.incrementAndGet();
                    out.write(REFUSED);
                    return;
                }
                if (!answer(request.scenario(), in, out)) {
                    return;
                }
            }
        } catch (IOException gone) {
            // the other side has what it wanted
        }
    }

    private boolean answer(Scenario scenario, InputStream in, OutputStream out) throws IOException {
        if (scenario == Scenario.DELAYED) {
            pause(TimeUnit.MILLISECONDS.toNanos(50));
        }
        byte[][] written = parts.get(scenario);
        for (int i = 0; i < written.length; i++) {
            if (i > 0 && scenario == Scenario.FIRST) {
                pause(TimeUnit.MILLISECONDS.toNanos(3));
            }
            out.write(written[i]);
        }
        if (scenario == Scenario.HOLD) {
            awaitClose(in);
            return false;
        }
        return true;
    }

    private void awaitClose(InputStream in) {
        try {
            while (in.read() >= 0) {
                // nothing is expected
            }
        } catch (IOException reset) {
            // closed, if not politely
        }
        lastClosedHold = System.nanoTime();
        closedHolds.incrementAndGet();
    }

    private static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private byte[] statistics() {
        String text = requests.get() + " " + requestBytes.get() + " " + refused.get() + " " + closedHolds.get() + " "
                + lastClosedHold + "\n";
        return ascii("HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** One request after the other of a connection; the bytes are kept, nothing is understood that need not be. */
    private static final class Request {

        private static final byte[] HEAD_END = ascii("\r\n\r\n");
        private static final byte[] LAST_CHUNK = ascii("0\r\n\r\n");
        private static final byte[] LENGTH = ascii("\r\ncontent-length:");
        private static final byte[] CHUNKED = ascii("\r\ntransfer-encoding: chunked");

        private byte[] bytes = new byte[4_096];
        private int limit;

        /** Whether there was another request. */
        boolean read(InputStream in) throws IOException {
            limit = 0;
            int head;
            int looked = 0;
            while ((head = indexOf(HEAD_END, looked, false)) < 0) {
                looked = Math.max(0, limit - 3);
                if (!fill(in)) {
                    return false;
                }
            }
            int bodyStart = head + 4;
            int length = indexOf(LENGTH, 0, true);
            if (length >= 0 && length < head) {
                int end = bodyStart + number(length + LENGTH.length);
                while (limit < end) {
                    if (!fill(in)) {
                        return false;
                    }
                }
            } else if (indexOf(CHUNKED, 0, true) >= 0) {
                while (indexOf(LAST_CHUNK, Math.max(bodyStart, limit - 5), false) < 0) {
                    if (!fill(in)) {
                        return false;
                    }
                }
            }
            return true;
        }

        private boolean fill(InputStream in) throws IOException {
            if (limit == bytes.length) {
                bytes = Arrays.copyOf(bytes, limit * 2);
            }
            int read = in.read(bytes, limit, bytes.length - limit);
            limit += Math.max(0, read);
            return read >= 0;
        }

        boolean isGet() {
            return bytes[0] == 'G';
        }

        int length() {
            return limit;
        }

        Scenario scenario() throws IOException {
            int start = indexOf(ascii("/"), 0, false) + 1;
            int end = indexOf(ascii("/"), start, false);
            try {
                return Scenario.of(new String(bytes, start, end - start, StandardCharsets.US_ASCII));
            } catch (IllegalArgumentException unknown) {
                throw new IOException("no such scenario", unknown);
            }
        }

        boolean contains(byte[] wanted) {
            return indexOf(wanted, 0, false) >= 0;
        }

        boolean containsIgnoringCase(byte[] wanted) {
            return indexOf(wanted, 0, true) >= 0;
        }

        private int number(int from) {
            int i = from;
            while (bytes[i] == ' ') {
                i++;
            }
            int number = 0;
            for (; bytes[i] >= '0' && bytes[i] <= '9'; i++) {
                number = number * 10 + bytes[i] - '0';
            }
            return number;
        }

        private int indexOf(byte[] wanted, int from, boolean ignoreCase) {
            for (int i = from; i <= limit - wanted.length; i++) {
                int k = 0;
                while (k < wanted.length && same(bytes[i + k], wanted[k], ignoreCase)) {
                    k++;
                }
                if (k == wanted.length) {
                    return i;
                }
            }
            return -1;
        }

        private static boolean same(byte found, byte wanted, boolean ignoreCase) {
            return found == wanted || ignoreCase && found >= 'A' && found <= 'Z' && found + 32 == wanted;
        }
    }
}
