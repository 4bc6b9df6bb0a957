package io.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialCodecTest {

    @Test
    void marksWhatIsSecretInTheValueItself() throws IOException {
        Map<String, CredentialValue> values = new LinkedHashMap<>();
        values.put("key", new CredentialValue.Hidden(Secret.of("a\"b")));
        values.put("url", new CredentialValue.Text(""));
        values.put("off", new CredentialValue.Flag(false));
        values.put("zero", new CredentialValue.Number(new BigDecimal("0.00")));

        byte[] json = CredentialCodec.encode(Credentials.of(values));

        assertThat(new String(json, StandardCharsets.UTF_8))
                .isEqualTo("{\"key\":{\"secret\":\"a\\\"b\"},\"url\":{\"text\":\"\"},\"off\":{\"flag\":false},"
                        + "\"zero\":{\"number\":\"0.00\"}}");
        assertThat(CredentialCodec.decode(json).values()).isEqualTo(values);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"a\":1}",
                "{\"a\":{}}",
                "{\"a\":{\"secret\":\"\"}}",
                "{\"a\":{\"secret\":null}}",
                "{\"a\":{\"flag\":\"true\"}}",
                "{\"a\":{\"number\":\"canary\"}}",
                "{\"a\":{\"mystery\":\"canary\"}}",
                "{\"a\":{\"text\":\"x\",\"text\":\"y\"}}",
                "{\"a\":{\"text\":\"canary"
            })
    void refusesWhatIsNoCredentialAndQuotesNoneOfIt(String json) {
        assertThatThrownBy(() -> CredentialCodec.decode(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class)
                .hasNoCause()
                .hasMessageNotContaining("canary");
    }
}
