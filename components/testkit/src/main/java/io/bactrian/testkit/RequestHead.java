package io.bactrian.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The request line and headers, parsed as far as a test server needs. */
record RequestHead(byte[] bytes, String method, String target, List<Header> headers) {

    static RequestHead parse(byte[] bytes) {
        String[] lines = new String(bytes, ISO_8859_1).split("\r\n", -1);
        String[] words = lines[0].split(" ", 3);
        List<Header> headers = new ArrayList<>();
        for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
            int colon = lines[i].indexOf(':');
            headers.add(
                    colon < 0
                            ? new Header(lines[i], "")
                            : new Header(
                                    lines[i].substring(0, colon),
                                    lines[i].substring(colon + 1).strip()));
        }
        return new RequestHead(bytes, words[0], words.length > 1 ? words[1] : "", headers);
    }

    boolean chunked() {
        return values("Transfer-Encoding").stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("chunked"));
    }

    int contentLength() {
        return values("Content-Length").stream()
                .findFirst()
                .map(Integer::parseInt)
                .orElse(0);
    }

    boolean expectsContinue() {
        return values("Expect").stream().anyMatch(value -> value.equalsIgnoreCase("100-continue"));
    }

    boolean asksToClose() {
        return values("Connection").stream().anyMatch(value -> value.equalsIgnoreCase("close"));
    }

    private List<String> values(String name) {
        return headers.stream()
                .filter(header -> header.named(name))
                .map(Header::value)
                .toList();
    }
}
