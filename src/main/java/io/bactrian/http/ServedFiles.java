package io.bactrian.http;

import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.FileUrls;
import io.bactrian.core.file.UploadNonces;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * The files that signed links lead to, and those that tickets bring.
 *
 * @param store where they are
 * @param urls tells the links and tickets that hold
 * @param nonces tells the tickets that were used
 * @param enabled whether a tenant is there and may be served; may block
 * @param clock tells how long answers may be kept
 */
public record ServedFiles(
        FileStore store, FileUrls urls, UploadNonces nonces, Predicate<TenantId> enabled, Clock clock) {

    Instant now() {
        return clock.instant();
    }
}
