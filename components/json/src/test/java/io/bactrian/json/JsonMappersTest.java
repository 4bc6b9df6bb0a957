package io.bactrian.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonMappersTest {

    static List<Object> holdersOfSecrets() {
        CredentialValue hidden = new CredentialValue.Hidden(Secret.of("CANARY-KEY"));
        return List.of(
                Secret.of("CANARY-KEY"),
                hidden,
                Credentials.of(Map.of("api_key", hidden)),
                List.of(Map.of("nested", Secret.of("CANARY-KEY"))));
    }

    @ParameterizedTest
    @MethodSource("holdersOfSecrets")
    @DisplayName("CRED-14: secrets are never written as JSON")
    void refusesToWriteSecrets(Object holder) {
        assertThatExceptionOfType(JsonProcessingException.class)
                .isThrownBy(() -> JsonMappers.shared().writeValueAsString(holder))
                .satisfies(error -> assertThat(error.toString()).doesNotContain("CANARY"));
    }

    @Test
    void strictMapperRefusesANameGivenTwice() {
        assertThatExceptionOfType(JsonProcessingException.class)
                .isThrownBy(() -> JsonMappers.strict().readTree("{\"a\":1,\"a\":2}"));
    }

    @Test
    void refusesMoreThanOneValue() {
        assertThatExceptionOfType(JsonProcessingException.class)
                .isThrownBy(() -> JsonMappers.strict().readTree("{} {}"));
    }
}
