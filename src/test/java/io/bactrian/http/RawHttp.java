package io.bactrian.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A client that sends exactly what it is told, which a proper one would refuse to. */
public final class RawHttp implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    public RawHttp(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** An answer. */
    public record Answer(int status, List<String> headers, String body) {

        public Optional<String> header(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            return headers.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                    .map(line -> line.substring(prefix.length()).strip())
                    .findFirst();
        }
    }

    /** A request without a body. */
    public static Answer get(int port, String target, String... headers) throws IOException {
        return send(port, "GET", target, "", headers);
    }

    /** A request with a body. */
    public static Answer post(int port, String target, String body, String... headers) throws IOException {
        return send(port, "POST", target, body, headers);
    }

    private static Answer send(int port, String method, String target, String body, String... headers)
            throws IOException {
        try (RawHttp client = new RawHttp(port)) {
            client.write(head(port, method, target, body, headers) + body);
            return client.answer();
        }
    }

    /** The head of a request; Host is added unless it is among the headers. */
    public static String head(int port, String method, String target, String body, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        List<String> all = new ArrayList<>(List.of(headers));
        if (all.stream().noneMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("host:"))) {
            all.add("Host: 127.0.0.1:" + port);
        }
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        if (length > 0) {
            all.add("Content-Length: " + length);
        }
        all.add("Connection: close");
        all.forEach(line -> head.append(line).append("\r\n"));
        return head.append("\r\n").toString();
    }

    public RawHttp write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
        return this;
    }

    /** One line, without its end. */
    public String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** The status line and the headers. */
    public Answer answerHead() throws IOException {
        String status = line();
        List<String> headers = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            headers.add(line);
        }
        return new Answer(Integer.parseInt(status.split(" ")[1]), headers, "");
    }

    /** The whole answer, until the server closes. */
    public Answer answer() throws IOException {
        Answer head = answerHead();
        String rest = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        boolean chunked = head.header("Transfer-Encoding").isPresent();
        return new Answer(head.status(), head.headers(), chunked ? unchunked(rest) : rest);
    }

    /** The next chunk of a chunked body; empty at its end. */
    public String chunk() throws IOException {
        int length = Integer.parseInt(line(), 16);
        byte[] bytes = in.readNBytes(length);
        line();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** So many bytes of the body, as Latin-1; fewer at its end. */
    public String bytes(int count) throws IOException {
        return new String(in.readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    private static String unchunked(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        int at = 0;
        while (at < bytes.length) {
            int end = at;
            while (bytes[end] != '\r') {
                end++;
            }
            int length = Integer.parseInt(new String(bytes, at, end - at, StandardCharsets.US_ASCII), 16);
            whole.write(bytes, end + 2, length);
            at = end + 2 + length + 2;
        }
        return whole.toString(StandardCharsets.UTF_8);
    }

    /** Goes away without a word. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
