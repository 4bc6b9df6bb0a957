package io.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.crypto.tink.util.Bytes;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.testkit.contract.StoreFixture;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is sealed opens as it was, where it was, and in no other case. */
class SealingTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final CredentialScope SCOPE = new CredentialScope.OfProvider(new ProviderId("openai"));
    private static final CredentialId ID = new CredentialId("c1");
    private static final Credentials VALUES = StoreFixture.secret("s-1");

    private final KeyEncryptionKey kek = KeyEncryptionKey.parse("a test", KeySource.newKey());
    private final DataKeys keys = new DataKeys(kek);
    private final DataKey key = keys.make(ACME, 1);
    private final MemoryConfigurationStore audit = new MemoryConfigurationStore("test", Clock.systemUTC());
    private final Vault vault = new Vault(keys, new UnreadableCredentials(audit, Clock.systemUTC()));

    private Throwable opening(byte[] sealed) {
        return catchThrowable(
                () -> vault.open(new SealedCredential(ACME, SCOPE, ID, 1, 1, 1, key, Bytes.copyFrom(sealed))));
    }

    private byte[] sealed() {
        return vault.seal(key, ACME, SCOPE, ID, 1, VALUES);
    }

    @Test
    void opensWhatItSealed() throws CredentialUnreadableException {
        assertThat(vault.open(new SealedCredential(ACME, SCOPE, ID, 1, 1, 1, key, Bytes.copyFrom(sealed()))))
                .isEqualTo(VALUES);
    }

    @Test
    @DisplayName("CRED-04: with any one bit flipped it does not open, always with the same exception type")
    void refusesEveryFlippedBit() {
        byte[] sealed = sealed();
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] flipped = sealed.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(opening(flipped)).as("bit %s", bit).isInstanceOf(CredentialUnreadableException.class);
        }
    }

    @Test
    @DisplayName("CRED-04: the same for a wrapped data key")
    void refusesEveryFlippedBitOfADataKey() {
        byte[] wrapped = key.wrapped().toByteArray();
        for (int bit = 0; bit < wrapped.length * 8; bit++) {
            byte[] flipped = wrapped.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            DataKey changed = new DataKey(ACME, 1, key.kekId(), 1, Bytes.copyFrom(flipped));
            assertThat(catchThrowable(() -> keys.unwrap(changed)))
                    .as("bit %s", bit)
                    .isInstanceOf(CredentialUnreadableException.class);
        }
    }

    @Test
    @DisplayName("CRED-05: cut to any length, or with bytes behind it, it does not open")
    void refusesTruncatedAndExtended() {
        byte[] sealed = sealed();
        for (int length = 0; length < sealed.length; length++) {
            assertThat(opening(Arrays.copyOf(sealed, length)))
                    .as("%s bytes", length)
                    .isInstanceOf(CredentialUnreadableException.class);
        }
        for (int more = 1; more <= 64; more++) {
            assertThat(opening(Arrays.copyOf(sealed, sealed.length + more)))
                    .as("%s bytes more", more)
                    .isInstanceOf(CredentialUnreadableException.class);
        }
    }

    @Test
    @DisplayName("CRED-06: no method takes associated data as bytes, and none works without it, not even by reflection")
    void demandsAssociatedData() throws ReflectiveOperationException, CredentialUnreadableException {
        BoundAead aead = keys.unwrap(key);
        for (Class<?> type : List.of(BoundAead.class, KeyEncryptionKey.class)) {
            for (Method method : type.getDeclaredMethods()) {
                long bytes = Arrays.stream(method.getParameterTypes())
                        .filter(byte[].class::equals)
                        .count();
                assertThat(bytes).as(method.toString()).isLessThanOrEqualTo(1);
            }
        }
        for (String name : List.of("seal", "open")) {
            Method method = BoundAead.class.getDeclaredMethod(name, byte[].class, AssociatedData.class);
            assertThatThrownBy(() -> invoke(method, aead, new byte[40])).isInstanceOf(NullPointerException.class);
        }
        assertThatThrownBy(() -> new AssociatedData.OfCredential("", "p", "provider", "c", 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AssociatedData.OfCredential("t", "p", "provider", "", 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AssociatedData.OfCredential("t", "p", "provider", "c", 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AssociatedData.OfDataKey("", 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void invoke(Method method, Object target, byte[] bytes) throws Throwable {
        try {
            method.invoke(target, bytes, null);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Test
    @DisplayName("CRED-13: a|b with c and a with b|c are bound differently, and neither opens the other's")
    void bindsFieldsByTheirLength() throws GeneralSecurityException, CredentialUnreadableException {
        AssociatedData one = new AssociatedData.OfCredential("a|b", "c", "provider", "id", 1);
        AssociatedData other = new AssociatedData.OfCredential("a", "b|c", "provider", "id", 1);
        BoundAead aead = keys.unwrap(key);
        byte[] sealed = aead.seal(new byte[] {1}, one);

        assertThat(one.encode()).isNotEqualTo(other.encode());
        assertThat(aead.open(sealed, one)).containsExactly(1);
        assertThatThrownBy(() -> aead.open(sealed, other)).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    @DisplayName("CACHE-03: whatever field differs, what is bound differs")
    void bindsEveryField() {
        List<AssociatedData> all = List.of(
                new AssociatedData.OfCredential("t", "p", "provider", "c", 1),
                new AssociatedData.OfCredential("t2", "p", "provider", "c", 1),
                new AssociatedData.OfCredential("t", "p2", "provider", "c", 1),
                new AssociatedData.OfCredential("t", "p", "model:llm:m", "c", 1),
                new AssociatedData.OfCredential("t", "p", "model:tts:m", "c", 1),
                new AssociatedData.OfCredential("t", "p", "model:llm:M", "c", 1),
                new AssociatedData.OfCredential("t", "p", "provider", "c2", 1),
                new AssociatedData.OfCredential("t", "p", "provider", "c", 2),
                new AssociatedData.OfDataKey("t", 1, 1),
                new AssociatedData.OfDataKey("t2", 1, 1),
                new AssociatedData.OfDataKey("t", 2, 1),
                new AssociatedData.OfDataKey("t", 1, 2));
        Set<Bytes> encoded = new HashSet<>();
        all.forEach(bound -> encoded.add(Bytes.copyFrom(bound.encode())));
        assertThat(encoded).hasSameSizeAs(all);
    }

    @Test
    void bindsToFormatAndPurposeFirst() {
        byte[] encoded = new AssociatedData.OfDataKey("t", 1, 1).encode();

        assertThat(encoded)
                .startsWith(0, 0, 0, AssociatedData.FORMAT, 0, 0, 0, 8)
                .contains('d', 'a', 't', 'a', '-', 'k', 'e', 'y');
    }

    @Test
    @DisplayName("CACHE-03: an unwrapped data key is remembered by every field of its row")
    void remembersDataKeysByTheirWholeRow() {
        DataKey same = new DataKey(
                ACME, 1, key.kekId(), 1, Bytes.copyFrom(key.wrapped().toByteArray()));
        assertThat(same).isEqualTo(key);
        assertThat(List.of(
                        new DataKey(new TenantId("globex"), 1, key.kekId(), 1, key.wrapped()),
                        new DataKey(ACME, 2, key.kekId(), 1, key.wrapped()),
                        new DataKey(ACME, 1, "other", 1, key.wrapped()),
                        new DataKey(ACME, 1, key.kekId(), 2, key.wrapped()),
                        new DataKey(ACME, 1, key.kekId(), 1, Bytes.copyFrom(new byte[] {1}))))
                .allSatisfy(other -> {
                    assertThat(other).isNotEqualTo(key);
                    assertThat(catchThrowable(() -> keys.unwrap(other)))
                            .isInstanceOf(CredentialUnreadableException.class);
                });
    }

    @Test
    void unwrapsADataKeyOnce() throws CredentialUnreadableException {
        assertThat(keys.unwrap(key)).isSameAs(keys.unwrap(key));
        BoundAead before = keys.unwrap(key);
        keys.forget(ACME);
        assertThat(keys.unwrap(key)).isNotSameAs(before);
    }

    @Test
    void bindsModelsByTypeAndName() {
        ProviderId openai = new ProviderId("openai");
        AssociatedData llm = AssociatedData.OfCredential.of(
                ACME, new CredentialScope.OfModel(openai, "x:llm:y", ModelType.TTS), ID, 1);
        AssociatedData other =
                AssociatedData.OfCredential.of(ACME, new CredentialScope.OfModel(openai, "y", ModelType.LLM), ID, 1);
        assertThat(llm.encode()).isNotEqualTo(other.encode());
    }

    @Test
    void saysWhichKeyIsMissing() {
        DataKeys others = new DataKeys(KeyEncryptionKey.parse("another setting", KeySource.newKey()));

        assertThatThrownBy(() -> others.unwrap(key))
                .isInstanceOf(CredentialUnreadableException.class)
                .hasMessageContaining(kek.id())
                .hasMessageContaining("another setting");
    }
}
