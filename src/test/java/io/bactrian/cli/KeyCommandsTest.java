package io.bactrian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.server.TestHome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code key}, {@code store} and {@code credential rotate}, as the operator types them. */
class KeyCommandsTest {

    private static final String OLD = "sk-9f8e7d6c5b4a39281706f5e4d3c2b1a0";
    private static final String NEW = "sk-0a1b2c3d4e5f60718293a4b5c6d7e8f9";

    @TempDir
    Path folder;

    private TestHome home;

    @BeforeEach
    void install() throws Exception {
        home = new TestHome(folder);
        home.done("tenant", "add", "acme");
        home.done(List.of(OLD), "credential", "add", "openai", "--tenant", "acme", "--name", "main");
    }

    private JsonObject status() {
        return new JsonObject(home.done("key", "status", "--json"));
    }

    private JsonArray dataKeys() {
        return new JsonArray(home.done("key", "status", "--tenant", "acme", "--json"));
    }

    private String primary() {
        return status().getJsonArray("key_encryption_keys").stream()
                .map(JsonObject.class::cast)
                .filter(key -> key.getBoolean("primary"))
                .map(key -> key.getString("id"))
                .findFirst()
                .orElseThrow();
    }

    private void refused(String message, String... command) {
        TestHome.Ran ran = home.command(command);
        assertThat(ran.code()).as(ran.err()).isEqualTo(1);
        assertThat(ran.err()).contains(message).doesNotContain(OLD);
    }

    @Test
    @DisplayName("CRED-09: both layers of keys rotate, are rewrapped and retired, and not before nothing needs them")
    void rotatesRewrapsAndRetiresKeys() {
        String first = primary();
        assertThat(status().getInteger("data_keys_left")).isZero();

        assertThat(home.done("key", "rotate")).contains(first).contains("./bactrian key rewrap");
        assertThat(primary()).isNotEqualTo(first);
        assertThat(status().getInteger("data_keys_left")).isEqualTo(1);
        refused("1 data key needs it", "key", "retire", first);
        refused("is the one that wraps", "key", "retire", primary());
        home.done("key", "rotate", "--tenant", "acme");
        assertThat(dataKeys()).hasSize(2);
        assertThat(status().getInteger("credentials_left")).isEqualTo(1);
        refused("1 credential needs it", "key", "retire", "1", "--tenant", "acme");

        TestHome.Ran rewrapped = home.command("key", "rewrap", "--json");
        assertThat(rewrapped.code()).isZero();
        JsonObject done = new JsonObject(rewrapped.out());
        assertThat(done.getInteger("data_keys_done")).isEqualTo(1);
        assertThat(done.getInteger("credentials_done")).isEqualTo(1);
        assertThat(done.getInteger("credentials_left")).isZero();
        assertThat(rewrapped.err())
                .as("its progress")
                .contains("0 done, 1 left")
                .contains("1 done, 0 left");

        home.done("key", "retire", "1", "--tenant", "acme");
        home.done("key", "retire", first);
        assertThat(dataKeys().getJsonObject(0).getInteger("version")).isEqualTo(2);
        assertThat(home.done("key", "status")).contains("nothing needs an older key");
        assertThat(home.done("model", "why", "openai/gpt-4o-mini", "--tenant", "acme"))
                .contains("pays: 'main'");
    }

    @Test
    void rotatesTheDataKeysOfAllTenants() {
        home.done("tenant", "add", "beta");
        JsonArray rotated = new JsonArray(home.done("key", "rotate", "--all-tenants", "--json"));
        assertThat(rotated)
                .extracting(row -> ((JsonObject) row).getString("tenant"))
                .contains("acme", "beta", "default");
        assertThat(home.command("key", "rotate", "--all-tenants", "--tenant", "acme")
                        .code())
                .isEqualTo(2);
        refused("there is no tenant 'nobody'", "key", "rotate", "--tenant", "nobody");
        assertThat(home.command("key", "retire", "one", "--tenant", "acme").code())
                .isEqualTo(2);
    }

    @Test
    void preparesAKeyForCopiesOfOneFileAndPromotesIt() {
        String first = primary();
        String prepared = new JsonObject(home.done("key", "prepare", "--json")).getString("key");
        assertThat(primary()).isEqualTo(first);
        home.done("key", "promote", prepared);
        assertThat(primary()).isEqualTo(prepared);
        refused("there is no key-encryption key", "key", "promote", "00000000");
    }

    @Test
    void saysThatAKeyInTheSettingsIsRotatedThere() throws Exception {
        String key =
                Files.readString(folder.resolve("data/keys/key-encryption.key")).replaceAll("\\s", "");
        home = new TestHome(
                folder.resolve("other"), "bactrian.store.key={{env:KEK}}", "bactrian.store.url=jdbc:h2:mem:k");
        home.variable("KEK", key);
        refused("bactrian.store.key", "key", "rotate");
        assertThat(home.command("key", "rotate").err())
                .contains("bactrian.store.key-previous")
                .doesNotContain(key);
    }

    @Test
    void findsAStoreWhole() {
        home.done("key", "rotate", "--tenant", "acme");
        assertThat(home.done("store", "check")).contains("all 1 credentials open");
        assertThat(new JsonObject(home.done("store", "check", "--json")).getBoolean("whole"))
                .isTrue();
    }

    @Test
    void checksAStoreWhoseKeyIsAnothers() throws Exception {
        Path key = folder.resolve("data/keys/key-encryption.key");
        Path other = folder.resolve("other");
        new TestHome(other).done("tenant", "list");
        Files.writeString(key, Files.readString(other.resolve("data/keys/key-encryption.key")));
        TestHome.Ran checked = home.command("store", "check", "--json");
        assertThat(checked.code()).isEqualTo(1);
        JsonObject report = new JsonObject(checked.out());
        assertThat(report.getBoolean("whole")).isFalse();
        assertThat(report.getJsonArray("findings"))
                .extracting(finding ->
                        ((JsonObject) finding).getString("subject") + " " + ((JsonObject) finding).getString("level"))
                .contains("database fine", "schema fine", "references fine", "key problem");
    }

    @Test
    void checksNothingIntoBeing() throws Exception {
        TestHome empty = new TestHome(folder.resolve("empty"));
        TestHome.Ran checked = empty.command("store", "check");
        assertThat(checked.code()).isEqualTo(1);
        assertThat(checked.out()).contains("there is no database");
        assertThat(folder.resolve("empty/data")).doesNotExist();
    }

    @Test
    void backsUpTheEmbeddedDatabaseWhichOpensElsewhereWithItsKey() throws Exception {
        Path backup = folder.resolve("backup.zip");
        assertThat(home.command("store", "backup", backup.toString()).err())
                .contains("key-encryption key is not in it");
        assertThat(Files.getPosixFilePermissions(backup))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        refused("there already", "store", "backup", backup.toString());

        Path restored = folder.resolve("restored");
        TestHome there = new TestHome(restored);
        Path store = Files.createDirectories(restored.resolve("data/store"));
        try (ZipFile zip = new ZipFile(backup.toFile())) {
            for (var entry : zip.stream().toList()) {
                Files.copy(zip.getInputStream(entry), store.resolve(entry.getName()));
                Files.setPosixFilePermissions(
                        store.resolve(entry.getName()),
                        Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
            }
        }
        assertThat(there.command("store", "check").code()).as("without the key").isEqualTo(1);
        Files.createDirectories(restored.resolve("data/keys"));
        Files.copy(
                folder.resolve("data/keys/key-encryption.key"),
                restored.resolve("data/keys/key-encryption.key"),
                StandardCopyOption.COPY_ATTRIBUTES);
        assertThat(there.command("store", "check").code()).isZero();
        assertThat(there.done("model", "why", "openai/gpt-4o-mini", "--tenant", "acme"))
                .contains("pays: 'main'");
    }

    @Test
    void hasNoStoreToSpeakOfWhereThereIsNone() throws Exception {
        TestHome without = new TestHome(folder.resolve("without"), "bactrian.store.enabled=false");
        TestHome.Ran ran = without.command("key", "status");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("bactrian.store.enabled");
    }

    @Test
    void rotatesACredentialWithAPeriodOfGrace() {
        String[] rotate = {"credential", "rotate", "openai", "main", "--tenant", "acme", "--grace", "15m"};
        Instant before = Instant.now(Clock.systemUTC());
        String done = home.done(List.of(NEW), rotate);
        assertThat(done).contains("the old values stay valid until").doesNotContain(NEW);
        JsonObject listed =
                new JsonArray(home.done("credential", "list", "--tenant", "acme", "--json")).getJsonObject(0);
        assertThat(Instant.parse(listed.getString("previous_until")))
                .isBetween(before.plus(Duration.ofMinutes(14)), before.plus(Duration.ofMinutes(20)));
        assertThat(listed.getJsonObject("values").getString("api_key")).endsWith("f9");
        assertThat(home.done("credential", "list", "--tenant", "acme")).contains(listed.getString("previous_until"));
        JsonArray candidates = new JsonObject(
                        home.done("model", "why", "openai/gpt-4o-mini", "--tenant", "acme", "--json"))
                .getJsonArray("candidates");
        assertThat(candidates).hasSize(2);
        assertThat(candidates.getJsonObject(0).containsKey("previous_until")).isFalse();
        assertThat(candidates.getJsonObject(1).getString("previous_until"))
                .isEqualTo(listed.getString("previous_until"));

        assertThat(home.done(
                        List.of(OLD), "credential", "rotate", "openai", "main", "--tenant", "acme", "--grace", "0"))
                .contains("the old values are gone");
        assertThat(new JsonObject(home.done("model", "why", "openai/gpt-4o-mini", "--tenant", "acme", "--json"))
                        .getJsonArray("candidates"))
                .hasSize(1);
    }

    @Test
    void keepsTheOtherSecretsOfACredentialThatIsRotated() {
        String[] add = {"credential", "add", "openai-compatible", "--tenant", "acme", "--name", "gateway"};
        home.done(
                List.of(OLD, "{\"X-Team\":\"blue\"}"),
                Stream.concat(
                                Stream.of(add),
                                Stream.of(
                                        "--set",
                                        "base_url=https://models.example/v1",
                                        "--from-stdin",
                                        "api_key",
                                        "--from-stdin",
                                        "extra_headers"))
                        .toArray(String[]::new));

        home.done(List.of(NEW), "credential", "rotate", "openai-compatible", "gateway", "--tenant", "acme");

        JsonObject values = new JsonArray(
                        home.done("credential", "list", "openai-compatible", "--tenant", "acme", "--json"))
                .getJsonObject(0)
                .getJsonObject("values");
        assertThat(values.getString("api_key")).endsWith("f9");
        assertThat(values.getString("extra_headers")).isNotBlank();
    }

    @Test
    void refusesARotationWithoutANewSecretOrWithAGraceThatIsNone() {
        String[] rotate = {"credential", "rotate", "openai", "main", "--tenant", "acme"};
        assertThat(home.command(rotate).code()).isEqualTo(2);
        for (String grace : new String[] {"5", "x", "-1h", "1w", "1h1m", ""}) {
            TestHome.Ran ran = home.command(
                    List.of(NEW), "credential", "rotate", "openai", "main", "--tenant", "acme", "--grace", grace);
            assertThat(ran.code()).as(grace).isEqualTo(2);
        }
        TestHome.Ran tooLong = home.command(
                List.of(NEW), "credential", "rotate", "openai", "main", "--tenant", "acme", "--grace", "31d");
        assertThat(tooLong.code()).isEqualTo(1);
        assertThat(tooLong.err()).contains("30 days");
        assertThat(new JsonArray(home.done("credential", "list", "--tenant", "acme", "--json"))
                        .getJsonObject(0)
                        .getInteger("version"))
                .isEqualTo(1);
    }
}
