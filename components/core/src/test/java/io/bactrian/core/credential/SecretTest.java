package io.bactrian.core.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretTest {

    private record Owner(Secret secret) {}

    @Test
    void printsAPlaceholderWhereverItStands() {
        // CRED-14
        Secret secret = Secret.of("canary-5c");

        assertThat(secret + " " + new Owner(secret) + " " + String.format(Locale.ROOT, "%s", secret)
                        + Credentials.of(Map.of("k", new CredentialValue.Hidden(secret)))
                        + new CredentialValue.Hidden(secret)
                        + new CredentialValue.Hidden(secret).shown())
                .doesNotContain("canary");
    }

    @Test
    void doesNotSerialize() {
        assertThatThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(Secret.of("x")))
                .isInstanceOf(NotSerializableException.class);
    }

    @Test
    void equalsByValueAndTellsNothingByItsHash() {
        assertThat(Secret.of("a")).isEqualTo(Secret.of("a")).isNotEqualTo(Secret.of("b"));
        assertThat(Secret.of("a").hashCode()).isEqualTo(Secret.of("b").hashCode());
    }

    @Test
    void anEmptySecretIsAMissingOne() {
        assertThatThrownBy(() -> Secret.of("")).isInstanceOf(IllegalArgumentException.class);
    }
}
