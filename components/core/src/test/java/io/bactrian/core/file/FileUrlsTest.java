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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is signed, and for whom. What holds over the wire is tested with the HTTP surface. */
class FileUrlsTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final UserId ANN = new UserId("ann");
    private static final UserId BOB = new UserId("bob");
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_772_446_272), ZoneOffset.UTC);
    private static final SigningKey KEY = SigningKey.of("k1", new byte[SigningKey.BYTES]);
    private static final FileId ID = new FileId("0123456789abcdef".repeat(2));

    private final FileUrls urls = new FileUrls(SigningKeys.of(KEY), CLOCK, FileUrlSettings.USUAL);

    private static StoredFile file(TenantId tenant, @Nullable UserId owner) {
        return new StoredFile(ID, tenant, owner, null, "x.png", "image/png", 1, "0".repeat(64), CLOCK.instant(), null);
    }

    private static Caller caller(TenantId tenant, @Nullable UserId user) {
        return new Caller(
                tenant,
                user,
                null,
                null,
                InvokeSource.ROUTE,
                0,
                new RequestId("r"),
                Deadline.in(Duration.ofMinutes(1)));
    }

    private static void refused(ErrorCode code, Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(BadRequestException.class, error -> assertThat(error.code())
                        .isEqualTo(code));
    }

    @Test
    void signsALinkOfAFixedForm() {
        String link = urls.sign(caller(ACME, null), file(ACME, null), FileDisposition.ATTACHMENT);

        // made once by hand, of the fields and their lengths: nodes of two versions have to make the same
        assertThat(link)
                .isEqualTo("/files/acme/" + ID + ".png?exp=1772446572&kid=k1&sign="
                        + Expected.signature("acme", ID.value(), ".png", "ATTACHMENT", "1772446572", "k1")
                        + "&as_attachment=true");
    }

    /** The signature, made without the classes under test. */
    private static final class Expected {

        static String signature(String... fields) {
            try {
                java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
                java.io.DataOutputStream out = new java.io.DataOutputStream(bytes);
                out.writeInt(1);
                for (String fixed : List.of("read-file", "GET,HEAD")) {
                    out.writeInt(fixed.length());
                    out.writeBytes(fixed);
                }
                for (String field : fields) {
                    out.writeInt(field.length());
                    out.writeBytes(field);
                }
                javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
                mac.init(new javax.crypto.spec.SecretKeySpec(new byte[32], "HmacSHA256"));
                return java.util.Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(mac.doFinal(bytes.toByteArray()));
            } catch (java.io.IOException | java.security.GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void grantsWhatItHasSigned() {
        String link = urls.sign(caller(ACME, ANN), file(ACME, ANN), FileDisposition.INLINE, Duration.ofHours(1));

        String[] parts = link.split("\\?");
        assertThat(urls.verify("GET", parts[0], parts[1]))
                .contains(new FileGrant(
                        ACME, ID, FileDisposition.INLINE, CLOCK.instant().plus(Duration.ofHours(1))));
        assertThat(urls.verify("HEAD", parts[0], parts[1])).isPresent();
        assertThat(urls.verify("get", parts[0], parts[1])).isEmpty();
        assertThat(urls.verify("GET", parts[0], null)).isEmpty();
        assertThat(urls.verify("GET", parts[0], "")).isEmpty();
        assertThat(urls.verify("GET", "/files/-acme/" + ID + ".png", parts[1])).isEmpty();
        assertThat(urls.verify("GET", "/files/acme-/" + ID + ".png", parts[1])).isEmpty();
    }

    @Test
    @DisplayName("SIGN-10: nobody has links signed to files that are not theirs to have, and learns whether they exist")
    void signsNothingForWhoeverMayNotHaveTheFile() {
        for (Caller other : List.of(caller(ACME, BOB), caller(GLOBEX, ANN), caller(GLOBEX, null))) {
            refused(ErrorCode.FILE_NOT_FOUND, () -> urls.sign(other, file(ACME, ANN), FileDisposition.INLINE));
        }
        refused(
                ErrorCode.FILE_NOT_FOUND,
                () -> urls.sign(caller(GLOBEX, null), file(ACME, null), FileDisposition.INLINE));
        assertThat(urls.sign(caller(ACME, ANN), file(ACME, ANN), FileDisposition.INLINE))
                .isEqualTo(urls.sign(caller(ACME, null), file(ACME, ANN), FileDisposition.INLINE));
    }

    @Test
    void signsForASecondToAnHour() {
        StoredFile file = file(ACME, null);
        for (Duration wrong : List.of(
                Duration.ZERO,
                Duration.ofMillis(999),
                Duration.ofSeconds(-1),
                Duration.ofHours(1).plusSeconds(1))) {
            refused(ErrorCode.INVALID_PARAM, () -> urls.sign(caller(ACME, null), file, FileDisposition.INLINE, wrong));
        }
        assertThat(urls.sign(caller(ACME, null), file, FileDisposition.INLINE, Duration.ofHours(1)))
                .contains("exp=" + (1_772_446_272 + 3_600));
    }

    @Test
    void signsEveryFieldAndTheirBorders() {
        Set<String> signatures = new HashSet<>();
        List<String[]> fields = List.of(
                new String[] {"ab", "c"},
                new String[] {"a", "bc"},
                new String[] {"abc", ""},
                new String[] {"", "abc"},
                new String[] {"abc"},
                new String[] {"ab", "c", ""},
                new String[] {"ab|c"},
                new String[] {"\u00e4", "c"});
        fields.forEach(list ->
                signatures.add(new String(CanonicalForm.of(list), java.nio.charset.StandardCharsets.ISO_8859_1)));

        assertThat(signatures).hasSize(fields.size());
    }

    @Test
    void recognizesItsOwnPathsAndLinksSoThatTheyCanBeSignedAnew() {
        FileReference reference = new FileReference(ACME, ID);
        String path = urls.path(file(ACME, null));
        assertThat(path).isEqualTo("/files/acme/" + ID + ".png");

        for (String known : List.of(
                path,
                path + "?exp=1&kid=k&sign=old",
                "https://files.example.com" + path + "?x=1#y",
                "http://10.0.0.1:8080/bactrian" + path)) {
            assertThat(FileUrls.reference(known)).as(known).contains(reference);
        }
        for (String other : List.of(
                "",
                "x",
                "/files/acme/" + ID,
                "/files/acme/" + ID + ".png/x",
                "/files/acme/" + ID + ".PNG",
                "/files/tools/" + ID + "/x.png",
                "/files/ACME/" + ID + ".png",
                "javascript:alert('" + path + "')",
                "ftp://files.example.com" + path,
                "https://evil.example/?u=" + path,
                "https://evil.example/#" + path,
                "x".repeat(10_000) + path)) {
            assertThat(FileUrls.reference(other)).as(other).isEmpty();
        }
    }

    @Test
    void doesNotPrintAKey() {
        SigningKey key = SigningKey.of(
                "abc", "canary-canary-canary-canary-cana".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

        assertThat(key.toString()).isEqualTo("SigningKey[abc]");
    }

    @Test
    void refusesKeysThatAreNone() {
        for (String id : List.of("", "A", "a b", "x".repeat(33), "a&b=c")) {
            assertThatThrownBy(() -> SigningKey.of(id, new byte[32])).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> SigningKey.of("a", new byte[31])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SigningKeys.of(KEY, SigningKey.of("k1", new byte[32])))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
