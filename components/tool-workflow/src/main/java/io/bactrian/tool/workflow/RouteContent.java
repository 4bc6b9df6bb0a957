package io.bactrian.tool.workflow;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.file.NewFile;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tool.ToolErrors;
import io.bactrian.core.tool.ToolInvokeMessage;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;
import org.apache.camel.util.FileUtil;
import org.jspecify.annotations.Nullable;

/** Reads bodies that are text or bytes. Bytes become files, the caller's own. */
final class RouteContent {

    private static final int MOST_CHARACTERS = 16_000_000;

    private final RouteTool tool;
    private final Caller caller;
    private final Exchange exchange;

    RouteContent(RouteTool tool, Caller caller, Exchange exchange) {
        this.tool = tool;
        this.caller = caller;
        this.exchange = exchange;
    }

    /** Whether a body is text, or of a kind that Camel makes text of for good, such as a DOM document. */
    boolean isText(Object body) {
        if (body instanceof CharSequence || body instanceof Reader) {
            return true;
        }
        return !isBytes(body) && !RouteJson.isStructure(body) && isOthersText(body);
    }

    private boolean isOthersText(Object body) {
        String type = body.getClass().getName();
        boolean plain = type.startsWith("java.") || body.getClass().isEnum() || type.startsWith("io.bactrian.");
        // any object can be made text by its toString, which is no result
        return !plain && exchange.getContext().getTypeConverterRegistry().lookup(String.class, body.getClass()) != null;
    }

    /** The text of such a body. */
    String text(Object body) {
        if (body instanceof CharSequence text) {
            return text.toString();
        }
        rewind(body);
        if (body instanceof Reader reader) {
            return read(reader);
        }
        String text = exchange.getContext().getTypeConverter().tryConvertTo(String.class, exchange, body);
        if (text == null) {
            throw ToolErrors.failed("the route of " + tool.name() + " left a "
                    + body.getClass().getName() + " on the body, which could not be read as text");
        }
        return text;
    }

    private String read(Reader reader) {
        StringBuilder text = new StringBuilder();
        char[] buffer = new char[8_192];
        try (reader) {
            for (int got = reader.read(buffer); got >= 0; got = reader.read(buffer)) {
                text.append(buffer, 0, got);
                if (text.length() > MOST_CHARACTERS) {
                    throw new ProtocolException(
                            ErrorCode.RESPONSE_TOO_LARGE,
                            "the route of " + tool.name() + " left more than " + MOST_CHARACTERS + " characters");
                }
            }
        } catch (IOException e) {
            throw RouteFailures.of(e, tool.name());
        }
        return text.toString();
    }

    /** Whether a body is bytes, or a file in Java's sense. */
    boolean isBytes(Object body) {
        return body instanceof byte[]
                || body instanceof InputStream
                || body instanceof ByteBuffer
                || body instanceof File
                || body instanceof Path
                || body instanceof WrappedFile<?>
                || body instanceof StreamCache && !(body instanceof Reader);
    }

    /** The message of such a body. */
    ToolInvokeMessage bytes(Object body) {
        String mimeType = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, String.class);
        String name = name(body);
        if (body instanceof byte[] bytes) {
            return new ToolInvokeMessage.Blob(bytes, new ToolInvokeMessage.Meta(mimeType, name));
        }
        rewind(body);
        // into the store as they come: a file may be larger than anybody wants to hold
        try (InputStream stream = exchange.getContext()
                .getTypeConverter()
                .mandatoryConvertTo(InputStream.class, exchange, body instanceof Path path ? path.toFile() : body)) {
            StoredFile file = tool.files().put(caller.tenant(), NewFile.madeBy(caller, name, mimeType), stream);
            return file.mimeType().toLowerCase(Locale.ROOT).startsWith("image/")
                    ? new ToolInvokeMessage.ImageLink(file)
                    : new ToolInvokeMessage.BinaryLink(file);
        } catch (IOException | org.apache.camel.NoTypeConversionAvailableException e) {
            throw RouteFailures.of(e, tool.name());
        }
    }

    private @Nullable String name(Object body) {
        String given = exchange.getMessage().getHeader(Exchange.FILE_NAME, String.class);
        if (given != null && !given.isBlank()) {
            return FileUtil.stripPath(given);
        }
        if (body instanceof File file) {
            return file.getName();
        }
        Path last = body instanceof Path path ? path.getFileName() : null;
        return last == null ? null : last.toString();
    }

    private static void rewind(Object body) {
        if (body instanceof StreamCache cache) {
            cache.reset();
        }
    }

    /**
     * A stored file that the route names.
     *
     * @throws io.bactrian.core.error.InvokeException if it is not the caller's to have: a tool gives nobody another's file
     */
    StoredFile own(StoredFile file) {
        if (!file.visibleTo(caller)) {
            throw ToolErrors.failed("the route of " + tool.name() + " left a file that is not the caller's to have");
        }
        return file;
    }
}
