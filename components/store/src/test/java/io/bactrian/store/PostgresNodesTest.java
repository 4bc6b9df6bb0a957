package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static io.bactrian.testkit.contract.StoreFixture.OPENAI;
import static io.bactrian.testkit.contract.StoreFixture.PROVIDER;
import static io.bactrian.testkit.contract.StoreFixture.credential;
import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.UserId;
import io.bactrian.testkit.contract.ApiKeyStoreContract;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.core.JdbcTemplate;

/** Several nodes on one database. A second is promised; a busy machine may take longer to get round to it. */
@Execution(ExecutionMode.CONCURRENT)
class PostgresNodesTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final UserId ANN = new UserId("ann");
    private static final String HASH = ApiKeyStoreContract.sha256("one");

    private final PostgresServer server = PostgresServer.shared();
    private final String database = server.database();
    private final StoreSettings settings = server.settings(database);
    private final JdbcTemplate burglar = server.burglar(database);
    private BactrianStore one;
    private BactrianStore two;
    private BactrianStore three;

    @BeforeEach
    void open() {
        one = BactrianStore.open(settings, Clock.systemUTC());
        two = BactrianStore.open(settings, Clock.systemUTC());
        three = BactrianStore.open(settings, Clock.systemUTC());
        one.putTenant(new TenantRecord(ACME, "Acme", true));
        one.putTenant(new TenantRecord(GLOBEX, "Globex", true));
        inForceEverywhere();
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
        three.close();
    }

    private void inForceEverywhere() {
        await().atMost(SOON)
                .until(() -> two.version(ACME) == one.version(ACME)
                        && three.version(ACME) == one.version(ACME)
                        && two.version(GLOBEX) == one.version(GLOBEX));
    }

    private static String secretOn(BactrianStore node) throws Exception {
        return SeveralProcessesTest.secrets(node).get(0);
    }

    @Test
    @DisplayName("CACHE-01: a secret changed on one node is in force on the others, and never the old one again")
    void hasTheNewSecretInForceOnEveryNode() throws Exception {
        CredentialId id = one.addCredential(ACME, PROVIDER, credential("main", "s-0"));
        inForceEverywhere();
        assertThat(secretOn(two)).isEqualTo("s-0");

        for (int change = 1; change <= 5; change++) {
            long before = two.version(ACME);
            one.updateCredential(ACME, PROVIDER, id, 0, new CredentialName("main"), secret("s-" + change));
            assertThat(secretOn(one)).isEqualTo("s-" + change);
            await().atMost(SOON).until(() -> two.version(ACME) > before);
            assertThat(secretOn(two)).isEqualTo("s-" + change);
        }
    }

    @Test
    @DisplayName("CACHE-01: how calls are spread follows too, and a removed credential leaves it on every node")
    void spreadsCallsAlikeOnEveryNode() {
        CredentialId main = one.addCredential(ACME, PROVIDER, credential("main", "s-1"));
        ModelBalancing balancing = new ModelBalancing(
                "gpt",
                ModelType.LLM,
                true,
                BalancingStrategy.WEIGHTED,
                false,
                List.of(new BalancingEntry(main, true, 3), BalancingEntry.inherit()),
                List.of(ModelFallback.of(OPENAI, "other")));
        one.setBalancing(ACME, OPENAI, balancing);
        inForceEverywhere();
        for (BactrianStore node : List.of(two, three)) {
            assertThat(node.provider(ACME, OPENAI).orElseThrow().balancing()).containsExactly(balancing);
        }
        assertThatThrownBy(() -> two.replaceBalancing(ACME, OPENAI, null, balancing))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("read it again");

        two.removeCredential(ACME, PROVIDER, main);
        await().atMost(SOON).until(() -> one.version(ACME) == two.version(ACME));
        assertThat(one.provider(ACME, OPENAI)
                        .flatMap(record -> record.balancing(ModelType.LLM, "gpt"))
                        .orElseThrow()
                        .entries())
                .containsExactly(BalancingEntry.inherit());
    }

    @Test
    @DisplayName("CACHE-01: roles, members, default models, tenants and API keys follow too")
    void hasEverythingElseInForceOnEveryNode() {
        one.putMember(ACME, new MemberRecord(ANN, Role.NORMAL));
        one.setDefaultModel(ACME, ModelType.LLM, new ModelReference(OPENAI, "gpt-1"));
        one.addApiKey(new ApiKeyRecord("k1", ACME, "test", null, null, Instant.EPOCH, null), HASH);
        inForceEverywhere();
        for (BactrianStore node : List.of(two, three)) {
            assertThat(node.role(ACME, ANN)).contains(Role.NORMAL);
            assertThat(node.managesMembers(ACME)).isTrue();
            assertThat(node.defaultModel(ACME, ModelType.LLM)).contains(new ModelReference(OPENAI, "gpt-1"));
            assertThat(node.tenant(ACME).orElseThrow().enabled()).isTrue();
            assertThat(node.apiKey(HASH).orElseThrow().revokedAt()).isNull();
        }

        two.removeMember(ACME, ANN);
        two.setDefaultModel(ACME, ModelType.LLM, null);
        two.revokeApiKey(ACME, "k1");
        two.putTenant(new TenantRecord(ACME, "Acme", false));

        for (BactrianStore node : List.of(one, three)) {
            await().atMost(SOON).until(() -> node.version(ACME) == two.version(ACME));
            assertThat(node.role(ACME, ANN)).isEmpty();
            assertThat(node.managesMembers(ACME)).isTrue();
            assertThat(node.defaultModel(ACME, ModelType.LLM)).isEmpty();
            assertThat(node.tenant(ACME).orElseThrow().enabled()).isFalse();
            assertThat(node.apiKey(HASH).orElseThrow().revokedAt()).isNotNull();
        }
    }

    @Test
    void asksTheDatabaseNothingForAWarmCall() {
        one.putMember(ACME, new MemberRecord(ANN, Role.NORMAL));
        one.addApiKey(new ApiKeyRecord("k1", ACME, "test", null, null, Instant.EPOCH, null), HASH);
        inForceEverywhere();
        askAll(two);
        burglar.execute("ALTER TABLE tenants RENAME TO hidden_tenants");
        burglar.execute("ALTER TABLE tenant_account_joins RENAME TO hidden_joins");
        burglar.execute("ALTER TABLE tenant_default_models RENAME TO hidden_defaults");
        burglar.execute("ALTER TABLE api_keys RENAME TO hidden_keys");

        for (int i = 0; i < 100; i++) {
            askAll(two);
        }
    }

    private static void askAll(BactrianStore node) {
        assertThat(node.tenant(ACME)).isPresent();
        assertThat(node.managesMembers(ACME)).isTrue();
        assertThat(node.role(ACME, ANN)).isPresent();
        assertThat(node.defaultModel(ACME, ModelType.LLM)).isEmpty();
        assertThat(node.apiKey(HASH)).isPresent();
    }

    @Test
    @DisplayName("CACHE-06: a removed tenant is gone on every node, and what is under way fails cleanly")
    void forgetsARemovedTenantOnEveryNode() throws Exception {
        one.addCredential(ACME, PROVIDER, credential("main", "s-0"));
        one.addApiKey(new ApiKeyRecord("k1", ACME, "test", null, null, Instant.EPOCH, null), HASH);
        inForceEverywhere();
        for (BactrianStore node : List.of(two, three)) {
            assertThat(secretOn(node)).isEqualTo("s-0");
            assertThat(node.tenant(ACME)).isPresent();
            assertThat(node.apiKey(HASH)).isPresent();
        }
        long before = two.version(ACME);

        one.removeTenant(ACME);

        for (BactrianStore node : List.of(two, three)) {
            await().atMost(SOON).until(() -> node.version(ACME) > before);
            assertThat(node.tenant(ACME)).isEmpty();
            assertThat(node.provider(ACME, OPENAI)).isEmpty();
            assertThat(node.apiKey(HASH)).isEmpty();
            assertThatThrownBy(() -> node.addCredential(ACME, PROVIDER, credential("late", "s-1")))
                    .isInstanceOf(BadRequestException.class);
            assertThat(node.tenant(GLOBEX)).isPresent();
        }
        assertThat(burglar.queryForObject("SELECT COUNT(*) FROM data_keys", Long.class))
                .isZero();
    }

    @Test
    @DisplayName("CACHE-01: who looks for a change has it when the look is over, long before the poll")
    void knowsAChangeOnceItHasLooked() {
        // nobody announces what the burglar does
        try (BactrianStore slow =
                BactrianStore.open(settings.withPollInterval(Duration.ofMillis(750)), Clock.systemUTC())) {
            for (int change = 0; change < 10; change++) {
                burglar.update("UPDATE config_versions SET version = version + 1 WHERE tenant_id = '*'");
                burglar.update("UPDATE config_versions SET version ="
                        + " (SELECT version FROM config_versions WHERE tenant_id = '*') WHERE tenant_id = 'acme'");
                long now = burglar.queryForObject(
                        "SELECT version FROM config_versions WHERE tenant_id = 'acme'", Long.class);
                slow.refresh(ACME);
                assertThat(slow.version(ACME)).isEqualTo(now);
            }
        }
    }

    @Test
    @DisplayName("CACHE-02: a change that nobody announces is noticed all the same")
    void noticesAChangeThatWasNotAnnounced() {
        long before = two.version(ACME);
        burglar.update("UPDATE config_versions SET version = version + 1 WHERE tenant_id = '*'");
        burglar.update("UPDATE config_versions SET version ="
                + " (SELECT version FROM config_versions WHERE tenant_id = '*') WHERE tenant_id = 'acme'");

        await().atMost(SOON).until(() -> two.version(ACME) > before && three.version(ACME) > before);
    }

    @Test
    @DisplayName("CACHE-02: changes are noticed though the listening connections are cut, and listening begins again")
    void noticesChangesWhileNobodyListens() {
        await().atMost(SOON).until(() -> listeners().size() == 3);
        List<Integer> listening = listeners();
        for (int round = 0; round < 3; round++) {
            listeners().forEach(pid -> burglar.queryForList("SELECT pg_terminate_backend(?)", pid));
            long before = two.version(ACME);

            one.putTenant(new TenantRecord(ACME, "Acme " + round, true));

            await().atMost(SOON).until(() -> two.version(ACME) > before);
            assertThat(two.tenant(ACME).map(TenantRecord::name)).contains("Acme " + round);
        }
        await().atMost(SOON).until(() -> listeners().size() == 3);
        assertThat(listeners()).doesNotContainAnyElementsOf(listening);
    }

    private List<Integer> listeners() {
        return burglar.queryForList(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'bactrian-listener'",
                Integer.class);
    }

    @Test
    void isWokenByWhatOthersAnnounce() throws Exception {
        PostgresDialect dialect = PostgresDialect.connect(settings);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch woken = new CountDownLatch(2);
        try (Dialect.Listening listening = dialect.listen(() -> {
            begun.countDown();
            woken.countDown();
        })) {
            assertThat(listening).isNotNull();
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

            one.putTenant(new TenantRecord(ACME, "Acme", false));

            assertThat(woken.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
