package io.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.file.SigningKey;
import io.bactrian.core.file.SigningKeys;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SIGN-07: the keys of links follow the key-encryption keys, on every node. */
class LinkKeysTest extends KeyFixture {

    private static String current(BactrianStore of) {
        return of.linkKeys().current().id();
    }

    @Test
    void areTheSameOnEveryNode() {
        BactrianStore other = open(settings);

        assertThat(current(other)).isEqualTo(current(store));
        assertThat(other.linkKeys().find(current(store))).isPresent();
    }

    @Test
    void differFromKeyToKeyAndTellNothingOfIt() {
        String kek = primary(store);
        String id = current(store);

        assertThat(id).matches("[0-9a-f]{12}").doesNotContain(kek);
        assertThat(store.linkKeys().current().toString()).isEqualTo("SigningKey[" + id + "]");
        assertThat(store.linkKeys().find(kek)).isEmpty();
        assertThat(store.linkKeys().find("")).isEmpty();
    }

    @Test
    @DisplayName("SIGN-07: a key that was rotated verifies until it is retired, on the other nodes too")
    void verifyWithARotatedKeyUntilItIsRetired() {
        BactrianStore other = open(settings);
        String old = current(store);
        String oldKek = primary(store);

        store.keys().rotateKeyEncryptionKey();

        assertThat(current(store)).isNotEqualTo(old);
        for (SigningKeys keys : new SigningKeys[] {store.linkKeys(), other.linkKeys()}) {
            assertThat(keys.current().id()).isEqualTo(current(store));
            assertThat(keys.find(old)).map(SigningKey::id).contains(old);
        }
        assertThat(rewrap(store).complete()).isTrue();
        store.keys().retire(oldKek);
        for (SigningKeys keys : new SigningKeys[] {store.linkKeys(), other.linkKeys()}) {
            assertThat(keys.find(old)).isEmpty();
            assertThat(keys.find(current(store))).isPresent();
        }
    }
}
