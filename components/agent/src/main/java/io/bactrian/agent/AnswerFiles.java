package io.bactrian.agent;

import io.bactrian.core.file.FileDisposition;
import io.bactrian.core.file.FileUrls;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.support.BactrianEngine;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Writes the files of an answer, each with a link that is signed whenever the answer is written. Only files that its caller may
 * have get into a result: whoever has the answer may have them.
 */
final class AnswerFiles {

    /** Files by their ids alone. */
    static final AnswerFiles WITHOUT_LINKS = new AnswerFiles(null);

    private static final RequestId REQUEST = new RequestId("links");

    private final @Nullable FileUrls urls;

    private AnswerFiles(@Nullable FileUrls urls) {
        this.urls = urls;
    }

    /** With links of the installation that the exchange is of; without, where Camel converts outside of an exchange. */
    static AnswerFiles of(@Nullable Exchange exchange) {
        return exchange == null
                ? WITHOUT_LINKS
                : new AnswerFiles(BactrianEngine.of(exchange.getContext()).fileUrls());
    }

    JsonObject json(StoredFile file) {
        JsonObject.Builder json = JsonObject.builder()
                .put("id", file.id().value())
                .put("name", file.name())
                .put("mime_type", file.mimeType())
                .put("size", file.size());
        if (urls != null) {
            json.put("url", urls.sign(owner(file), file, FileDisposition.INLINE));
        }
        return json.build();
    }

    private static Caller owner(StoredFile file) {
        return new Caller(
                file.tenant(), file.owner(), null, null, InvokeSource.ROUTE, 0, REQUEST, Deadline.in(Duration.ZERO));
    }
}
