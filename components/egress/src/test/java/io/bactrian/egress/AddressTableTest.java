package io.bactrian.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTableTest {

    @DisplayName("SSRF-01, SSRF-02, SSRF-03: denies local, private, reserved and embedding addresses")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.255.255.255",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.100.100.200",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "168.63.129.16",
                "169.254.0.0",
                "169.254.169.254",
                "172.16.0.0",
                "172.31.255.255",
                "192.0.0.0",
                "192.0.0.192",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.0",
                "192.168.255.255",
                "198.18.0.0",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.7",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::8.8.8.8",
                "::ffff:127.0.0.1",
                "::ffff:7f00:1",
                "::ffff:a9fe:a9fe",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b::808:808",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:0:7f00:1::",
                "2001:db8::1",
                "2002:a9fe:a9fe::",
                "2002:808:808::",
                "fc00::1",
                "fd00:ec2::254",
                "fdff::1",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "ff02::1",
                "4000::1",
                "5f00::1"
            })
    void denies(String address) {
        assertThat(AddressTable.denied(bytes(address))).isTrue();
    }

    @DisplayName("Leaves public addresses alone, right up to the edges of the blocks")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "168.63.129.15",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.0.3.0",
                "192.88.98.255",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "203.0.112.255",
                "223.255.255.255",
                "::ffff:8.8.8.8",
                "2001:4860:4860::8888",
                "2606:4700:4700::1111",
                "2003::1",
                "2a00:1450:4001::1",
                "3ffe::1"
            })
    void allows(String address) {
        assertThat(AddressTable.denied(bytes(address))).isFalse();
    }

    @DisplayName("Metadata services stay shut to allowed names and blocks, also inside IPv6 forms")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "100.100.100.200",
                "192.0.0.192",
                "fd00:ec2::254",
                "fe80::1",
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::1",
                "::169.254.169.254",
                "2001:0:0:0:0:0:5601:5601",
                "224.0.0.1",
                "0.0.0.0"
            })
    void isHard(String address) {
        assertThat(AddressTable.hard(bytes(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "::1", "10.1.2.3", "192.168.1.1", "172.17.0.1", "100.64.0.1", "fd00::1", "8.8.8.8"})
    void isNotHard(String address) {
        assertThat(AddressTable.hard(bytes(address))).isFalse();
    }

    private static byte[] bytes(String address) {
        InetAddress parsed = Objects.requireNonNull(Literals.parse(address), address);
        return parsed.getAddress();
    }
}
