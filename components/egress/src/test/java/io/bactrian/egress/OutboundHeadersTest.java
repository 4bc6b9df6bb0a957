package io.bactrian.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.testkit.CanaryScanner;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundHeadersTest {

    @DisplayName("SSRF-11: nobody sets what frames the message or says where it goes")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "HOST",
                "host",
                "Content-Length",
                "Transfer-Encoding",
                "Connection",
                "Keep-Alive",
                "Proxy-Connection",
                "Proxy-Authorization",
                "TE",
                "Trailer",
                "Upgrade",
                "Expect",
                "Accept-Encoding"
            })
    void refusesTheClientsOwnHeaders(String name) {
        Failing.refused("header_name", () -> OutboundHeaders.builder().with(name, "x"));
        Failing.refused("header_name", () -> OutboundHeaders.builder().secret(name, Secret.of("x")));
    }

    @DisplayName("Refuses what may end a line early, in values")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\nHost: evil",
                "a\n",
                "\ra",
                "a\0b",
                "a\u007f",
                "a\u001bb",
                "\u00e9",
                "\u560a",
                " a",
                "a ",
                "a\t"
            })
    void refusesValues(String value) {
        Failing.with(ErrorCode.INVALID_PARAM, () -> OutboundHeaders.builder().with("X-Any", value));
    }

    @DisplayName("Refuses what may end a line early, in names")
    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:", "a\r\nb", "\u00e9", "a\0", "Host ", " Host", "(x)"})
    void refusesNames(String name) {
        Failing.with(ErrorCode.INVALID_PARAM, () -> OutboundHeaders.builder().with(name, "x"));
    }

    @Test
    void saysThatACredentialCannotBeAHeaderWithoutShowingIt() {
        CanaryScanner canaries = new CanaryScanner();
        Secret pasted = Secret.of(canaries.plant("key") + "\n");

        var failure = Failing.with(
                ErrorCode.MISCONFIGURED, () -> OutboundHeaders.builder().bearer(pasted));

        assertThat(failure).hasMessageContaining("Authorization");
        canaries.assertNowhereIn(failure);
    }

    @Test
    void printsNamesOnly() {
        CanaryScanner canaries = new CanaryScanner();
        OutboundHeaders headers = OutboundHeaders.builder()
                .bearer(Secret.of(canaries.plant("bearer")))
                .secret("X-Api-Key", Secret.of(canaries.plant("key")))
                .with("X-Org", canaries.plant("plain"))
                .build();

        assertThat(headers).hasToString("OutboundHeaders[Authorization, X-Api-Key, X-Org]");
        for (Object header : headers.wire()) {
            if (!header.toString().startsWith("X-Org")) {
                canaries.assertNowhereIn(header.toString());
            }
        }
    }

    @Test
    void keepsOrderAndAddsToACopy() {
        OutboundHeaders first = OutboundHeaders.builder()
                .with("A", "1")
                .with("B", "2")
                .with("A", "3")
                .build();

        OutboundHeaders second = first.toBuilder().with("C", "").build();

        assertThat(first.names()).containsExactly("A", "B", "A");
        assertThat(second.names()).containsExactly("A", "B", "A", "C");
        assertThat(second.contains("c")).isTrue();
    }
}
