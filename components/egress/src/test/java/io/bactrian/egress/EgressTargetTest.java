package io.bactrian.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.bactrian.core.error.ErrorCode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressTargetTest {

    private final EgressPolicy strict = EgressPolicy.strict();

    @DisplayName("SSRF-02: refuses every other spelling of an address")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.1",
                "2130706433",
                "0x7f.1",
                "0x7f000001",
                "0177.0.0.1",
                "127.0.0.1.",
                "8.8.8.8.",
                "0",
                "0x",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "1.2.3.999999",
                "a.0x1",
                "example.123",
                "[127.0.0.1]",
                "[::1%25lo]",
                "[fe80::1%eth0]",
                "[1::2::3]",
                "[]",
                "\uff11\uff12\uff17.0.0.1",
                "127\u30020\u30020\u30021",
                "\u2460.0.0.1",
                "\uff4cocalhost"
            })
    void refusesUnusualHosts(String host) {
        Failing.refused("host_form", () -> EgressTarget.parse("https://" + host + "/"));
    }

    @DisplayName("SSRF-02: what is well formed and local is refused by the policy")
    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::1]", "[::]", "0.0.0.0", "169.254.169.254"})
    void refusesLocalLiterals(String host) {
        EgressTarget target = EgressTarget.parse("https://" + host + "/");

        Failing.refused("private_address", () -> strict.check(target));
    }

    @DisplayName("SSRF-08: refuses what two parsers may read in two ways")
    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            value = {
                "https://good@evil/ -> user_info",
                "https://user:pass@good.com/ -> user_info",
                "https://good.com\\@evil/ -> url_form",
                "https://good.com\\.evil/ -> url_form",
                "https://good.com%00.evil/ -> host_form",
                "https://good.com%2eevil/ -> host_form",
                "'https://good.com\t/' -> url_form",
                "https://good.com/%zz -> url_form",
                "https://good.com/a b -> url_form",
                "https://good.com/#frag -> url_form",
                "https://good.com#@evil/ -> url_form",
                "https:/good.com -> url_form",
                "https:good.com -> url_form",
                "https:///path -> host_form",
                "https://:443/ -> host_form",
                "https://a_b.com/ -> host_form",
                "https://-a.com/ -> host_form",
                "https://a..com/ -> host_form",
                "https://*.com/ -> host_form",
                "//good.com/ -> scheme",
                "good.com -> scheme",
                "file:///etc/passwd -> scheme",
                "jar:https://good.com/a.jar!/ -> scheme",
                "gopher://good.com/ -> scheme",
                "ftp://good.com/ -> scheme",
                "javascript:alert(1) -> scheme",
                "data:text/plain,x -> scheme"
            })
    void refusesMalformed(String url, String rule) {
        Failing.refused(rule, () -> EgressTarget.parse(url));
    }

    @DisplayName("SSRF-08: refuses white space and controls anywhere")
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\t", "\0", " ", "\u007f"})
    void refusesControls(String control) {
        Failing.refused("url_form", () -> EgressTarget.parse("https://good.com/" + control));
        Failing.refused("url_form", () -> EgressTarget.parse("https://go" + control + "od.com/"));
        Failing.refused("url_form", () -> EgressTarget.parse(control + "https://good.com/"));
    }

    @DisplayName("SSRF-09: refuses ports that are none")
    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "99999", "-1", "+443", "0443", "", "4 43", "\uff14\uff14\uff13", "443x"})
    void refusesNoPorts(String port) {
        Failing.with(ErrorCode.EGRESS_DENIED, () -> EgressTarget.parse("https://good.com:" + port + "/"));
    }

    @DisplayName("SSRF-09: refuses ports that are not open")
    @ParameterizedTest
    @ValueSource(ints = {22, 25, 6379, 8443, 1, 65535})
    void refusesShutPorts(int port) {
        EgressTarget target = EgressTarget.parse("https://good.com:" + port + "/");

        assertThat(Failing.refused("port", () -> strict.check(target))).hasMessageContaining(EgressPolicy.SETTING);
    }

    @DisplayName("SSRF-10: a name is not an address because of its first letters")
    @ParameterizedTest
    @ValueSource(
            strings = {"fcbarcelona.com", "fdic.gov", "fe80.com", "10.example.com", "127.0.0.1.nip.io", "0x7f.example"})
    void allowsNames(String host) {
        assertThatCode(() -> strict.check(EgressTarget.parse("https://" + host + "/")))
                .doesNotThrowAnyException();
    }

    @DisplayName("Metadata names are refused before anybody resolves them")
    @ParameterizedTest
    @ValueSource(strings = {"metadata.google.internal", "METADATA.google.internal.", "metadata", "instance-data"})
    void refusesMetadataNames(String host) {
        EgressTarget target = EgressTarget.parse("https://" + host + "/computeMetadata/v1/");

        Failing.refused("metadata", () -> strict.check(target));
    }

    @DisplayName("SSRF-02: an IPv6 address stands in brackets")
    @ParameterizedTest
    @ValueSource(strings = {"::1", "[::1", "::1]", "fe80::1", "[::1]x", "[::1]:"})
    void refusesBareSix(String host) {
        Failing.with(ErrorCode.EGRESS_DENIED, () -> EgressTarget.parse("https://" + host + "/"));
    }

    @Test
    void keepsHostPortAndPath() {
        EgressTarget target = EgressTarget.parse("HTTPS://Api.Example.COM.:8443/v1/a%20b?x=1&y=%2f");

        assertThat(target.scheme()).isEqualTo("https");
        assertThat(target.host()).isEqualTo("api.example.com");
        assertThat(target.port()).isEqualTo(8443);
        assertThat(target.pathAndQuery()).isEqualTo("/v1/a%20b?x=1&y=%2f");
        assertThat(target.hostHeader().getValue()).isEqualTo("api.example.com:8443");
        assertThat(target).hasToString("https://api.example.com:8443");
    }

    @Test
    void fillsInPortAndPath() {
        assertThat(EgressTarget.parse("http://example.com").port()).isEqualTo(80);
        assertThat(EgressTarget.parse("https://example.com").port()).isEqualTo(443);
        assertThat(EgressTarget.parse("https://example.com?q").pathAndQuery()).isEqualTo("/?q");
        assertThat(EgressTarget.parse("https://example.com").pathAndQuery()).isEqualTo("/");
        assertThat(EgressTarget.parse("https://example.com:443").hostHeader().getValue())
                .isEqualTo("example.com");
    }

    @Test
    void turnsOtherLettersIntoAscii() {
        assertThat(EgressTarget.parse("https://B\u00fccher.example/").host()).isEqualTo("xn--bcher-kva.example");
    }

    @Test
    void readsMappedAddressesAsWhatTheyAre() {
        assertThat(EgressTarget.parse("https://[::ffff:8.8.8.8]/").host()).isEqualTo("8.8.8.8");
        assertThat(EgressTarget.parse("https://[FD00::1]:8443/").host()).isEqualTo("fd00:0:0:0:0:0:0:1");
    }

    @Test
    void anotherPathKeepsTheCheckedHost() {
        EgressTarget base = EgressTarget.parse("https://api.example.com/v1");

        EgressTarget other = base.withPath("/v1/models/a:generate?alt=sse");

        assertThat(other.pathAndQuery()).isEqualTo("/v1/models/a:generate?alt=sse");
        assertThat(other.sameAuthority(base)).isTrue();
        Failing.refused("url_form", () -> base.withPath("evil.com/"));
        Failing.refused("url_form", () -> base.withPath("/a\r\nHost: evil"));
        Failing.refused("url_form", () -> base.withPath("/a#b"));
    }
}
