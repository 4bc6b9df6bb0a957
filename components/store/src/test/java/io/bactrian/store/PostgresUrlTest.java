package io.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.MisconfiguredException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings that name a server: what is taken, and what is refused without being repeated. */
class PostgresUrlTest {

    private static final Map<String, String> SERVER = Map.of(
            "bactrian.store.url", "jdbc:postgresql://db.example:5433/bactrian",
            "bactrian.store.username", "app",
            "bactrian.store.password", " canary-81 ");

    private static StoreSettings read(Map<String, String> properties) {
        return StoreSettings.read(
                Path.of("data"), name -> Optional.ofNullable(properties.get(name)), name -> Optional.empty());
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> changed = new HashMap<>(SERVER);
        changed.put(name, value);
        return changed;
    }

    private static Map<String, String> without(String name) {
        Map<String, String> changed = new HashMap<>(SERVER);
        changed.remove(name);
        return changed;
    }

    @Test
    void readsTheServerAndItsLogin() {
        StoreSettings settings = read(SERVER);

        assertThat(settings.url()).isEqualTo(SERVER.get("bactrian.store.url"));
        assertThat(settings.login()).isEqualTo(new StoreLogin("app", Secret.of(" canary-81 ")));
        assertThat(settings.owner()).isNull();
        assertThat(settings.dataFolder()).isNull();
        assertThat(settings.key().setting()).contains("bactrian.store.key-file", "key-encryption.key");
        assertThat(settings.toString()).doesNotContain("canary-81");
    }

    @Test
    void readsAnOwnerOfTheSchema() {
        StoreSettings settings = read(with("bactrian.store.owner-username", "owner"));

        assertThat(settings.owner()).isEqualTo(new StoreLogin("owner", null));
    }

    @ParameterizedTest
    @CsvSource({"5m,300", "90s,90", "1500ms,1", "PT2M,120", "0,0"})
    void readsHowLongItServesWithoutTheDatabase(String text, long seconds) {
        assertThat(read(with("bactrian.store.stale-if-error", text))
                        .staleIfError()
                        .toSeconds())
                .isEqualTo(seconds);
        assertThat(read(SERVER).staleIfError()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void refusesHalfALogin() {
        assertThatThrownBy(() -> read(without("bactrian.store.username")))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.store.username")
                .hasMessageNotContaining("canary-81");
        assertThatThrownBy(() -> read(Map.of("bactrian.store.url", "jdbc:h2:mem:x", "bactrian.store.username", "x")))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.store.username");
        assertThatThrownBy(() -> read(with("bactrian.store.owner-password", "canary-82")))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.store.owner-username")
                .hasMessageNotContaining("canary-82");
        assertThat(read(without("bactrian.store.password")).login()).isEqualTo(new StoreLogin("app", null));
    }

    @Test
    void refusesAKeyThatIsNotKept() {
        assertThatThrownBy(() -> read(SERVER).withKey(KeySource.ephemeral()))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.store.key-file");
    }

    @Test
    void takesAUrlApart() {
        PostgresUrl url = PostgresUrl.parse(
                "jdbc:postgresql://one,two.example:5433,[::1]:5434/my%20base?sslmode=verify-full&currentSchema=ai");

        assertThat(url.hosts())
                .containsExactly(
                        new PostgresUrl.Host("one", 5432),
                        new PostgresUrl.Host("two.example", 5433),
                        new PostgresUrl.Host("[::1]", 5434));
        assertThat(url.database()).isEqualTo("my base");
        assertThat(url.parameters())
                .containsOnly(Map.entry("sslmode", "verify-full"), Map.entry("currentSchema", "ai"));
    }

    @ParameterizedTest
    @DisplayName(
            "No class is loaded and no file written for a URL, and no password is in it (CVE-2022-21724, CVE-2022-26520)")
    @ValueSource(
            strings = {
                "?socketFactory=org.example.canary-77",
                "?sslfactory=org.example.canary-77",
                "?loggerFile=/tmp/canary-77",
                "?targetServerType=any",
                "?authenticationPluginClassName=canary-77",
                "?jaasApplicationName=canary-77",
                "?sslpassword=canary-77",
                "?password=canary-77",
                "?user=canary-77",
                "?options=-c%20canary-77",
                "?ssl=true&socketTimeout=0&canary-77",
                "?currentSchema=a,canary-77",
                "?sslmode=%zzcanary-77",
                "?",
                "/canary-77",
            })
    void refusesParametersThatReachFurther(String parameters) {
        assertThatThrownBy(() -> read(with("bactrian.store.url", "jdbc:postgresql://localhost/x" + parameters)))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.store.url")
                .hasMessageNotContaining("canary-77");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql:x",
                "jdbc:postgresql://localhost",
                "jdbc:postgresql://localhost/",
                "jdbc:postgresql:///x",
                "jdbc:postgresql://app:canary-77@localhost/x",
                "jdbc:postgresql://canary-77@localhost/x",
                "jdbc:postgresql://localhost:0/x",
                "jdbc:postgresql://localhost:65536/x",
                "jdbc:postgresql://a,,b/x",
                "jdbc:postgresql://a b/x",
            })
    void refusesUrlsOfAnotherForm(String url) {
        assertThatThrownBy(() -> read(with("bactrian.store.url", url)))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.store.url")
                .hasMessageNotContaining("canary-77");
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://localhost/x,false",
        "jdbc:postgresql://127.0.0.9/x,false",
        "jdbc:postgresql://[::1]/x,false",
        "jdbc:postgresql://db.example/x,true",
        "'jdbc:postgresql://localhost,db.example/x',true",
        "jdbc:postgresql://db.example/x?sslmode=require,true",
        "jdbc:postgresql://db.example/x?sslmode=verify-full,false",
        "jdbc:postgresql://db.example/x?ssl=true,false",
        "jdbc:postgresql://db.example/x?ssl=true&sslmode=allow,true",
    })
    void knowsWhatOthersCouldReadOnItsWay(String url, boolean exposed) {
        assertThat(PostgresUrl.parse(url).exposed()).isEqualTo(exposed);
    }
}
