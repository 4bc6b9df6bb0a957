package io.bactrian.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EgressPolicyTest {

    @DisplayName("SSRF-01: refuses metadata services, naming rule and setting but no address of a name")
    @Test
    void refusesPrivateAddressesOfNames() {
        InvokeException refusal = Failing.refused(
                "private_address", () -> reach(EgressPolicy.strict(), "https://intranet.example/", "10.11.12.13"));

        assertThat(refusal).hasMessageContaining("bactrian.egress.allow").hasMessageContaining("intranet.example:443");
        assertThat(refusal.getMessage()).doesNotContain("10.11");
    }

    @DisplayName("SSRF-04: one private address among public ones denies the name")
    @Test
    void refusesMixedNames() {
        Failing.refused(
                "private_address",
                () -> reach(EgressPolicy.strict(), "https://mixed.example/", "93.184.216.34", "127.0.0.1"));
        Failing.refused(
                "private_address",
                () -> reach(EgressPolicy.strict(), "https://mixed.example/", "127.0.0.1", "93.184.216.34"));
    }

    @Test
    void refusesPlainHttp() {
        Failing.refused("scheme", () -> reach(EgressPolicy.strict(), "http://example.com/", "93.184.216.34"));
        assertThatCode(() ->
                        reach(EgressPolicy.builder().allowHttp(true).build(), "http://example.com/", "93.184.216.34"))
                .doesNotThrowAnyException();
    }

    @Test
    void allowsANamedHostOnItsPortByHttp() {
        EgressPolicy policy = EgressPolicy.parse(List.of("localhost:11434"));

        assertThatCode(() -> reach(policy, "http://localhost:11434/api", "127.0.0.1", "::1"))
                .doesNotThrowAnyException();
        Failing.refused("private_address", () -> reach(policy, "https://localhost/", "127.0.0.1"));
        Failing.refused("port", () -> reach(policy, "https://localhost:11435/", "127.0.0.1"));
        Failing.refused("private_address", () -> policy.check(EgressTarget.parse("https://127.0.0.1/")));
        Failing.refused("port", () -> policy.check(EgressTarget.parse("https://127.0.0.1:11434/")));
    }

    @DisplayName("SSRF-17: an allowed address and port opens neither another port nor another address")
    @Test
    void allowsExactlyWhatIsNamed() {
        EgressPolicy policy = EgressPolicy.parse(List.of("10.1.2.3:8443"));

        assertThatCode(() -> policy.check(EgressTarget.parse("https://10.1.2.3:8443/")))
                .doesNotThrowAnyException();
        Failing.refused("port", () -> policy.check(EgressTarget.parse("https://10.1.2.3:22/")));
        Failing.refused("private_address", () -> policy.check(EgressTarget.parse("https://10.1.2.3/")));
        Failing.refused("port", () -> policy.check(EgressTarget.parse("https://10.1.2.4:8443/")));
        Failing.refused("private_address", () -> policy.check(EgressTarget.parse("https://10.1.2.4/")));
        // nor the port on any host that happens to be public
        Failing.refused("port", () -> reach(policy, "https://public.example:8443/", "93.184.216.34"));
        Failing.refused("port", () -> reach(policy, "https://mixed.example:8443/", "10.1.2.3", "93.184.216.34"));
        Failing.refused("scheme", () -> reach(policy, "http://public.example:8443/", "93.184.216.34"));
    }

    @Test
    void allowsBlocksWhateverTheName() {
        EgressPolicy policy = EgressPolicy.parse(List.of("10.0.0.0/8", "[fd00::]:8443", "fd12::/16"));

        assertThatCode(() -> reach(policy, "https://gpu.corp.example:9000/", "10.9.8.7"))
                .doesNotThrowAnyException();
        assertThatCode(() -> reach(policy, "http://gpu.corp.example/", "fd12::7"))
                .doesNotThrowAnyException();
        assertThatCode(() -> policy.check(EgressTarget.parse("http://[fd00::]:8443/")))
                .doesNotThrowAnyException();
        Failing.refused("private_address", () -> reach(policy, "https://gpu.corp.example/", "192.168.1.1"));
        Failing.refused("private_address", () -> reach(policy, "https://gpu.corp.example/", "10.9.8.7", "192.168.1.1"));
    }

    @Test
    void allowsTheEndsOfNames() {
        EgressPolicy policy = EgressPolicy.parse(List.of("*.svc.cluster.local:8080"));

        assertThatCode(() -> reach(policy, "http://llm.ai.svc.cluster.local:8080/", "10.43.0.9"))
                .doesNotThrowAnyException();
        Failing.refused("scheme", () -> reach(policy, "http://svc.cluster.local:8080/", "10.43.0.9"));
        Failing.refused("scheme", () -> reach(policy, "http://evilsvc.cluster.local:8080/", "10.43.0.9"));
    }

    @DisplayName("SSRF-01: an allowed name or block does not open the metadata service behind it; its own address does")
    @Test
    void keepsMetadataShut() {
        EgressPolicy wide = EgressPolicy.parse(List.of("169.254.0.0/16", "0.0.0.0/0", "::/0", "rebind.example"));

        Failing.refused("private_address", () -> reach(wide, "https://rebind.example/", "169.254.169.254"));
        Failing.refused("private_address", () -> wide.check(EgressTarget.parse("https://169.254.169.254/")));
        Failing.refused("private_address", () -> wide.check(EgressTarget.parse("https://[64:ff9b::a9fe:a9fe]/")));
        Failing.refused("private_address", () -> wide.check(EgressTarget.parse("https://[fd00:ec2::254]/")));
        assertThatCode(() -> EgressPolicy.parse(List.of("169.254.169.254:80"))
                        .check(EgressTarget.parse("http://169.254.169.254/")))
                .doesNotThrowAnyException();
    }

    @Test
    void deniesBeforeItAllows() {
        EgressPolicy policy = EgressPolicy.builder()
                .allow("10.0.0.0/8")
                .deny("10.6.6.6")
                .deny("bad.example")
                .deny("*.bad.example")
                .deny("198.200.0.0/16")
                .build();

        Failing.refused("denied_host", () -> policy.check(EgressTarget.parse("https://10.6.6.6/")));
        Failing.refused("denied_host", () -> reach(policy, "https://innocent.example/", "10.6.6.6"));
        Failing.refused("denied_host", () -> policy.check(EgressTarget.parse("https://bad.example/")));
        Failing.refused("denied_host", () -> policy.check(EgressTarget.parse("https://very.bad.example/")));
        Failing.refused("denied_host", () -> reach(policy, "https://public.example/", "198.200.1.1"));
    }

    @DisplayName("SSRF-19: never calls itself, by no name, allowed or not")
    @Test
    void refusesItself() throws UnknownHostException {
        EgressPolicy policy = EgressPolicy.builder()
                .allow("localhost")
                .allow("127.0.0.1")
                .allow("0.0.0.0:8080")
                .ownAddress(new InetSocketAddress(InetAddress.getByAddress(new byte[4]), 8080))
                .ownAddress(InetSocketAddress.createUnresolved("api.example.com", 443))
                .ownAddress(new InetSocketAddress(
                        InetAddress.getByAddress(new byte[] {93, (byte) 184, (byte) 216, 34}), 443))
                .build();

        Failing.refused("self", () -> reach(policy, "http://localhost:8080/", "127.0.0.1"));
        Failing.refused("self", () -> reach(policy, "http://0.0.0.0:8080/", "0.0.0.0"));
        Failing.refused("self", () -> reach(policy, "https://api.example.com/", "1.1.1.1"));
        Failing.refused("self", () -> reach(policy, "https://other-name.example/", "93.184.216.34"));
        assertThatCode(() -> reach(policy, "http://localhost:8081/", "127.0.0.1"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":80",
                "host:",
                "host:0",
                "host:65536",
                "host:x",
                "http://host",
                "a b",
                "10.0.0.0/33",
                "10.0.0/8",
                "[::1",
                "[::1]80",
                "[host]:x",
                "127.1",
                "0x7f000001",
                "*",
                "*.",
                "a_b:80",
                "fd00::/129",
                "user@host"
            })
    void refusesMalformedEntries(String entry) {
        assertThat(Failing.with(ErrorCode.MISCONFIGURED, () -> EgressPolicy.parse(List.of(entry))))
                .hasMessageContaining("bactrian.egress.allow");
    }

    @Test
    void readsEntries() {
        assertThat(AllowedHost.parse(" LocalHost:11434 ")).isEqualTo(new AllowedHost("localhost", 11434));
        assertThat(AllowedHost.parse("localhost:*")).isEqualTo(new AllowedHost("localhost", 0));
        assertThat(AllowedHost.parse("[::1]:80"))
                .isEqualTo(new AllowedHost("::1", 80))
                .hasToString("[::1]:80");
        assertThat(AllowedHost.parse("10.0.0.0/8:443")).isEqualTo(new AllowedHost("10.0.0.0/8", 443));
        assertThat(AllowedHost.parse("::1")).isEqualTo(new AllowedHost("::1", 0));
    }

    private static void reach(EgressPolicy policy, String url, String... addresses) {
        EgressTarget target = EgressTarget.parse(url);
        policy.check(target);
        List<InetAddress> resolved = Arrays.stream(addresses)
                .map(address -> Objects.requireNonNull(Literals.parse(address)))
                .toList();
        policy.checkAddresses(target.host(), target.port(), target.https(), resolved);
    }
}
