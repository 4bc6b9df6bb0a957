package io.bactrian.egress;

import java.util.Locale;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.util.TimeValue;

/** Whether a connection may serve another call, and for how long. */
final class KeepAlive {

    private KeepAlive() {}

    /** The time to keep it; zero if it may not be kept. */
    static TimeValue of(ClassicHttpRequest request, ClassicHttpResponse response, TimeValue longest) {
        if (response.getVersion() == null) {
            response.setVersion(HttpVersion.HTTP_1_1);
        }
        if (!DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, response, NO_CONTEXT)) {
            return TimeValue.ZERO_MILLISECONDS;
        }
        Header header = response.getFirstHeader("Keep-Alive");
        return header == null || header.getValue() == null ? longest : shorter(header.getValue(), longest);
    }

    // the strategy asks the context for the version only if the response has none
    private static final HttpCoreContext NO_CONTEXT = HttpCoreContext.create();

    private static TimeValue shorter(String header, TimeValue longest) {
        String value = header.toLowerCase(Locale.ROOT);
        int at = value.indexOf("timeout=");
        if (at < 0) {
            return longest;
        }
        int from = at + "timeout=".length();
        int to = from;
        while (to < value.length() && Character.isDigit(value.charAt(to))) {
            to++;
        }
        int seconds = Literals.decimal(value, from, to, 99_999);
        if (seconds < 0) {
            return longest;
        }
        // a second early: a request must not cross the other side's close
        TimeValue said = TimeValue.ofMilliseconds(Math.max(0, seconds * 1_000L - 1_000));
        return said.compareTo(longest) < 0 ? said : longest;
    }
}
