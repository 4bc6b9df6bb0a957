package io.bactrian.core.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What tickets say and which hold. What comes of them over the wire is tested with the HTTP surface. */
class UploadTicketsTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final UserId ANN = new UserId("ann");
    private static final Instant NOW = Instant.ofEpochSecond(1_772_446_272);
    private static final SigningKey KEY = SigningKey.of("k1", new byte[SigningKey.BYTES]);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final NewUpload PICTURE = new NewUpload("x.png", "image/png", 1_000, MINUTE);

    private final FileUrls urls = at(NOW, SigningKeys.of(KEY));

    private static FileUrls at(Instant now, SigningKeys keys) {
        return new FileUrls(keys, Clock.fixed(now, ZoneOffset.UTC), FileUrlSettings.USUAL, new SecureRandom());
    }

    private static Caller caller(TenantId tenant, @Nullable UserId user) {
        return new Caller(tenant, user, null, null, InvokeSource.ROUTE, 0, new RequestId("r"), Deadline.in(MINUTE));
    }

    private String ticket() {
        return urls.uploadTicket(caller(ACME, ANN), PICTURE);
    }

    private static Optional<UploadGrant> verified(FileUrls by, String method, String ticket) {
        int mark = ticket.indexOf('?');
        return by.verifyUpload(method, ticket.substring(0, mark), ticket.substring(mark + 1));
    }

    private static void refused(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOfSatisfying(BadRequestException.class, error -> assertThat(error.code())
                .isEqualTo(code));
    }

    @Test
    void grantsWhatItHasSigned() {
        String ticket = ticket();

        assertThat(ticket).startsWith("/files/upload/acme?exp=1772446332&max=1000&name=eC5wbmc&nonce=");
        for (String method : List.of("PUT", "POST")) {
            assertThat(verified(urls, method, ticket)).hasValueSatisfying(grant -> {
                assertThat(grant.tenant()).isEqualTo(ACME);
                assertThat(grant.owner()).isEqualTo(ANN);
                assertThat(grant.name()).isEqualTo("x.png");
                assertThat(grant.mimeType()).isEqualTo("image/png");
                assertThat(grant.maxSize()).isEqualTo(1_000);
                assertThat(grant.expiresAt()).isEqualTo(NOW.plus(MINUTE));
                assertThat(grant.nonce()).matches("[0-9a-f]{32}");
            });
        }
        assertThat(verified(urls, "PUT", urls.uploadTicket(caller(ACME, null), PICTURE)))
                .hasValueSatisfying(grant -> assertThat(grant.owner()).isNull());
    }

    @Test
    void tellsTicketsForTheSameFileApart() {
        assertThat(verified(urls, "PUT", ticket()).orElseThrow().nonce())
                .isNotEqualTo(verified(urls, "PUT", ticket()).orElseThrow().nonce());
    }

    @Test
    @DisplayName("SIGN-01: the order of parameters counts for nothing, and all else of them counts")
    void holdsUnchangedAlone() {
        String ticket = ticket();
        int mark = ticket.indexOf('?');
        String path = ticket.substring(0, mark);
        List<String> pairs = new ArrayList<>(List.of(ticket.substring(mark + 1).split("&")));
        Collections.reverse(pairs);
        assertThat(urls.verifyUpload("PUT", path, String.join("&", pairs))).isPresent();

        for (int i = 0; i < pairs.size(); i++) {
            List<String> without = new ArrayList<>(pairs);
            String pair = without.remove(i);
            assertThat(urls.verifyUpload("PUT", path, String.join("&", without)))
                    .as("without %s", pair)
                    .isEmpty();
            for (String other :
                    List.of(pair + "0", pair + "=", pair.toUpperCase(java.util.Locale.ROOT), pair + "%20")) {
                List<String> changed = new ArrayList<>(pairs);
                changed.set(i, other);
                assertThat(urls.verifyUpload("PUT", path, String.join("&", changed)))
                        .as(other)
                        .isEmpty();
            }
        }
        for (String wrong : List.of(
                "/files/upload/globex",
                "/files/upload/acme/",
                "/files/upload/",
                "/files/acme",
                "/files/upload/acme%2f",
                "/files/upload/Acme",
                "/files/upload/acme-")) {
            assertThat(urls.verifyUpload("PUT", wrong, ticket.substring(mark + 1)))
                    .as(wrong)
                    .isEmpty();
        }
        assertThat(urls.verifyUpload("PUT", path, null)).isEmpty();
    }

    @Test
    @DisplayName("SIGN-02: nothing is there twice, and nothing else is")
    void refusesParametersTwiceAndOthers() {
        String ticket = ticket();
        for (String more :
                List.of("&max=1000", "&max=9000", "&user=YW5u", "&max[]=9000", "&as_attachment=true", "&", "&x")) {
            assertThat(verified(urls, "PUT", ticket + more)).as(more).isEmpty();
        }
        String ofNobody = urls.uploadTicket(caller(ACME, null), PICTURE);
        assertThat(verified(urls, "PUT", ofNobody + "&user=")).isEmpty();
    }

    @Test
    @DisplayName("SIGN-03: a ticket is for PUT and POST")
    void holdsForItsMethods() {
        for (String method : List.of("GET", "HEAD", "DELETE", "PATCH", "OPTIONS", "put", "")) {
            assertThat(verified(urls, method, ticket())).as(method).isEmpty();
        }
    }

    @Test
    @DisplayName("SIGN-04: no link opens an upload, and no ticket a file")
    void keepsTicketsAndLinksApart() {
        StoredFile file = new StoredFile(
                new FileId("0".repeat(32)), ACME, null, null, "x.png", "image/png", 1, "0".repeat(64), NOW, null);
        String ticket = ticket();
        String query = ticket.substring(ticket.indexOf('?') + 1);
        for (FileDisposition disposition : FileDisposition.values()) {
            String link = urls.sign(caller(ACME, null), file, disposition);
            String linkQuery = link.substring(link.indexOf('?') + 1);
            for (String method : List.of("GET", "HEAD", "PUT", "POST")) {
                assertThat(verified(urls, method, link)).isEmpty();
                assertThat(urls.verifyUpload(method, "/files/upload/acme", linkQuery))
                        .isEmpty();
                assertThat(urls.verify(method, urls.path(file), query)).isEmpty();
                assertThat(urls.verify(method, "/files/upload/acme", query)).isEmpty();
            }
        }
    }

    @Test
    @DisplayName("SIGN-05: a ticket holds until its moment, and for a day at most")
    void expires() {
        String ticket = ticket();
        SigningKeys keys = SigningKeys.of(KEY);

        assertThat(verified(at(NOW.plusSeconds(59), keys), "PUT", ticket)).isPresent();
        assertThat(verified(at(NOW.plusSeconds(60), keys), "PUT", ticket)).isEmpty();
        // somebody's clock was far ahead
        assertThat(verified(at(NOW.minus(Duration.ofDays(2)), keys), "PUT", ticket))
                .isEmpty();
    }

    @Test
    @DisplayName("SIGN-06: a name is signed and sent as it is, and made harmless when the file is stored")
    void carriesAnyName() {
        String evil = "../a/b\r\nX: y\u202egnp.exe";
        String ticket = urls.uploadTicket(caller(ACME, null), new NewUpload(evil, "image/png", 10, MINUTE));

        assertThat(ticket).matches("[A-Za-z0-9/?=&_-]+");
        UploadGrant grant = verified(urls, "PUT", ticket).orElseThrow();
        assertThat(grant.name()).isEqualTo(evil);
        MemoryFiles files = new MemoryFiles(Clock.systemUTC(), new SecureRandom(), 100, 100, null);
        assertThat(files.put(ACME, grant.file(), new byte[1]).name()).doesNotContain("/", "\r", "\n", "\u202e", "..");
    }

    @Test
    @DisplayName("SIGN-07: an older key's tickets hold until it is retired")
    void holdsWhileItsKeyDoes() {
        String ticket = ticket();
        SigningKey next = SigningKey.of("k2", new byte[SigningKey.BYTES]);

        assertThat(verified(at(NOW, SigningKeys.of(next, KEY)), "PUT", ticket)).isPresent();
        assertThat(verified(at(NOW, SigningKeys.of(next)), "PUT", ticket)).isEmpty();
        assertThat(verified(at(NOW, SigningKeys.of(next, KEY)), "PUT", ticket.replace("kid=k1", "kid=k2")))
                .isEmpty();
    }

    @Test
    void refusesWhatNoTicketCanSay() {
        refused(ErrorCode.INVALID_PARAM, () -> new NewUpload(" ", "image/png", 1, MINUTE));
        refused(ErrorCode.INVALID_PARAM, () -> new NewUpload("x".repeat(256), "image/png", 1, MINUTE));
        refused(ErrorCode.INVALID_PARAM, () -> new NewUpload("x", "image/png; a=b", 1, MINUTE));
        refused(ErrorCode.INVALID_PARAM, () -> new NewUpload("x", "png", 1, MINUTE));
        refused(ErrorCode.INVALID_PARAM, () -> new NewUpload("x", "image/png", 0, MINUTE));
        refused(ErrorCode.INVALID_PARAM, () -> new NewUpload("x", "image/png", (1L << 40) + 1, MINUTE));
        refused(ErrorCode.INVALID_PARAM, () -> new NewUpload("x", "image/png", 1, Duration.ZERO));
        refused(
                ErrorCode.INVALID_PARAM,
                () -> new NewUpload("x", "image/png", 1, Duration.ofHours(1).plusSeconds(1)));
        NewUpload longest = new NewUpload("\u20ac".repeat(255), "image/png", 1L << 40, Duration.ofHours(1));
        Caller named = caller(ACME, new UserId("\u20ac".repeat(256)));
        assertThat(verified(urls, "PUT", urls.uploadTicket(named, longest))).isPresent();
    }

    @Test
    @DisplayName("SIGN-08: what is declared has to be what the ticket is for")
    void checksWhatIsDeclared() {
        UploadGrant grant = verified(urls, "PUT", ticket()).orElseThrow();

        grant.check("image/png", 1_000);
        grant.check("Image/PNG; charset=x", -1);
        refused(ErrorCode.REQUEST_TOO_LARGE, () -> grant.check("image/png", 1_001));
        for (String other : Arrays.asList(null, "", "image/jpeg", "image/png,image/png", "text/html")) {
            refused(ErrorCode.UNSUPPORTED_MEDIA_TYPE, () -> grant.check(other, 10));
        }
    }

    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private static InputStream endless(byte[] beginning) {
        return new InputStream() {
            private long at;

            @Override
            public int read() {
                if (at > 1_000_000) {
                    throw new AssertionError("read on beyond every limit");
                }
                return at < beginning.length ? beginning[(int) at++] & 0xff : (int) (at++ & 0x7f);
            }
        };
    }

    @Test
    @DisplayName("SIGN-08: content is cut off where the ticket ends, and refused where it is another kind")
    void checksWhatComes() throws IOException {
        UploadGrant small = verified(urls, "PUT", ticket()).orElseThrow();
        refused(ErrorCode.REQUEST_TOO_LARGE, () -> small.checked(endless(PNG)).readAllBytes());
        String large = urls.uploadTicket(caller(ACME, null), new NewUpload("x.png", "image/png", 100_000, MINUTE));
        UploadGrant grant = verified(urls, "PUT", large).orElseThrow();
        refused(ErrorCode.REQUEST_TOO_LARGE, () -> grant.checked(endless(PNG)).readAllBytes());
        byte[] page = "<!doctype html><script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);
        refused(ErrorCode.UNSUPPORTED_MEDIA_TYPE, () -> grant.checked(endless(page))
                .readAllBytes());

        byte[] whole = Arrays.copyOf(PNG, 100_000);
        whole[99_999] = 7;
        assertThat(grant.checked(new ByteArrayInputStream(whole)).readAllBytes())
                .isEqualTo(whole);
        InputStream single = grant.checked(new ByteArrayInputStream(PNG));
        assertThat(single.read()).isEqualTo(0x89);
        assertThat(single.readAllBytes()).hasSize(7);
        assertThat(single.read()).isEqualTo(-1);
    }
}
