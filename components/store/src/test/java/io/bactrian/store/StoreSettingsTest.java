package io.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.MisconfiguredException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreSettingsTest {

    private static final Path DATA = Path.of("data");

    private static StoreSettings read(Map<String, String> properties, Map<String, String> environment) {
        return StoreSettings.read(
                DATA,
                name -> Optional.ofNullable(properties.get(name)),
                name -> Optional.ofNullable(environment.get(name)));
    }

    @Test
    void keepsTheEmbeddedDatabaseAndItsKeyInTheDataFolder() {
        StoreSettings settings = read(Map.of(), Map.of());

        assertThat(settings).isEqualTo(StoreSettings.embedded(DATA));
        assertThat(settings.url()).isNull();
        assertThat(settings.pollInterval()).isEqualTo(Duration.ofMillis(250));
        assertThat(settings.key())
                .isEqualTo(new KeySource.KeyFile(
                        "bactrian.store.key-file", DATA.resolve("keys").resolve("key-encryption.key")));
    }

    @Test
    void takesTheKeyFromTheEnvironmentBeforeAFile() {
        StoreSettings settings =
                read(Map.of("bactrian.store.key-file", "/k"), Map.of("BACTRIAN_KEY_ENCRYPTION_KEY", "secret-value"));

        assertThat(settings.key()).isInstanceOf(KeySource.Value.class);
        assertThat(settings.key().setting()).contains("BACTRIAN_KEY_ENCRYPTION_KEY");
        assertThat(settings.toString()).doesNotContain("secret-value");
    }

    @Test
    void takesTheKeyFromTheVariableThatIsNamed() {
        StoreSettings settings = read(Map.of("bactrian.store.key-environment", "KEK"), Map.of("KEK", "x"));
        assertThat(settings.key().setting()).contains("KEK");

        assertThatThrownBy(() -> read(Map.of("bactrian.store.key-environment", "KEK"), Map.of()))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.store.key-environment")
                .hasMessageContaining("KEK");
    }

    @Test
    void keepsNoKeyForADatabaseInMemory() {
        StoreSettings settings = read(Map.of("bactrian.store.url", "jdbc:h2:mem:x"), Map.of());

        assertThat(settings.key()).isInstanceOf(KeySource.Ephemeral.class);
        assertThat(settings.dataFolder()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bactrian.store.url|jdbc:postgresql://localhost/x",
                "bactrian.store.url|jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'http://example.org/x'",
                "bactrian.store.url|jdbc:h2:tcp://localhost/x",
                "bactrian.store.url|jdbc:h2:file:/tmp/x",
                "bactrian.store.url|x",
                "bactrian.store.poll-interval|soon",
                "bactrian.store.poll-interval|1ms",
                "bactrian.store.poll-interval|1001",
                "bactrian.store.poll-interval|PT1H",
                "bactrian.store.pool-size|many",
                "bactrian.store.pool-size|1",
                "bactrian.store.pool-size|65",
            })
    void namesTheSettingThatIsWrong(String name, String value) {
        assertThatThrownBy(() -> read(Map.of(name, value), Map.of()))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource({"100,100", "100ms,100", "PT0.5S,500"})
    void readsTheIntervalInMillisecondsOrAsADuration(String text, long millis) {
        assertThat(read(Map.of("bactrian.store.poll-interval", text), Map.of()).pollInterval())
                .isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void refusesAKeyThatIsNotKeptForADatabaseThatIs() {
        assertThatThrownBy(() -> StoreSettings.embedded(DATA).withKey(KeySource.ephemeral()))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.store.key-file");
    }
}
