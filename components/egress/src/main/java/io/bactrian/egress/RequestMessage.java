package io.bactrian.egress;

import java.io.Serial;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.message.BasicHeader;

/** A request as HttpClient writes it: what frames it, then the caller's headers, and nothing else. */
final class RequestMessage extends BasicClassicHttpRequest {

    @Serial
    private static final long serialVersionUID = 1;

    /** Without it a server may compress as it likes (RFC 9110 §12.5.3), and a compressed bomb is what we refuse (STR-10). */
    private static final Header NO_CODING = new BasicHeader("Accept-Encoding", "identity");

    private static final Header AGENT = new BasicHeader("User-Agent", "Bactrian");
    private static final Header NO_LENGTH = new BasicHeader("Content-Length", "0");

    RequestMessage(EgressRequest request) {
        super(request.method(), (HttpHost) null, request.target().pathAndQuery());
        OutboundHeaders headers = request.headers();
        addHeader(request.target().hostHeader());
        for (Header header : headers.wire()) {
            addHeader(header);
        }
        if (!headers.contains("User-Agent")) {
            addHeader(AGENT);
        }
        addHeader(NO_CODING);
        byte[] body = request.body();
        if (body != null) {
            if (!headers.contains("Content-Type") && !request.contentType().isEmpty()) {
                addHeader(new BasicHeader("Content-Type", request.contentType()));
            }
            addHeader(new BasicHeader("Content-Length", Integer.toString(body.length)));
            setEntity(new ByteArrayEntity(body, null));
        } else if (expectsBody(request.method())) {
            addHeader(NO_LENGTH);
        }
    }

    private static boolean expectsBody(String method) {
        return "POST".equals(method) || "PUT".equals(method) || "PATCH".equals(method);
    }
}
