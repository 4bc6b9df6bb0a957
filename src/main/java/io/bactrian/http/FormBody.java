package io.bactrian.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A body that is declared to be a form. {@code curl -d} declares whatever it sends to be one, JSON and plain questions
 * too; so the bytes are kept, and only what is a form in fact is taken for one.
 */
final class FormBody {

    private static final String KEY = FormBody.class.getName();
    private static final String DECLARED = "application/x-www-form-urlencoded";

    // the characters that are left when a form has been encoded (URL standard, §5.2)
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9*._+%~\\[\\]-]+=[^\\s{}\"<>]*(&[^\\s{}\"<>]*)*");
    private static final int MOST_FIELDS = 1_000;

    private FormBody() {}

    /** Whether a request declares its body to be a form. */
    static boolean declared(RoutingContext context) {
        String type = context.request().getHeader("Content-Type");
        return type != null && type.toLowerCase(Locale.ROOT).strip().startsWith(DECLARED);
    }

    /** Reads the body's bytes up to a limit, then goes on. */
    static Handler<RoutingContext> reader(int limit) {
        return context -> {
            Buffer body = Buffer.buffer();
            context.request()
                    .handler(part -> {
                        if (body.length() + part.length() > limit) {
                            context.request().handler(null).endHandler(null);
                            context.fail(413);
                            return;
                        }
                        body.appendBuffer(part);
                    })
                    .endHandler(end -> {
                        context.put(KEY, body);
                        context.next();
                    })
                    .resume();
        };
    }

    /** The body as text; null if none was read here. */
    static @Nullable String text(RoutingContext context) {
        Buffer body = context.get(KEY);
        return body == null ? null : body.toString(StandardCharsets.UTF_8);
    }

    /** Whether a text is an encoded form. */
    static boolean isForm(String text) {
        return FORM.matcher(text).matches();
    }

    /** The fields of an encoded form, with their values in order. */
    static Map<String, List<String>> fields(String text) {
        return new QueryStringDecoder(text, StandardCharsets.UTF_8, false, MOST_FIELDS).parameters();
    }
}
