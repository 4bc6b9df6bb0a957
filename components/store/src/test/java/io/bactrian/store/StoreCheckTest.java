package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static io.bactrian.testkit.contract.StoreFixture.MODEL;
import static io.bactrian.testkit.contract.StoreFixture.OPENAI;
import static io.bactrian.testkit.contract.StoreFixture.PROVIDER;
import static io.bactrian.testkit.contract.StoreFixture.credential;
import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.NewToolCredential;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.store.StoreCheck.Finding;
import io.bactrian.store.StoreCheck.Level;
import io.bactrian.store.StoreCheck.Report;
import io.bactrian.store.StoreCheck.Subject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;

@Execution(ExecutionMode.CONCURRENT)
class StoreCheckTest {

    @TempDir
    private Path folder;

    private static Report check(StoreSettings settings) {
        return StoreCheck.run(settings, Clock.systemUTC());
    }

    private static List<String> problems(Report report) {
        return report.findings().stream()
                .filter(finding -> finding.level() == Level.PROBLEM)
                .map(finding -> finding.subject() + ": " + finding.message())
                .toList();
    }

    private static BactrianStore filled(StoreSettings settings) {
        BactrianStore store = BactrianStore.open(settings, Clock.systemUTC());
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        store.putTenant(new TenantRecord(GLOBEX, "Globex", true));
        store.addCredential(ACME, PROVIDER, credential("main", "s-1"));
        store.addCredential(ACME, MODEL, credential("of a model", "s-2"));
        store.addCredential(GLOBEX, PROVIDER, credential("theirs", "s-3"));
        return store;
    }

    @ParameterizedTest
    @EnumSource
    void findsAWholeStoreWholeAndLeavesItAsItIs(Databases kind) {
        StoreSettings settings = kind.empty();
        try (BactrianStore store = filled(settings)) {
            Report report = check(settings);

            assertThat(report.whole()).as("%s", report).isTrue();
            assertThat(report.findings())
                    .extracting(Finding::subject)
                    .containsAll(EnumSet.complementOf(EnumSet.of(Subject.FILES)));
            assertThat(report.findings()).extracting(Finding::level).containsOnly(Level.FINE);
            assertThat(report.findings())
                    .extracting(Finding::message)
                    .contains("all 3 credentials open", "all 2 data keys open");
            assertThat(store.tenants()).hasSize(2);
            assertThat(store.latest(10)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesACredentialThatDoesNotOpenAndTakesNothingDown(Databases kind) {
        StoreSettings settings = kind.empty();
        try (BactrianStore store = filled(settings);
                Dialect dialect = kind.dialect(settings)) {
            Databases.burglar(dialect)
                    .update("UPDATE provider_credentials SET encrypted_config = ? WHERE tenant_id = 'globex'", (Object)
                            new byte[] {1, 2, 3});

            Report report = check(settings);

            assertThat(report.whole()).isFalse();
            assertThat(problems(report)).singleElement().asString().contains("CREDENTIALS", "globex");
            assertThat(report.toString()).doesNotContain("s-1", "s-2");
            assertThat(store.latest(10)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void looksAtWhatToolsHaveToo(Databases kind) {
        StoreSettings settings = kind.empty();
        ToolProviderName web = new ToolProviderName(ToolProviderType.BUILTIN, "web");
        Instant now = Clock.systemUTC().instant();
        try (BactrianStore store = filled(settings);
                Dialect dialect = kind.dialect(settings)) {
            store.toolCredentials()
                    .add(ACME, web, NewToolCredential.ofApiKey(new CredentialName("main"), secret("s-4")));
            store.approvals()
                    .request(new Approval(
                            "a1",
                            ACME,
                            null,
                            null,
                            "tool-builtin:web/fetch",
                            "{\"s\":5}",
                            "call",
                            Approval.Status.PENDING,
                            now,
                            now.plusSeconds(3600),
                            null,
                            null));
            assertThat(check(settings).findings())
                    .extracting(Finding::message)
                    .contains("all 4 credentials open", "all 1 approvals open");
            Databases.burglar(dialect).update("UPDATE tool_builtin_providers SET encrypted_credentials = ?", (Object)
                    new byte[] {1, 2, 3});
            Databases.burglar(dialect).update("UPDATE approvals SET tool = 'tool-builtin:web/other'");

            Report report = check(settings);

            assertThat(problems(report)).hasSize(2).allMatch(problem -> problem.startsWith("CREDENTIALS"));
            assertThat(problems(report).get(1)).contains("approval a1 of tenant acme");
            assertThat(store.latest(10)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void findsWhatRefersToNothing(Databases kind) {
        StoreSettings settings = kind.empty();
        try (BactrianStore store = filled(settings);
                Dialect dialect = kind.dialect(settings)) {
            assertThat(store.tenants()).hasSize(2);
            JdbcTemplate burglar = Databases.burglar(dialect);
            // what a restore without its constraints leaves behind
            burglar.execute("ALTER TABLE providers DROP CONSTRAINT providers_credential_fk");
            burglar.update("UPDATE providers SET credential_id = 'gone' WHERE tenant_id = 'acme'");

            assertThat(problems(check(settings)))
                    .singleElement()
                    .asString()
                    .contains("REFERENCES", "1 rows of providers");
        }
    }

    @ParameterizedTest
    @EnumSource
    void findsEntriesOfCredentialsThatAreNotThere(Databases kind) {
        StoreSettings settings = kind.empty();
        try (BactrianStore store = filled(settings);
                Dialect dialect = kind.dialect(settings)) {
            BalancingEntry entry = BalancingEntry.of(credentialOf(store, GLOBEX).id());
            ModelBalancing balancing = new ModelBalancing(
                    "m",
                    ModelType.LLM,
                    true,
                    BalancingStrategy.ROUND_ROBIN,
                    false,
                    List.of(entry, BalancingEntry.inherit()),
                    List.of(ModelFallback.of(OPENAI, "other")));
            store.setBalancing(GLOBEX, OPENAI, balancing);
            assertThat(check(settings).whole()).isTrue();
            JdbcTemplate burglar = Databases.burglar(dialect);
            // what a restore without its constraints leaves behind
            burglar.execute("ALTER TABLE load_balancing_model_configs"
                    + " DROP CONSTRAINT load_balancing_model_configs_provider_fk");
            burglar.execute("ALTER TABLE model_fallbacks DROP CONSTRAINT model_fallbacks_setting_fk");
            burglar.update("UPDATE load_balancing_model_configs SET entry = 'gone', provider_credential_id = 'gone'"
                    + " WHERE provider_credential_id IS NOT NULL");
            burglar.update("UPDATE model_fallbacks SET model_name = 'gone'");
            burglar.execute("ALTER TABLE credential_permissions DROP CONSTRAINT credential_permissions_member_fk");
            burglar.update("INSERT INTO credential_permissions (tenant_id, credential_id, account_id, created_at)"
                    + " SELECT tenant_id, id, 'gone', created_at FROM provider_credentials"
                    + " WHERE tenant_id = 'globex'");

            assertThat(problems(check(settings)))
                    .hasSize(3)
                    .anyMatch(problem -> problem.contains("1 rows of credential_permissions"))
                    .anyMatch(problem -> problem.contains("1 rows of load_balancing_model_configs"))
                    .anyMatch(problem -> problem.contains("1 rows of model_fallbacks"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void findsRulesOfATenantThatIsNotThere(Databases kind) {
        StoreSettings settings = kind.empty();
        try (BactrianStore store = filled(settings);
                Dialect dialect = kind.dialect(settings)) {
            SchemaTest.setRules(store, GLOBEX);
            assertThat(check(settings).whole()).isTrue();
            JdbcTemplate burglar = Databases.burglar(dialect);
            for (String table : List.of("quota_budgets", "rate_limit_rules")) {
                burglar.execute("ALTER TABLE " + table + " DROP CONSTRAINT " + table + "_tenant_fk");
                burglar.update("UPDATE " + table + " SET tenant_id = 'gone'");
            }

            assertThat(problems(check(settings)))
                    .hasSize(2)
                    .anyMatch(problem -> problem.contains("1 rows of quota_budgets"))
                    .anyMatch(problem -> problem.contains("1 rows of rate_limit_rules"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheWrongKeyFromTheRightOne(Databases kind) {
        StoreSettings settings = kind.empty();
        try (BactrianStore store = filled(settings)) {
            assertThat(store.tenants()).hasSize(2);

            List<String> problems =
                    problems(check(settings.withKey(new KeySource.Value("another", KeySource.newKey()))));
            assertThat(problems).singleElement().asString().contains("KEY", "another");
            problems = problems(
                    check(settings.withKey(new KeySource.KeyFile("bactrian.store.key-file", folder.resolve("none")))));
            assertThat(problems).singleElement().asString().contains("KEY", "bactrian.store.key-file");
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsOfASchemaThatIsBehindAheadOrAnother(Databases kind) {
        StoreSettings settings = kind.empty();
        try (Dialect dialect = kind.dialect(settings)) {
            BrokenOffMigrationTest.migrateTo("1", dialect);
            Report older = check(settings);
            assertThat(older.whole()).isTrue();
            assertThat(older.findings())
                    .anyMatch(finding -> finding.subject() == Subject.SCHEMA
                            && finding.level() == Level.NOTICE
                            && finding.message().contains("at 1"));
            filled(settings).close();
            JdbcTemplate burglar = Databases.burglar(dialect);
            burglar.update("INSERT INTO schema_history (installed_rank, version, description, type, script, checksum,"
                    + " installed_by, execution_time, success) VALUES (99, '99', 'of tomorrow', 'SQL',"
                    + " 'V99__of_tomorrow.sql', 1, 'x', 1, TRUE)");
            Report newer = check(settings);
            assertThat(newer.whole()).isTrue();
            assertThat(newer.findings())
                    .anyMatch(finding -> finding.subject() == Subject.SCHEMA
                            && finding.level() == Level.NOTICE
                            && finding.message().contains("99"));

            burglar.update("UPDATE schema_history SET checksum = checksum + 1 WHERE version = '1'");
            assertThat(problems(check(settings))).singleElement().asString().contains("SCHEMA", "migration 1");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A restore that went to another database or schema does not pass for one that went well")
    void findsAProblemInADatabaseWithNothingOfOurs(Databases kind) {
        StoreSettings settings = kind.empty();
        try (Dialect dialect = kind.dialect(settings)) {
            assertThat(problems(check(settings)))
                    .singleElement()
                    .asString()
                    .contains("SCHEMA", "nothing of this product", "currentSchema", "empty schema");

            Databases.burglar(dialect).execute("CREATE TABLE theirs (x INTEGER)");
            assertThat(problems(check(settings)))
                    .as("beside tables of somebody else")
                    .singleElement()
                    .asString()
                    .contains("SCHEMA", "nothing of this product", "somebody else");
        }
    }

    @ParameterizedTest
    @EnumSource
    void opensTheValuesBeforeARotationAsLongAsTheyAreOfUse(Databases kind) {
        StoreSettings settings = kind.empty();
        try (BactrianStore store = filled(settings);
                Dialect dialect = kind.dialect(settings)) {
            CredentialId id = credentialOf(store, GLOBEX).id();
            store.rotateCredential(GLOBEX, PROVIDER, id, secret("s-4"), Duration.ofHours(1));
            assertThat(check(settings).findings())
                    .extracting(Finding::message)
                    .contains("so do the values that 1 of them had before a rotation");
            Databases.burglar(dialect)
                    .update("UPDATE provider_credentials SET previous_config = ? WHERE tenant_id = 'globex'", (Object)
                            new byte[] {1, 2, 3});

            Report report = check(settings);

            assertThat(problems(report))
                    .singleElement()
                    .asString()
                    .contains("CREDENTIALS", "globex", "before the rotation");
            assertThat(report.toString()).doesNotContain("s-3", "s-4");
            Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(2));
            assertThat(StoreCheck.run(settings, later).whole()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesPreviousValuesWithoutATimeForNone(Databases kind) throws Exception {
        StoreSettings settings = kind.empty();
        try (BactrianStore store = filled(settings);
                Dialect dialect = kind.dialect(settings)) {
            CredentialId id = credentialOf(store, GLOBEX).id();
            store.rotateCredential(GLOBEX, PROVIDER, id, secret("s-4"), Duration.ofHours(1));
            Databases.burglar(dialect).update("UPDATE provider_credentials SET previous_until = NULL");

            StoredCredential credential = credentialOf(store, GLOBEX);
            assertThat(credential.open().secret("api_key").map(Secret::reveal)).contains("s-4");
            assertThat(credential.previous()).isEmpty();
            Report report = check(settings);
            assertThat(report.whole()).as("%s", report).isTrue();
        }
    }

    private static StoredCredential credentialOf(BactrianStore store, TenantId tenant) {
        return store.provider(tenant, OPENAI).orElseThrow().credentials().get(0);
    }

    @ParameterizedTest
    @EnumSource
    void unwrapsTheDataKeysThatEncryptNothingYet(Databases kind) {
        StoreSettings settings = kind.empty();
        TenantId third = new TenantId("third");
        try (BactrianStore store = filled(settings);
                Dialect dialect = kind.dialect(settings)) {
            store.putTenant(new TenantRecord(third, "without credentials", true));
            assertThat(store.keys().rotateDataKey(third)).isEqualTo(1);
            assertThat(store.keys().rotateDataKey(GLOBEX)).isEqualTo(2);
            assertThat(check(settings).findings()).extracting(Finding::message).contains("all 4 data keys open");
            JdbcTemplate burglar = Databases.burglar(dialect);
            Object damaged = new byte[] {1, 2, 3};
            burglar.update(
                    "UPDATE data_keys SET wrapped_key = ? WHERE tenant_id = 'globex' AND status = 'primary'", damaged);
            burglar.update("UPDATE data_keys SET wrapped_key = ? WHERE tenant_id = 'third'", damaged);

            assertThat(problems(check(settings)))
                    .satisfiesExactlyInAnyOrder(
                            problem -> assertThat(problem).startsWith("KEY: data key 2 of tenant globex"),
                            problem -> assertThat(problem).startsWith("KEY: data key 1 of tenant third"));
            assertThat(store.latest(10)).noneMatch(event -> event.action().equals("credential.unreadable"));
        }
    }

    @Test
    void findsNoDatabaseWhereThereIsNoneAndMakesNone() {
        Path data = folder.resolve("data");

        assertThat(problems(check(StoreSettings.embedded(data)))).anyMatch(problem -> problem.contains("DATABASE"));

        assertThat(data).doesNotExist();
    }

    @Test
    void looksAtAnEmbeddedDatabaseThatIsInUse() {
        StoreSettings settings = StoreSettings.embedded(folder.resolve("data"));
        try (BactrianStore store = filled(settings)) {
            assertThat(check(settings).whole()).isTrue();
            assertThat(store.tenants()).hasSize(2);
        }
        assertThat(check(settings).whole()).isTrue();
    }

    @Test
    void tellsOfAServerThatIsAway() throws Exception {
        int nobody;
        try (TcpProxy proxy = new TcpProxy(1)) {
            nobody = proxy.port();
        }

        List<String> problems = problems(check(StoreSettings.postgres(
                PostgresServer.url("localhost", nobody, "x"), PostgresServer.login(), PostgresServer.key())));

        assertThat(problems).singleElement().asString().startsWith("DATABASE");
    }
}
