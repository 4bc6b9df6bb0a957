package io.bactrian.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.config.CredentialVisibility;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.invoke.CredentialRef;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.Resolution;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {

    private static final InvocationTarget PARROT =
            InvocationTarget.Model.of(ScriptedDialect.ECHO, "parrot", ModelType.LLM);

    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path folder;

    private Installation open() {
        return open(Installation.Beans.NONE);
    }

    private Installation open(Installation.Beans beans) {
        Installation.Beans withEcho = new Installation.Beans(
                List.of(new ScriptedDialect()),
                beans.observers(),
                beans.accessPolicies(),
                beans.credentialPolicies(),
                beans.interceptors());
        return Installation.open(new MapSettings(properties, environment::get), withEcho, Clock.systemUTC());
    }

    /** An installation whose time passes as it is told to. */
    private Installation open(AtomicLong nanos) {
        Installation.Beans echo =
                new Installation.Beans(List.of(new ScriptedDialect()), List.of(), List.of(), List.of(), List.of());
        Clock clock = new Clock() {
            private final Instant start = Instant.now(Clock.systemUTC());

            @Override
            public Instant instant() {
                return start.plusNanos(nanos.get());
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
        return Installation.open(new MapSettings(properties, environment::get), echo, clock, nanos::get);
    }

    private static String ask(Installation installation, String tenant, InvocationTarget target) {
        CallerClaim claim = CallerClaim.ofTenant(
                tenant.isEmpty() ? null : new TenantId(tenant),
                InvokeSource.ROUTE,
                new RequestId("r"),
                Deadline.in(Duration.ofSeconds(30)));
        return installation
                .modelManager()
                .instance(claim, target)
                .invokeLlm(LlmRequest.ofText("who pays?"))
                .text();
    }

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve("config").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        properties.put("bactrian.config.folder", folder.resolve("config").toString());
    }

    private void withStore() {
        properties.put("bactrian.store.enabled", "true");
        properties.put("bactrian.data.folder", folder.resolve("data").toString());
    }

    @Test
    void threePropertiesAreEnoughAndNothingIsWritten() throws IOException {
        properties.put("bactrian.data.folder", folder.resolve("data").toString());
        properties.put("bactrian.credentials.main.provider", "echo");
        properties.put("bactrian.credentials.main.api_key", "{{env:ECHO_KEY}}");
        properties.put("bactrian.default-model.llm", "echo/parrot");
        environment.put("ECHO_KEY", "key-1");

        try (Installation installation = open()) {
            assertThat(ask(installation, "", new InvocationTarget.DefaultModel(ModelType.LLM)))
                    .isEqualTo("key-1");
            assertThat(installation.persistent()).isFalse();
        }
        try (Stream<Path> written = Files.list(folder)) {
            assertThat(written).isEmpty();
        }
    }

    @Test
    void tellsEveryWrongPropertyAtOnce() {
        properties.put("bactrian.credentials.one.provider", "ecco");
        properties.put("bactrian.credentials.two.provider", "echo");
        properties.put("bactrian.credentials.three.api_key", "k");
        properties.put("bactrian.default-model.llm", "parrot");

        assertThatThrownBy(this::open)
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContainingAll(
                        "bactrian.credentials.one.*: there is no provider 'ecco'",
                        "bactrian.credentials.two.*: api_key: required",
                        "bactrian.credentials.three.*: set bactrian.credentials.three.provider",
                        "bactrian.default-model.llm: has to be");
    }

    @Test
    void eachTenantPaysWithItsOwnCredential() throws IOException {
        environment.put("ACME_KEY", "acme-key");
        environment.put("BETA_KEY", "beta-key");
        file("workspaces/acme.yaml", workspace("{{env:ACME_KEY}}"));
        file("workspaces/beta.yaml", workspace("{{env:BETA_KEY}}"));

        try (Installation installation = open()) {
            assertThat(ask(installation, "acme", PARROT)).isEqualTo("acme-key");
            assertThat(ask(installation, "beta", PARROT)).isEqualTo("beta-key");
        }
    }

    private static String workspace(String key) {
        return """
                members:
                  - user: alice@example.org
                    role: owner
                credentials:
                  - provider: echo
                    name: main
                    values:
                      api_key: "%s"
                default_models:
                  llm: echo/parrot
                """.formatted(key);
    }

    @Test
    void applyingFilesTwiceChangesNothingAndChangedFilesAreTakenUp() throws IOException {
        withStore();
        environment.put("KEY", "first");
        file("workspaces/acme.yaml", workspace("{{env:KEY}}"));
        TenantId acme = new TenantId("acme");
        long versionOfCredential;
        try (Installation installation = open()) {
            assertThat(ask(installation, "acme", PARROT)).isEqualTo("first");
            versionOfCredential = version(installation, acme);
        }
        try (Installation installation = open()) {
            assertThat(version(installation, acme)).isEqualTo(versionOfCredential);
        }
        environment.put("KEY", "second");
        try (Installation installation = open()) {
            assertThat(ask(installation, "acme", PARROT)).isEqualTo("second");
            assertThat(version(installation, acme)).isEqualTo(versionOfCredential + 1);
        }
        file("workspaces/acme.yaml", "name: Acme\n");
        try (Installation installation = open()) {
            assertThatThrownBy(() -> ask(installation, "acme", PARROT))
                    .isInstanceOfSatisfying(
                            InvokeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CREDENTIAL_REMOVED));
        }
    }

    @Test
    void aFileSaysWhomACredentialIsForAndOneThatIsSilentLetsNobodyIn() throws IOException {
        withStore();
        TenantId acme = new TenantId("acme");
        UserId alice = new UserId("alice@example.org");
        String silent = workspace("key");
        String said = silent.replace("    values:", "    users: [alice@example.org]\n    values:");
        file("workspaces/acme.yaml", said);
        CredentialVisibility forAlice = new CredentialVisibility.PartialMembers(null, Set.of(alice));
        try (Installation installation = open()) {
            assertThat(visibility(installation, acme)).isEqualTo(forAlice);
            assertThatThrownBy(() -> ask(installation, "acme", PARROT))
                    .as("a call that names no user")
                    .isInstanceOfSatisfying(InvokeException.class, e -> assertThat(e.code())
                            .isEqualTo(ErrorCode.CREDENTIAL_POLICY_VIOLATION));
            Resolution hers =
                    installation.modelManager().resolver().resolve(acme, alice, (InvocationTarget.Model) PARROT);
            assertThat(hers.candidates()).extracting(CredentialRef::name).containsExactly("main");
        }
        file("workspaces/acme.yaml", silent);
        try (Installation installation = open()) {
            assertThat(visibility(installation, acme)).isEqualTo(forAlice);
        }
        file("workspaces/acme.yaml", silent.replace("    values:", "    visibility: all_team_members\n    values:"));
        try (Installation installation = open()) {
            assertThat(visibility(installation, acme)).isEqualTo(CredentialVisibility.ALL);
            assertThat(ask(installation, "acme", PARROT)).isEqualTo("key");
        }
    }

    private static CredentialVisibility visibility(Installation installation, TenantId tenant) {
        return installation
                .store()
                .provider(tenant, new ProviderId("echo"))
                .orElseThrow()
                .credentials()
                .get(0)
                .visibility();
    }

    @Test
    void tellsWhatAFileSaysWrongOfWhomACredentialIsFor() throws IOException {
        for (String wrong :
                List.of("visibility: everybody", "visibility: only_me", "visibility: partial_members", "users: ['']")) {
            file("workspaces/acme.yaml", workspace("key").replace("    values:", "    " + wrong + "\n    values:"));

            assertThatThrownBy(this::open)
                    .as(wrong)
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining(
                            "workspaces/acme.yaml:7: credentials[0]." + wrong.substring(0, wrong.indexOf(':')));
        }
    }

    @Test
    @DisplayName("DB-01: while the database is away, what is known serves for its time; Resolution and health say so")
    void servesWhatIsKnownWhileTheDatabaseIsAway() throws Exception {
        withStore();
        properties.put("bactrian.store.stale-if-error", "2m");
        environment.put("KEY", "known");
        file("workspaces/acme.yaml", workspace("{{env:KEY}}"));
        AtomicLong nanos = new AtomicLong();
        TenantId acme = new TenantId("acme");
        InvocationTarget.Model parrot = (InvocationTarget.Model) PARROT;
        try (Installation installation = open(nanos)) {
            StoreHealthCheck health = installation.storeHealth().orElseThrow();
            assertThat(ask(installation, "acme", PARROT)).isEqualTo("known");
            assertThat(installation
                            .modelManager()
                            .resolver()
                            .resolve(acme, parrot)
                            .stale())
                    .isFalse();
            assertThat(health.call().getDetails()).containsEntry("database", "answers");

            takeDatabaseAway();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> "away".equals(health.call().getDetails().get("database")));
            nanos.addAndGet(Duration.ofSeconds(90).toNanos());

            assertThat(ask(installation, "acme", PARROT)).isEqualTo("known");
            Resolution stale = installation.modelManager().resolver().resolve(acme, parrot);
            assertThat(stale.stale()).isTrue();
            assertThat(stale.toString()).contains("stale");
            assertThat(health.call().getState()).isEqualTo(HealthCheck.State.UP);
            assertThat(health.call().getMessage().orElseThrow()).contains("does not answer", "serves until");
            assertThat(health.call().getDetails()).containsKeys("serves.until", "database.last-answer");

            nanos.addAndGet(Duration.ofSeconds(40).toNanos());

            assertThatThrownBy(() -> ask(installation, "acme", PARROT))
                    .isInstanceOfSatisfying(
                            InvokeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
            assertThat(health.call().getState()).isEqualTo(HealthCheck.State.DOWN);

            Files.move(folder.resolve("elsewhere"), database());

            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptionsInstanceOf(InvokeException.class)
                    .until(() -> "known".equals(ask(installation, "acme", PARROT)));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> "answers".equals(health.call().getDetails().get("database")));
            assertThat(installation
                            .modelManager()
                            .resolver()
                            .resolve(acme, parrot)
                            .stale())
                    .isFalse();
        }
    }

    private Path database() {
        return folder.resolve("data/store/bactrian.mv.db");
    }

    private void takeDatabaseAway() throws Exception {
        String passwords = Files.readString(folder.resolve("data/store/bactrian.password"));
        String owner = passwords.lines().findFirst().orElseThrow().substring("owner=".length());
        String url = "jdbc:h2:retry:" + folder.resolve("data/store/bactrian") + ";AUTO_SERVER=TRUE";
        try (Connection connection = DriverManager.getConnection(url, "BACTRIAN_OWNER", owner);
                Statement statement = connection.createStatement()) {
            // moved while it is open: nobody opens it again between its end and the move
            Files.move(database(), folder.resolve("elsewhere"));
            statement.execute("SHUTDOWN");
        }
    }

    private static long version(Installation installation, TenantId tenant) {
        return installation
                .store()
                .provider(tenant, ScriptedDialect.ECHO)
                .orElseThrow()
                .credentials()
                .get(0)
                .version();
    }

    @Test
    void tellsEveryFaultOfEveryFileWithItsLineAndAppliesNothing() throws IOException {
        withStore();
        file("workspaces/good.yaml", workspace("k"));
        file("workspaces/bad.yaml", """
                nam: Bad
                members:
                  - user: bob
                    role: boss
                credentials:
                  - provider: ecco
                    name: x
                  - provider: echo
                    name: y
                    values:
                      api_key: "{{env:NOT_SET}}"
                """);
        file("system/house.yaml", """
                hosted:
                  - provider: echo
                    name: house
                    tenants: "*"
                    values: {api_key: k}
                """);

        assertThatThrownBy(this::open)
                .hasMessageContainingAll(
                        "workspaces/bad.yaml:1: nam: unknown name",
                        "workspaces/bad.yaml:4: members[0].role: has to be one of",
                        "workspaces/bad.yaml:6: credentials[0].provider: there is no provider 'ecco'",
                        "workspaces/bad.yaml:11: credentials[1].values.api_key",
                        "{{env:NOT_SET}}",
                        "system/house.yaml",
                        "quota: is required of a hosted entry");
        properties.remove("bactrian.config.folder");
        try (Installation installation = open()) {
            assertThat(installation.store().tenant(new TenantId("good"))).isEmpty();
        }
    }

    @Test
    void grantsSystemCredentialsToNamedTenantsOnly() throws IOException {
        file("workspaces/acme.yaml", "name: Acme\n");
        file("workspaces/beta.yaml", "name: Beta\n");
        file("system/house.yaml", """
                system:
                  - provider: echo
                    name: house
                    tenants: [acme]
                    values: {api_key: house-key}
                """);

        try (Installation installation = open()) {
            assertThat(ask(installation, "acme", PARROT)).isEqualTo("house-key");
            assertThatThrownBy(() -> ask(installation, "beta", PARROT))
                    .hasMessageContaining("no credential for provider 'echo' and tenant 'beta'");
        }
    }

    @Test
    void countsCallsAndRefusalsUnderTheConventionsNames() {
        properties.put("bactrian.credentials.main.provider", "echo");
        properties.put("bactrian.credentials.main.api_key", "k");
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Installation.Beans beans = new Installation.Beans(
                List.of(),
                List.of(new MicrometerCallObserver(() -> Optional.of(meters), System::nanoTime)),
                List.of(),
                List.of(),
                List.of());

        try (Installation installation = open(beans)) {
            ask(installation, "", PARROT);
            assertThatThrownBy(() -> ask(installation, "nobody", PARROT)).isInstanceOf(InvokeException.class);
        }

        assertThat(meters.get("gen_ai.client.operation.duration")
                        .tags("gen_ai.operation.name", "chat", "gen_ai.provider.name", "echo")
                        .tags("gen_ai.request.model", "parrot", "error.type", "", "bactrian.phase", "")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(meters.get("gen_ai.client.operation.duration")
                        .tags("error.type", "tenant_not_found", "bactrian.phase", "TENANT")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(meters.get("gen_ai.client.token.usage")
                        .tags("gen_ai.token.type", "output")
                        .summary()
                        .totalAmount())
                .isEqualTo(5);
    }

    @Test
    void countsCallsAlsoWhereTheRegistryAppearsAfterVeryMany() {
        properties.put("bactrian.credentials.main.provider", "echo");
        properties.put("bactrian.credentials.main.api_key", "k");
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        AtomicReference<Optional<MeterRegistry>> registry = new AtomicReference<>(Optional.empty());
        AtomicLong nanos = new AtomicLong();
        Installation.Beans beans = new Installation.Beans(
                List.of(),
                List.of(new MicrometerCallObserver(registry::get, () -> nanos.addAndGet(1_000_000))),
                List.of(),
                List.of(),
                List.of());

        try (Installation installation = open(beans)) {
            for (int i = 0; i < 2_000; i++) {
                ask(installation, "", PARROT);
            }
            registry.set(Optional.of(meters));
            for (int i = 0; i < 2_000; i++) {
                ask(installation, "", PARROT);
            }
        }

        assertThat(meters.get("gen_ai.client.operation.duration").timer().count())
                .as("but for those of the first tenth of a second")
                .isGreaterThan(300);
    }

    @Test
    @DisplayName("MEM-03: names that nobody knows, of tenants, providers and models, make no series of their own")
    void countsNothingByNamesThatNobodyKnows() {
        properties.put("bactrian.credentials.main.provider", "echo");
        properties.put("bactrian.credentials.main.api_key", "k");
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Installation.Beans beans = new Installation.Beans(
                List.of(),
                List.of(new MicrometerCallObserver(() -> Optional.of(meters), System::nanoTime)),
                List.of(),
                List.of(),
                List.of());

        try (Installation installation = open(beans)) {
            for (int i = 0; i < 500; i++) {
                String tenant = "tenant-" + i;
                InvocationTarget.Model model =
                        InvocationTarget.Model.of(new ProviderId("provider-" + i), "model-" + i, ModelType.LLM);
                assertThatThrownBy(() -> ask(installation, tenant, PARROT)).isInstanceOf(InvokeException.class);
                assertThatThrownBy(() -> ask(installation, "", model)).isInstanceOf(InvokeException.class);
            }
        }

        assertThat(meters.find("gen_ai.client.operation.duration").timers())
                .as("one series for each kind of refusal")
                .hasSize(2);
    }

    @Test
    @DisplayName("MEM-03: beyond so many, models are counted together")
    void boundsTheNumberOfModelNamesThatAreCounted() {
        properties.put("bactrian.credentials.main.provider", "echo");
        properties.put("bactrian.credentials.main.api_key", "k");
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Installation.Beans beans = new Installation.Beans(
                List.of(),
                List.of(new MicrometerCallObserver(() -> Optional.of(meters), System::nanoTime)),
                List.of(),
                List.of(),
                List.of());

        try (Installation installation = open(beans)) {
            for (int i = 0; i < 1_000; i++) {
                ask(installation, "", InvocationTarget.Model.of(ScriptedDialect.ECHO, "m" + i, ModelType.LLM));
            }
        }

        assertThat(meters.find("gen_ai.client.operation.duration").timers()).hasSizeLessThanOrEqualTo(201);
        assertThat(meters.get("gen_ai.client.operation.duration")
                        .tags("gen_ai.request.model", "other")
                        .timer()
                        .count())
                .isEqualTo(800);
    }
}
