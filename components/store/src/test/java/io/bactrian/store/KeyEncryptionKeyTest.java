package io.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.util.SecretBytes;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyEncryptionKeyTest {

    private static KeyEncryptionKey parse(String text) {
        return KeyEncryptionKey.parse("the environment variable X", Secret.of(text));
    }

    private static byte[] key(int first) {
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (first + i);
        }
        return key;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Test
    void givesTheSameKeyTheSameIdWhereverItIsKept() {
        String standard = base64(key(0xF0));
        String urlSafe = Base64.getUrlEncoder().withoutPadding().encodeToString(key(0xF0));

        assertThat(parse(standard + "\n").id()).isEqualTo(parse(urlSafe).id());
        assertThat(parse(standard).id()).isNotEqualTo(parse(base64(key(1))).id());
    }

    @Test
    void takesAKeyThatBeginsWithABrace() {
        assertThat(parse(base64(key('{'))).id()).hasSize(8);
    }

    @Test
    void takesATinkKeysetAsItIsAndInBase64() throws GeneralSecurityException {
        String json = TinkJsonProtoKeysetFormat.serializeKeyset(
                KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, KeyEncryptionKey.TINK),
                KeyEncryptionKey.TINK,
                InsecureSecretKeyAccess.get());

        assertThat(parse(json).id())
                .isEqualTo(parse(base64(json.getBytes(StandardCharsets.UTF_8))).id());
    }

    @Test
    void opensWithEveryEnabledKeyOfAKeyset() throws Exception {
        KeyEncryptionKey old = parse(base64(key(1)));
        DataKey wrapped = new DataKeys(old).make(new TenantId("acme"), 1);
        AesGcmKey same = AesGcmKey.builder()
                .setParameters(DataKeys.AES_256_GCM)
                .setKeyBytes(SecretBytes.copyFrom(key(1), InsecureSecretKeyAccess.get()))
                .setIdRequirement(Integer.parseUnsignedInt(old.id(), 16))
                .build();
        KeysetHandle both = KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(same))
                .addEntry(KeysetHandle.generateEntryFromParameters(DataKeys.AES_256_GCM)
                        .withRandomId()
                        .makePrimary())
                .build();
        KeyEncryptionKey rotated = parse(
                TinkJsonProtoKeysetFormat.serializeKeyset(both, KeyEncryptionKey.TINK, InsecureSecretKeyAccess.get()));

        assertThat(rotated.id()).isNotEqualTo(old.id());
        assertThat(rotated.knows(old.id())).isTrue();
        assertThat(rotated.sharesAKeyWith(old)).isTrue();
        assertThat(new DataKeys(rotated).unwrap(wrapped)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 16, 24, 31, 33, 64})
    @DisplayName(
            "CRED-10: a key of another length than 32 bytes is refused; the message names the setting, not the value")
    void refusesKeysOfAnotherLength(int length) {
        String text = base64(Arrays.copyOf(key(5), length));

        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("the environment variable X")
                .hasMessageContaining(length + " bytes")
                .hasMessageContaining("openssl rand -base64 32")
                .hasMessageNotContaining(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not base64!", "{}", "{\"primaryKeyId\":1}", "{canary", "changeme", "e30="})
    @DisplayName("CRED-10: what is no key is refused, and not quoted")
    void refusesWhatIsNoKey(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("the environment variable X")
                .hasMessageNotContaining(text)
                .hasNoCause();
    }

    @Test
    void refusesOneByteOverAndOver() {
        for (byte one : new byte[] {0, 'A', (byte) 0xFF}) {
            byte[] key = new byte[32];
            Arrays.fill(key, one);
            assertThatThrownBy(() -> parse(base64(key))).isInstanceOf(MisconfiguredException.class);
        }
    }

    @Test
    void refusesKeysetsOfAnotherKind() throws GeneralSecurityException {
        for (var parameters : List.of(
                PredefinedAeadParameters.AES128_GCM,
                PredefinedAeadParameters.AES256_CTR_HMAC_SHA256,
                PredefinedAeadParameters.CHACHA20_POLY1305)) {
            String json = TinkJsonProtoKeysetFormat.serializeKeyset(
                    KeysetHandle.generateNew(parameters, KeyEncryptionKey.TINK),
                    KeyEncryptionKey.TINK,
                    InsecureSecretKeyAccess.get());
            assertThatThrownBy(() -> parse(json))
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining("AES-256-GCM");
        }
    }

    @Test
    void printsNoKey() {
        String text = base64(key(7));
        assertThat(parse(text).toString())
                .doesNotContain(text)
                .contains(parse(text).id());
    }
}
