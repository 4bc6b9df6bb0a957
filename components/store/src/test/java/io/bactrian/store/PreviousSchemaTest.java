package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static io.bactrian.testkit.contract.StoreFixture.MODEL;
import static io.bactrian.testkit.contract.StoreFixture.OPENAI;
import static io.bactrian.testkit.contract.StoreFixture.PROVIDER;
import static io.bactrian.testkit.contract.StoreFixture.credential;
import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialVisibility;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.config.ModelSetting;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderType;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.NewToolCredential;
import io.bactrian.core.tool.OAuthState;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.testkit.contract.ApiKeyStoreContract;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/**
 * DB-06: a node of the previous version goes on beside one that has brought the schema up to date, and what it writes can be
 * read. The statements of versions before are kept in {@code statements-of-schema-*.sql}. When a migration is added: the
 * statements of the schema before it, and its number here.
 */
@Execution(ExecutionMode.CONCURRENT)
class PreviousSchemaTest {

    private static final String PREVIOUS = "4";

    /** Every table, so that nothing is written before what it refers to; credentials come into force at the end. */
    private static final List<String> TABLES = List.of(
            "config_versions",
            "tenants",
            "accounts",
            "tenant_account_joins",
            "data_keys",
            "key_encryption_keys",
            "credential_versions",
            "providers",
            "provider_credentials",
            "provider_models",
            "provider_model_credentials",
            "provider_model_settings",
            "tenant_default_models",
            "tenant_preferred_model_providers",
            "api_keys",
            "audit_log");

    private static final UserId ANN = new UserId("ann");

    private static void migrateToPrevious(Dialect dialect) {
        FluentConfiguration flyway = Flyway.configure();
        dialect.configure(flyway);
        flyway.dataSource(dialect.owner())
                .locations("classpath:io/bactrian/store/migration")
                .table("schema_history")
                .placeholderReplacement(false)
                .target(PREVIOUS)
                .load()
                .migrate();
    }

    private static void fill(BactrianStore store) {
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        store.putTenant(new TenantRecord(GLOBEX, "Globex", true));
        store.putMember(ACME, new MemberRecord(ANN, Role.ADMIN));
        store.addCredential(ACME, PROVIDER, credential("main", "s-1"));
        store.addCredential(ACME, MODEL, credential("of a model", "s-2"));
        store.addCredential(GLOBEX, PROVIDER, credential("theirs", "s-3"));
        store.enableModel(ACME, OPENAI, new ModelSetting("m", ModelType.LLM, false));
        store.setDefaultModel(ACME, ModelType.LLM, new ModelReference(OPENAI, "gpt"));
        store.preferProviderType(ACME, OPENAI, ProviderType.SYSTEM, true);
        store.addApiKey(
                new ApiKeyRecord("k1", ACME, "test", null, null, Instant.EPOCH, null),
                ApiKeyStoreContract.sha256("one"));
        store.append(new AuditEvent(Instant.EPOCH, ACME, "a", "b", "c", "d"));
    }

    private static void assertHasAll(BactrianStore store) throws Exception {
        assertThat(store.tenants()).hasSize(2);
        assertThat(store.role(ACME, ANN)).contains(Role.ADMIN);
        assertThat(SeveralProcessesTest.secrets(store)).containsExactly("s-1");
        assertThat(store.provider(ACME, OPENAI).orElseThrow().activeCredential())
                .isNotNull();
        assertThat(store.provider(ACME, OPENAI)
                        .orElseThrow()
                        .models()
                        .get(0)
                        .credentials()
                        .get(0)
                        .open()
                        .names())
                .containsExactly("api_key");
        assertThat(store.provider(ACME, OPENAI).orElseThrow().settings()).hasSize(1);
        assertThat(store.provider(ACME, OPENAI).orElseThrow().descend()).isTrue();
        assertThat(store.defaultModel(ACME, ModelType.LLM)).isPresent();
        assertThat(store.apiKey(ApiKeyStoreContract.sha256("one"))).isPresent();
        assertThat(store.latest(1)).hasSize(1);
        assertThat(store.health().unreadable()).isZero();
    }

    /** The columns that the previous version writes, by table; those that the database fills by itself are not among them. */
    private static Map<String, List<String>> columns(JdbcTemplate database) {
        Map<String, List<String>> columns = new LinkedHashMap<>();
        for (String table : TABLES) {
            columns.put(
                    table,
                    database.queryForList(
                            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
                                    + " AND table_name = ? AND is_identity = 'NO' ORDER BY ordinal_position",
                            String.class,
                            table));
        }
        return columns;
    }

    /** Writes one database's rows into another, by the columns of the previous version alone. */
    private static void copy(JdbcTemplate from, JdbcTemplate to, Map<String, List<String>> columns) {
        to.update("DELETE FROM config_versions");
        List<Runnable> intoForce = new ArrayList<>();
        columns.forEach((table, names) -> {
            for (Map<String, Object> row : from.queryForList("SELECT " + String.join(", ", names) + " FROM " + table)) {
                Object active = table.equals("providers") || table.equals("provider_models")
                        ? row.put("credential_id", null)
                        : null;
                to.update(
                        "INSERT INTO " + table + " (" + String.join(", ", names) + ") VALUES ("
                                + String.join(
                                        ", ", names.stream().map(name -> "?").toList()) + ")",
                        names.stream().map(row::get).toArray());
                if (active != null) {
                    intoForce.add(() -> to.update(
                            "UPDATE " + table + " SET credential_id = ? WHERE tenant_id = ? AND provider_name = ?",
                            active,
                            row.get("tenant_id"),
                            row.get("provider_name")));
                }
            }
        });
        intoForce.forEach(Runnable::run);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("DB-06: what the previous version wrote is read after the schema was brought up to date")
    void bringsTheDataOfThePreviousVersionUpToDate(Databases kind) throws Exception {
        StoreSettings newest = kind.empty();
        StoreSettings older = kind.empty().withKey(newest.key());
        try (BactrianStore store = BactrianStore.open(newest, Clock.systemUTC());
                Dialect to = kind.dialect(older);
                Dialect from = kind.dialect(newest)) {
            fill(store);
            migrateToPrevious(to);
            copy(Databases.burglar(from), Databases.burglar(to), columns(Databases.burglar(to)));

            try (BactrianStore upgraded = BactrianStore.open(older, Clock.systemUTC())) {
                assertHasAll(upgraded);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("DB-06: what the previous version writes into the newest schema is taken and read")
    void readsWhatThePreviousVersionWritesIntoTheNewestSchema(Databases kind) throws Exception {
        StoreSettings source = kind.empty();
        StoreSettings target = kind.empty().withKey(source.key());
        StoreSettings older = kind.empty();
        try (BactrianStore store = BactrianStore.open(source, Clock.systemUTC());
                Dialect from = kind.dialect(source);
                Dialect to = kind.dialect(target);
                Dialect previous = kind.dialect(older)) {
            fill(store);
            migrateToPrevious(previous);
            BactrianStore.open(target, Clock.systemUTC()).close();
            copy(Databases.burglar(from), Databases.burglar(to), columns(Databases.burglar(previous)));

            try (BactrianStore node = BactrianStore.open(target, Clock.systemUTC())) {
                assertHasAll(node);
                assertThat(node.removeTenant(ACME)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"H2,1", "H2,2", "H2,3", "H2,4", "POSTGRES,1", "POSTGRES,2", "POSTGRES,3", "POSTGRES,4"})
    @DisplayName("DB-06: the newest schema understands every statement of the versions before")
    void understandsTheStatementsOfThePreviousVersions(Databases kind, String schema) throws Exception {
        StoreSettings settings = kind.empty();
        Map<String, String> statements = statements(schema);
        assertThat(statements).hasSizeGreaterThan(60);
        try (BactrianStore store = BactrianStore.open(settings, Clock.systemUTC());
                Dialect dialect = kind.dialect(settings);
                Connection connection = dialect.user().getConnection()) {
            assertThat(store.tenants()).isEmpty();
            statements.forEach((name, sql) -> assertThatCode(() -> {
                        try (PreparedStatement prepared =
                                connection.prepareStatement(sql.replaceAll("(?<!:):[A-Za-z][A-Za-z0-9]*", "?"))) {
                            // has the server look at it
                            assertThat(prepared.getParameterMetaData().getParameterCount())
                                    .isNotNegative();
                        }
                    })
                    .as(name)
                    .doesNotThrowAnyException());
        }
    }

    /** What a version with that schema sends to remove a tenant, in this order. */
    private static final List<String> REMOVE_TENANT = List.of(
            "REMOVE_API_KEYS",
            "REMOVE_PREFERENCES",
            "REMOVE_DEFAULT_MODELS",
            "REMOVE_ALL_SETTINGS",
            "DEACTIVATE_ALL_MODELS",
            "REMOVE_ALL_MODEL_CREDENTIALS",
            "REMOVE_ALL_MODELS",
            "DEACTIVATE_PROVIDERS",
            "REMOVE_ALL_PROVIDER_CREDENTIALS",
            "REMOVE_PROVIDERS",
            "REMOVE_CREDENTIAL_VERSIONS",
            "REMOVE_DATA_KEYS",
            "REMOVE_MEMBERS",
            "REMOVE_TENANT");

    @ParameterizedTest
    @CsvSource({"H2,1", "H2,2", "H2,3", "H2,4", "POSTGRES,1", "POSTGRES,2", "POSTGRES,3", "POSTGRES,4"})
    @DisplayName("DB-06: a version that does not know all that a tenant has can still remove it, with all of that")
    void letsAPreviousVersionRemoveATenant(Databases kind, String schema) throws Exception {
        StoreSettings settings = kind.empty();
        Map<String, String> statements = statements(schema);
        ToolProviderName web = new ToolProviderName(ToolProviderType.BUILTIN, "web");
        Instant now = Clock.systemUTC().instant();
        try (BactrianStore store = BactrianStore.open(settings, Clock.systemUTC());
                Dialect dialect = kind.dialect(settings)) {
            fill(store);
            for (TenantId tenant : List.of(ACME, GLOBEX)) {
                store.toolCredentials()
                        .add(tenant, web, NewToolCredential.ofApiKey(new CredentialName("main"), secret("s")));
                store.approvals()
                        .request(new Approval(
                                "a1",
                                tenant,
                                null,
                                null,
                                "tool-builtin:web/fetch",
                                "{}",
                                "call",
                                Approval.Status.PENDING,
                                now,
                                now.plusSeconds(3600),
                                null,
                                null));
            }
            for (TenantId tenant : List.of(ACME, GLOBEX)) {
                store.oauth().putClient(tenant, web, secret("s"));
                store.uploadNonces().use(tenant, "n1", now.plusSeconds(300));
                store.oauth()
                        .addState(new OAuthState(
                                ApiKeyStoreContract.sha256(tenant.value()),
                                tenant,
                                web,
                                null,
                                secret("s"),
                                now,
                                now.plusSeconds(300)));
            }
            for (TenantId tenant : List.of(ACME, GLOBEX)) {
                balance(store, tenant);
                SchemaTest.setRules(store, tenant);
                store.putMember(tenant, new MemberRecord(ANN, Role.ADMIN));
                store.setVisibility(
                        tenant,
                        PROVIDER,
                        store.provider(tenant, OPENAI)
                                .orElseThrow()
                                .credentials()
                                .get(0)
                                .id(),
                        new CredentialVisibility.PartialMembers(null, Set.of(ANN)));
            }
            NamedParameterJdbcTemplate previous = new NamedParameterJdbcTemplate(dialect.user());
            REMOVE_TENANT.forEach(name -> previous.update(statements.get(name), Map.of("tenant", "acme")));

            for (String table : List.of(
                    "tenants",
                    "approvals",
                    "tool_builtin_providers",
                    "oauth_clients",
                    "oauth_states",
                    "used_upload_tickets",
                    "data_keys",
                    "provider_model_settings",
                    "load_balancing_model_configs",
                    "model_fallbacks",
                    "quota_budgets",
                    "rate_limit_rules",
                    "credential_permissions")) {
                String tenant = "tenants".equals(table) ? "id" : "tenant_id";
                assertThat(Databases.burglar(dialect).queryForList("SELECT " + tenant + " FROM " + table, String.class))
                        .as(table)
                        .containsExactly("globex");
            }
        }
    }

    /** Has calls of a model be spread over each credential there is for it, with a fallback. */
    private static ModelBalancing balance(BactrianStore store, TenantId tenant) {
        ProviderRecord record = store.provider(tenant, OPENAI).orElseThrow();
        CredentialScope.OfModel model = (CredentialScope.OfModel) MODEL;
        List<BalancingEntry> entries = Stream.concat(
                        record.credentials().stream(),
                        record.model(model.type(), model.model()).stream()
                                .flatMap(found -> found.credentials().stream()))
                .map(credential -> BalancingEntry.of(credential.id()))
                .toList();
        ModelBalancing balancing = new ModelBalancing(
                model.model(),
                model.type(),
                true,
                BalancingStrategy.WEIGHTED,
                true,
                entries,
                List.of(ModelFallback.of(OPENAI, "other")));
        store.setBalancing(tenant, OPENAI, balancing);
        return balancing;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "DB-06: a version that knows nothing of balancing can still remove credentials, switch models and reset a provider")
    void letsAPreviousVersionRemoveWhatCallsAreSpreadOver(Databases kind) throws Exception {
        StoreSettings settings = kind.empty();
        Map<String, String> statements = statements(PREVIOUS);
        CredentialScope.OfModel model = (CredentialScope.OfModel) MODEL;
        try (BactrianStore store = BactrianStore.open(settings, Clock.systemUTC());
                Dialect dialect = kind.dialect(settings)) {
            fill(store);
            ModelBalancing before = balance(store, ACME);
            NamedParameterJdbcTemplate previous = new NamedParameterJdbcTemplate(dialect.user());
            Map<String, Object> names = new LinkedHashMap<>(Rows.scope(ACME, MODEL));
            names.put("now", OffsetDateTime.now(Clock.systemUTC()));
            names.put("id", before.entries().get(1).key());
            names.put("enabled", false);

            previous.update(statements.get("UPDATE_SETTING"), names);
            previous.update(statements.get("DEACTIVATE_MODEL"), names);
            previous.update(statements.get("REMOVE_MODEL_CREDENTIAL"), names);

            ProviderRecord record = store.provider(ACME, OPENAI).orElseThrow();
            assertThat(record.modelEnabled(model.type(), model.model())).isFalse();
            assertThat(record.balancing(model.type(), model.model()).orElseThrow())
                    .satisfies(after -> assertThat(after.entries())
                            .containsExactly(before.entries().get(0)))
                    .satisfies(after -> assertThat(after.fallbacks()).isEqualTo(before.fallbacks()));

            for (String statement : List.of("DEACTIVATE_PROVIDER", "REMOVE_PROVIDER_CREDENTIALS", "REMOVE_SETTINGS")) {
                previous.update(statements.get(statement), names);
            }
            assertThat(store.provider(ACME, OPENAI).orElseThrow().balancing()).isEmpty();
            assertThat(Databases.burglar(dialect).queryForObject("SELECT COUNT(*) FROM model_fallbacks", Long.class))
                    .isZero();
        }
    }

    private static Map<String, String> statements(String schema) throws Exception {
        Map<String, String> statements = new LinkedHashMap<>();
        try (InputStream in = PreviousSchemaTest.class.getResourceAsStream("statements-of-schema-" + schema + ".sql")) {
            for (String part : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("(?m)^-- ")) {
                int line = part.indexOf('\n');
                if (line > 0 && part.matches("(?s)[A-Z_]+\n.*")) {
                    statements.put(
                            part.substring(0, line), part.substring(line + 1).strip());
                }
            }
        }
        return statements;
    }
}
