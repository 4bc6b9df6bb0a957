package io.bactrian.http;

import static io.bactrian.http.FileFixture.ACME;
import static io.bactrian.http.FileFixture.GLOBEX;
import static io.bactrian.http.FileFixture.caller;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.file.FileDisposition;
import io.bactrian.core.file.FileId;
import io.bactrian.core.file.NewFile;
import io.bactrian.core.file.SigningKey;
import io.bactrian.core.file.SigningKeys;
import io.bactrian.core.file.StoredFile;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SIGN-*: which links lead to a file, over the wire. */
class FileLinksTest {

    private FileFixture server;
    private StoredFile file;
    private String link;

    @BeforeEach
    void start() throws Exception {
        server = new FileFixture();
        file = server.put("note.txt", "text/plain", "for whoever has the link");
        link = server.link(file);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private void assertServes(String target) throws Exception {
        RawHttp.Answer answer = server.get(target);
        assertThat(answer.status()).as("%s: %s", target, answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("for whoever has the link");
    }

    /** All of them, and all alike. */
    private void assertForbids(List<String> targets) throws Exception {
        Set<String> bodies = new LinkedHashSet<>();
        for (String target : targets) {
            RawHttp.Answer answer = server.get(target);
            assertThat(answer.status()).as("%s: %s", target, answer.body()).isEqualTo(403);
            bodies.add(answer.body());
        }
        assertThat(bodies).hasSize(1);
        assertThat(bodies.iterator().next())
                .contains("\"code\":\"access_denied\"")
                .doesNotContain("for whoever", "acme", file.id().value());
    }

    private String parameter(String name) {
        return link.replaceFirst(".*[?&]" + name + "=([^&]*).*", "$1");
    }

    private String with(String name, String value) {
        return link.replaceFirst("([?&])" + name + "=[^&]*", "$1" + name + "=" + value);
    }

    private List<String> parameters() {
        return new ArrayList<>(
                Arrays.asList(link.substring(link.indexOf('?') + 1).split("&")));
    }

    private String path() {
        return link.substring(0, link.indexOf('?'));
    }

    @Test
    void servesAFileToWhoeverHasItsLink() throws Exception {
        assertThat(link).matches("/files/acme/[0-9a-f]{32}\\.txt\\?exp=[0-9]+&kid=[0-9a-z]+&sign=[A-Za-z0-9_-]{43}");

        assertServes(link);
        // no caller of this machine, and no key: the link is all the right there is
        RawHttp.Answer away = server.get(link, "Host: files.example.com", "X-Forwarded-For: 203.0.113.7");
        assertThat(away.status()).isEqualTo(200);
        RawHttp.Answer wrongKey = server.get(link, "Authorization: Bearer wrong");
        assertThat(wrongKey.status()).isEqualTo(200);
        assertThat(server.server.seen).isEmpty();
    }

    @Test
    void takesNoApiKeyForALink() throws Exception {
        for (String target : List.of(path(), "/files/", "/files", "/files/acme")) {
            RawHttp.Answer answer = server.get(target, "Authorization: Bearer " + HttpFixture.ACME_KEY);
            assertThat(answer.status()).as(target).isEqualTo(403);
        }
        assertThat(server.server.seen).isEmpty();
    }

    @Test
    @DisplayName("SIGN-01: a link with any parameter changed leads nowhere; in another order it is the same link")
    void takesALinkAsItWasMadeInAnyOrder() throws Exception {
        List<String> parameters = parameters();
        Collections.reverse(parameters);
        assertServes(path() + "?" + String.join("&", parameters));
        Collections.swap(parameters, 0, 1);
        assertServes(path() + "?" + String.join("&", parameters));

        String sign = parameter("sign");
        char flipped = sign.charAt(10) == 'A' ? 'B' : 'A';
        long exp = Long.parseLong(parameter("exp"));
        assertForbids(List.of(
                with("exp", Long.toString(exp + 1)),
                with("exp", Long.toString(exp - 1)),
                with("exp", "0" + exp),
                with(
                        "exp",
                        "%3" + Long.toString(exp).substring(0, 1)
                                + Long.toString(exp).substring(1)),
                with("exp", "+" + exp),
                with("exp", exp + "%20"),
                with("exp", exp + ".0"),
                with("kid", parameter("kid").toUpperCase(Locale.ROOT) + "X"),
                with("sign", sign.substring(0, 10) + flipped + sign.substring(11)),
                with("sign", sign.toLowerCase(Locale.ROOT)),
                with("sign", sign.substring(1)),
                with("sign", ""),
                link.replace("exp=", "Exp="),
                link.replace("sign=", "SIGN="),
                link.replace("sign=", "%73ign="),
                link.replace("exp=", "exp%3d"),
                link.replace("&", ";"),
                link.replace("&", "&amp;"),
                link.replace("/acme/", "/acme%2f"),
                link.replace("/acme/", "/%61cme/"),
                link.replace("/acme/", "/ACME/"),
                link.replace("/acme/", "//acme/"),
                link.replace("/acme/", "/./acme/"),
                link.replace("/acme/", "/acme;x=1/"),
                link.replace("?", "/?"),
                link.replace("?", "%3f")));
    }

    @Test
    @DisplayName("SIGN-02: a parameter twice, as an array, or one too many, and the link leads nowhere")
    void takesEachParameterOnceAndNoOthers() throws Exception {
        String exp = "exp=" + parameter("exp");
        assertForbids(List.of(
                link + "&" + exp,
                link + "&exp=1",
                link + "&exp=",
                link.replace("exp=", "exp[]="),
                link.replace("exp=", "exp%5B%5D="),
                link + "&exp[0]=" + parameter("exp"),
                link + "&sign=" + parameter("sign"),
                link + "&x=1",
                link + "&",
                link.replace("?", "?&"),
                link + "&as_attachment=true&as_attachment=true",
                link + "&timestamp=1&nonce=2",
                link + "?" + exp,
                link.replace("&" + exp, "").replace(exp + "&", ""),
                path() + "?" + exp,
                path() + "?",
                path(),
                link + "&padding=" + "x".repeat(5_000)));
    }

    @Test
    @DisplayName("SIGN-03: a link is for GET and HEAD, and for no other method")
    void isForReadingOnly() throws Exception {
        RawHttp.Answer head = server.send("HEAD", link, "");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Length")).contains("24");
        assertThat(head.body()).isEmpty();

        for (String method : List.of("PUT", "DELETE", "POST", "PATCH", "OPTIONS", "PROPFIND", "get")) {
            RawHttp.Answer answer = server.send(method, link, "");
            assertThat(answer.status()).as(method).isIn(403, 400);
            assertThat(answer.body()).doesNotContain("for whoever");
        }
        RawHttp.Answer overridden = server.send("POST", link, "", "X-HTTP-Method-Override: GET");
        assertThat(overridden.status()).isEqualTo(403);
        assertServes(link);
    }

    @Test
    @DisplayName("SIGN-04: a link leads to its own file, as it was to be shown, and to nothing else")
    void leadsToItsOwnFileOnly() throws Exception {
        StoredFile other = server.put("other.txt", "text/plain", "another");
        StoredFile theirs = server.files.put(GLOBEX, NewFile.of("x.txt", "text/plain"), new byte[] {'x'});
        String saved = server.link(file, FileDisposition.ATTACHMENT);
        assertThat(saved).endsWith("&as_attachment=true");
        assertThat(server.get(saved).header("Content-Disposition").orElseThrow())
                .startsWith("attachment;");
        assertThat(server.get(link).header("Content-Disposition").orElseThrow()).startsWith("inline;");

        String query = link.substring(link.indexOf('?'));
        assertForbids(List.of(
                link + "&as_attachment=true",
                link + "&as_attachment=false",
                saved.replace("&as_attachment=true", ""),
                saved.replace("as_attachment=true", "as_attachment=false"),
                saved.replace("as_attachment=true", "as_attachment=TRUE"),
                link.replace(file.id().value(), other.id().value()),
                link.replace("/acme/", "/globex/"),
                server.urls.path(theirs) + query,
                server.urls.path(theirs).replace("/globex/", "/acme/") + query,
                link.replace(".txt", ".html"),
                link.replace(".txt", ""),
                link.replace(".txt", ".TXT"),
                link.replace("/files/", "/files/upload/"),
                link.replace("/files/", "/files/tools/")));
    }

    @Test
    @DisplayName("SIGN-04: the file is looked for with the tenant that the link was signed for")
    void findsNoFileByALinkThatNamesAnotherTenantOfTheSameKey() throws Exception {
        // as somebody with the key would make it
        StoredFile moved = new StoredFile(
                file.id(),
                GLOBEX,
                null,
                null,
                file.name(),
                file.mimeType(),
                file.size(),
                file.sha256(),
                file.createdAt(),
                null);
        assertThat(server.get(server.urls.sign(caller(GLOBEX), moved, FileDisposition.INLINE))
                        .status())
                .isEqualTo(404);
    }

    @Test
    @DisplayName("SIGN-05: a link leads nowhere at its expiry, or if it expires in years")
    void holdsForItsTimeOnly() throws Exception {
        server.clock.now = server.clock.now.plus(Duration.ofMinutes(5)).minusSeconds(1);
        assertServes(link);
        server.clock.now = server.clock.now.plusSeconds(1);
        assertForbids(List.of(link));
        server.clock.now = server.clock.now.plus(Duration.ofDays(1));
        assertForbids(List.of(link));

        // signed with the right key, by somebody's clock
        List<String> far = new ArrayList<>();
        for (Duration ahead : List.of(Duration.ofDays(3_650), Duration.ofHours(2), Duration.ofDays(-1))) {
            Clock theirs = Clock.fixed(server.clock.now.plus(ahead), ZoneOffset.UTC);
            far.add(server.urls(theirs).sign(caller(ACME), file, FileDisposition.INLINE));
        }
        for (String expiry : List.of(
                "-1",
                "0",
                "1e9",
                "0x7fffffff",
                "99999999999999999999",
                "9223372036854775807",
                "999999999999",
                "%D9%A1%D9%A7%D9%A7",
                "\u0661\u0667",
                "NaN",
                "")) {
            far.add(with("exp", expiry));
        }
        assertForbids(far);
    }

    @Test
    @DisplayName("SIGN-05: links hold for an hour at most, and those of a node whose clock is a little ahead too")
    void holdsForAnHourAtMost() throws Exception {
        assertServes(server.urls.sign(caller(ACME), file, FileDisposition.INLINE, Duration.ofHours(1)));
        Clock ahead = Clock.fixed(server.clock.now.plusSeconds(30), ZoneOffset.UTC);
        assertServes(server.urls(ahead).sign(caller(ACME), file, FileDisposition.INLINE, Duration.ofHours(1)));
    }

    @Test
    @DisplayName(
            "SIGN-07: a link of an older key holds until that is retired; one of an unknown key, or of none, never")
    void holdsForAsLongAsItsKey() throws Exception {
        SigningKey old = server.keys.current();
        SigningKey fresh = SigningKey.random(new SecureRandom());
        server.keys = SigningKeys.of(fresh, old);
        assertServes(link);
        String newer = server.link(file);
        assertThat(newer).contains("kid=" + fresh.id());
        assertServes(newer);
        // the signature is of one key and no other
        assertForbids(List.of(
                with("kid", fresh.id()),
                with("kid", "unknown"),
                with("kid", ""),
                link.replace("&kid=" + old.id(), "")));

        server.keys = SigningKeys.of(fresh);

        assertForbids(List.of(link));
        assertServes(newer);
    }

    @Test
    @DisplayName("SIGN-07: a key of the same id that is another key opens nothing")
    void tellsKeysOfOneIdApart() throws Exception {
        byte[] other = new byte[SigningKey.BYTES];
        server.keys = SigningKeys.of(SigningKey.of(server.keys.current().id(), other));

        assertForbids(List.of(link));
    }

    @Test
    @DisplayName("SIGN-08: nothing is uploaded by a link, whatever its size and kind")
    void takesNoUploads() throws Exception {
        for (String method : List.of("POST", "PUT")) {
            RawHttp.Answer answer =
                    server.send(method, link, "x".repeat(100_000), "Content-Type: text/html", "Expect: none");
            assertThat(answer.status()).as(method).isEqualTo(403);
        }
        RawHttp.Answer tooLarge = server.send("POST", link, "", "Content-Length: 999999999");
        assertThat(tooLarge.status()).isEqualTo(413);
        assertThat(server.files.list(ACME, null, null, 10)).containsExactly(file);
        assertServes(link);
    }

    @Test
    @DisplayName("SIGN-09: a link to a file that has gone, or of a tenant that is served no more, finds nothing")
    void findsNothingOnceTheFileHasGone() throws Exception {
        StoredFile shortLived = server.files.put(
                ACME, NewFile.of("x.txt", "text/plain").keptFor(Duration.ofMinutes(1)), new byte[] {'x'});
        String shortLink = server.link(shortLived);
        assertThat(server.get(shortLink).status()).isEqualTo(200);
        server.clock.now = server.clock.now.plusSeconds(61);
        Set<String> bodies = new LinkedHashSet<>();

        bodies.add(notFound(shortLink));
        server.disabled.add(ACME);
        bodies.add(notFound(link));
        server.disabled.clear();
        assertServes(link);
        server.files.remove(ACME, file.id());
        bodies.add(notFound(link));
        StoredFile never = new StoredFile(
                new FileId("0".repeat(32)),
                ACME,
                null,
                null,
                "x.txt",
                "text/plain",
                1,
                file.sha256(),
                file.createdAt(),
                null);
        bodies.add(notFound(server.link(never)));

        assertThat(bodies).hasSize(1);
    }

    private String notFound(String target) throws Exception {
        RawHttp.Answer answer = server.get(target);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).contains("\"code\":\"file_not_found\"");
        assertThat(server.send("HEAD", target, "").status()).isEqualTo(404);
        return answer.body();
    }

    @Test
    @DisplayName("SIGN-11: a signature is taken in one encoding, and in no other of the same bytes")
    void takesASignatureInOneEncoding() throws Exception {
        // one with both characters that the alphabets differ in
        while (!parameter("sign").matches(".*-.*") || !parameter("sign").contains("_")) {
            file = server.put("note.txt", "text/plain", "for whoever has the link");
            link = server.link(file);
        }
        assertServes(link);
        String sign = parameter("sign");
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        // the last character has two bits that say nothing
        char last = sign.charAt(42);
        List<String> variants = new ArrayList<>();
        for (int spare = 1; spare < 4; spare++) {
            variants.add(sign.substring(0, 42) + alphabet.charAt(alphabet.indexOf(last) ^ spare));
        }
        variants.addAll(List.of(
                sign + "=",
                sign + "%3D",
                sign + "==",
                sign.replace('-', '+').replace('_', '/'),
                sign.replace("-", "%2B").replace("_", "%2F"),
                sign.replace("-", "%2D"),
                sign + "%20",
                "%20" + sign,
                sign + "+",
                sign.substring(0, 20) + "%0A" + sign.substring(20),
                sign + "%00",
                sign + "A",
                sign.substring(0, 42)));

        assertForbids(variants.stream().map(variant -> with("sign", variant)).toList());
    }

    @Test
    void leadsNoOneAroundTheGateOfRoutes() throws Exception {
        String query = link.substring(link.indexOf('?'));
        for (String target : List.of(
                "/files/../see",
                "/files/%2e%2e/see",
                "/files/acme/../../see",
                "/files/..%2fsee",
                "/files/acme/..;/..;/see",
                "//files/../see" + query)) {
            RawHttp.Answer answer = server.get(target, "Host: away.example.com");
            assertThat(answer.status()).as(target).isIn(400, 401, 403);
        }
        assertThat(server.server.seen).isEmpty();
    }

    @Test
    void writesNoSignatureIntoAnAnswer() throws Exception {
        RawHttp.Answer answer = server.get(with("exp", "1"));

        assertThat(answer.body() + answer.headers()).doesNotContain(parameter("sign"));
        assertThat(Pattern.compile("sign").matcher(answer.body()).find()).isFalse();
    }
}
