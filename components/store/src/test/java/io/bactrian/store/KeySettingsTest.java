package io.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.MisconfiguredException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class KeySettingsTest {

    private static final Path DATA = Path.of("data");

    private static KeySource key(Map<String, String> properties, Map<String, String> environment) {
        return StoreSettings.read(
                        DATA,
                        name -> Optional.ofNullable(properties.get(name)),
                        name -> Optional.ofNullable(environment.get(name)))
                .key();
    }

    private static KeySource.Value value(String setting, String text) {
        return new KeySource.Value(setting, Secret.of(text));
    }

    @Test
    void takesAKeyThatAVaultGave() {
        assertThat(key(Map.of("bactrian.store.key", "text-of-the-key"), Map.of()))
                .isEqualTo(value("bactrian.store.key", "text-of-the-key"));
        assertThat(key(Map.of("bactrian.store.key", "k", "bactrian.store.key-file", "/a/file"), Map.of()))
                .isEqualTo(value("bactrian.store.key", "k"));
    }

    @Test
    void refusesTwoKeysThatAreBothToWrap() {
        assertThatThrownBy(() -> key(
                        Map.of("bactrian.store.key", "canary-1"), Map.of("BACTRIAN_KEY_ENCRYPTION_KEY", "canary-2")))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.store.key ")
                .hasMessageContaining("BACTRIAN_KEY_ENCRYPTION_KEY")
                .hasMessageContaining("bactrian.store.key-previous")
                .hasMessageNotContaining("canary");
    }

    @Test
    void takesPreviousKeysFromPropertyAndEnvironment() {
        KeySource read = key(
                Map.of("bactrian.store.key", "new", "bactrian.store.key-previous", "old, older\nold+/est="),
                Map.of("BACTRIAN_KEY_ENCRYPTION_KEY_PREVIOUS", "{\"primaryKeyId\": 1}"));

        assertThat(read)
                .isEqualTo(new KeySource.WithPrevious(
                        value("bactrian.store.key", "new"),
                        List.of(
                                value("bactrian.store.key-previous", "old"),
                                value("bactrian.store.key-previous", "older"),
                                value("bactrian.store.key-previous", "old+/est="),
                                value(
                                        "the environment variable BACTRIAN_KEY_ENCRYPTION_KEY_PREVIOUS",
                                        "{\"primaryKeyId\": 1}"))));
        assertThat(read.setting()).isEqualTo("bactrian.store.key");
    }

    @Test
    void takesAPreviousKeyFromAFile() {
        assertThat(key(
                        Map.of("bactrian.store.key-previous", "file:/a b/old.key"),
                        Map.of("BACTRIAN_KEY_ENCRYPTION_KEY", "new")))
                .isEqualTo(new KeySource.WithPrevious(
                        value("the environment variable BACTRIAN_KEY_ENCRYPTION_KEY", "new"),
                        List.of(new KeySource.KeyFile("bactrian.store.key-previous", Path.of("/a b/old.key")))));
        assertThat(key(Map.of("bactrian.store.key-environment", "K"), Map.of("K", "new", "K_PREVIOUS", "old")))
                .isInstanceOf(KeySource.WithPrevious.class);
    }

    @Test
    @DisplayName("CRED-10: a reference to a vault that nothing has replaced is no key")
    void refusesAPlaceholderThatNothingReplaced() {
        assertThatThrownBy(() -> KeyEncryptionKey.parse("bactrian.store.key", Secret.of("{{aws:canary}}")))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.store.key")
                .hasMessageContaining("placeholder")
                .hasMessageNotContaining("canary");
    }

    @Test
    @DisplayName("CRED-10: a previous key of a wrong form is refused, and named by its setting")
    void refusesAPreviousKeyThatIsNone() {
        KeySource current = value("setting A", KeySource.newKey().reveal());
        StoreSettings settings = StoreSettings.inMemory("never-opened");
        KeySource tooShort =
                new KeySource.WithPrevious(current, List.of(value("bactrian.store.key-previous", "AAECAwQFBgc=")));
        KeySource missing = new KeySource.WithPrevious(
                current, List.of(new KeySource.KeyFile("bactrian.store.key-previous", Path.of("not-there.key"))));

        assertThatThrownBy(() -> KeyLoader.find(settings.withKey(tooShort)))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.store.key-previous")
                .hasMessageContaining("8 bytes");
        assertThatThrownBy(() -> KeyLoader.find(settings.withKey(missing)))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("not-there.key");
    }

    @Test
    @DisplayName("CRED-10: a previous key is as little another purpose's as the one in force")
    void refusesAPreviousKeyThatServesAnotherPurpose() {
        Secret shared = KeySource.newKey();
        StoreSettings settings = StoreSettings.inMemory("never-opened")
                .withKey(new KeySource.WithPrevious(
                        value("setting A", KeySource.newKey().reveal()),
                        List.of(new KeySource.Value("setting B", shared))))
                .withOtherKeys(List.of(new KeySource.Value("setting C", shared)));

        assertThatThrownBy(() -> KeyLoader.find(settings))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("same key")
                .hasMessageContaining("setting C");
    }

    @Test
    void takesTheSameKeyTwiceForOne() {
        Secret key = KeySource.newKey();
        KeyEncryptionKey both = KeyLoader.find(StoreSettings.inMemory("never-opened")
                .withKey(new KeySource.WithPrevious(
                        new KeySource.Value("setting A", key), List.of(new KeySource.Value("setting B", key)))));

        assertThat(both).isNotNull();
        assertThat(both.ids()).containsExactly(both.id());
    }
}
