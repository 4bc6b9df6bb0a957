package io.bactrian.http;

import io.bactrian.core.file.FileDisposition;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.FileUrlSettings;
import io.bactrian.core.file.FileUrls;
import io.bactrian.core.file.MemoryFiles;
import io.bactrian.core.file.MemoryUploadNonces;
import io.bactrian.core.file.NewFile;
import io.bactrian.core.file.SigningKey;
import io.bactrian.core.file.SigningKeys;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.file.UploadNonces;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;

/** A server of files, whose time and keys are set by the test. */
final class FileFixture implements AutoCloseable {

    static final TenantId ACME = new TenantId("acme");
    static final TenantId GLOBEX = new TenantId("globex");

    final SetClock clock = new SetClock();
    final Set<TenantId> disabled = ConcurrentHashMap.newKeySet();
    /** How often a ticket was shown that held. */
    final AtomicInteger tickets = new AtomicInteger();

    final FileStore files;
    final HttpFixture server;
    volatile SigningKeys keys = SigningKeys.of(SigningKey.random(new SecureRandom()));
    final FileUrls urls = urls(clock);

    FileFixture() throws Exception {
        this(HttpSettings.onLoopback(0), null);
    }

    FileFixture(HttpSettings settings, @org.jspecify.annotations.Nullable FileStore other) throws Exception {
        files = other == null ? new MemoryFiles(clock, new SecureRandom(), 20_000_000, 60_000_000, null) : other;
        server = new HttpFixture(
                settings,
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("platform-http:/see").process("seen");
                        // a route in the way of files is never reached
                        from("platform-http:/files?matchOnUriPrefix=true").process("seen");
                    }
                },
                new ServedFiles(
                        files,
                        urls,
                        counting(new MemoryUploadNonces(clock)),
                        tenant -> !disabled.contains(tenant),
                        clock));
    }

    private UploadNonces counting(UploadNonces nonces) {
        return (tenant, nonce, expiresAt) -> {
            boolean first = nonces.use(tenant, nonce, expiresAt);
            tickets.incrementAndGet();
            return first;
        };
    }

    /** Links of the same keys, by another clock. */
    FileUrls urls(Clock by) {
        return new FileUrls(new CurrentKeys(), by, FileUrlSettings.USUAL);
    }

    private final class CurrentKeys implements SigningKeys {
        @Override
        public SigningKey current() {
            return keys.current();
        }

        @Override
        public Optional<SigningKey> find(String id) {
            return keys.find(id);
        }
    }

    static Caller caller(TenantId tenant) {
        return new Caller(
                tenant,
                null,
                null,
                null,
                InvokeSource.ROUTE,
                0,
                new RequestId("r"),
                Deadline.in(Duration.ofMinutes(1)));
    }

    StoredFile put(String name, String mimeType, String content) {
        return files.put(ACME, NewFile.of(name, mimeType), content.getBytes(StandardCharsets.UTF_8));
    }

    String link(StoredFile file) {
        return link(file, FileDisposition.INLINE);
    }

    String link(StoredFile file, FileDisposition disposition) {
        return urls.sign(caller(file.tenant()), file, disposition);
    }

    RawHttp.Answer get(String target, String... headers) throws Exception {
        return RawHttp.get(server.port(), target, headers);
    }

    RawHttp.Answer send(String method, String target, String body, String... headers) throws Exception {
        try (RawHttp client = new RawHttp(server.port())) {
            return client.write(RawHttp.head(server.port(), method, target, body, headers) + body)
                    .answer();
        }
    }

    @Override
    public void close() throws Exception {
        server.close();
    }

    /** A clock that is set by hand. */
    static final class SetClock extends Clock {

        volatile Instant now = Instant.parse("2026-03-02T10:11:12Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
