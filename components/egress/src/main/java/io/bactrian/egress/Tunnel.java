package io.bactrian.egress;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks a proxy for a tunnel (RFC 9110 §9.3.6). */
final class Tunnel {

    private static final int MAX_HEAD = 8_192;

    private Tunnel() {}

    static void open(Socket socket, String authority, String host) throws IOException {
        String request = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String head = head(socket.getInputStream());
        if (!head.matches("HTTP/1\\.[01] 2\\d\\d(?s:[ \\r].*)")) {
            throw new UnavailableException(
                    ErrorCode.CONNECTION_FAILED, "The egress proxy does not open a tunnel to " + host);
        }
    }

    // byte by byte: what follows the head belongs to the other side of the tunnel
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < MAX_HEAD) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
            int end = head.length();
            if (next == '\n' && end >= 4 && head.charAt(end - 3) == '\n') {
                return head.toString();
            }
        }
        return "";
    }
}
