package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialVisibility;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.file.NewFile;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.limit.LimitFields;
import io.bactrian.core.limit.RateLimitRule;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.quota.BudgetFields;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.quota.QuotaAccount;
import io.bactrian.core.quota.QuotaLeases;
import io.bactrian.core.quota.QuotaLimit;
import io.bactrian.core.quota.QuotaPeriod;
import io.bactrian.core.quota.QuotaUnit;
import io.bactrian.core.rule.RuleAuthor;
import io.bactrian.core.rule.RuleRecord;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.NewToolCredential;
import io.bactrian.core.tool.OAuthState;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.usage.TokenCount;
import io.bactrian.core.usage.UsageLoss;
import io.bactrian.core.usage.UsageOutcome;
import io.bactrian.core.usage.UsageRecord;
import io.bactrian.testkit.contract.ApiKeyStoreContract;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataIntegrityViolationException;

class SchemaTest extends StoreTestBase {

    @TempDir
    private Path folder;

    private static final Set<String> TABLES = Set.of(
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
            "audit_log",
            "file_folders",
            "tool_files",
            "approvals",
            "tool_builtin_providers",
            "oauth_clients",
            "oauth_states",
            "rate_limit_windows",
            "rate_limit_permits",
            "usage_records",
            "usage_losses",
            "load_balancing_model_configs",
            "model_fallbacks",
            "credential_permissions",
            "quota_accounts",
            "quota_leases",
            "quota_parts",
            "quota_budgets",
            "rate_limit_rules",
            "cooldowns",
            "used_upload_tickets");

    private Set<String> query(String sql) {
        return new TreeSet<>(burglar.queryForList(sql, String.class));
    }

    @Test
    void makesAllTablesFromAnEmptyDatabase() {
        Set<String> tables = query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'");

        tables.remove("schema_history");
        assertThat(tables).isEqualTo(new TreeSet<>(TABLES));
        assertThat(burglar.queryForList("SELECT success FROM schema_history", Boolean.class))
                .isNotEmpty()
                .containsOnly(true);
    }

    @Test
    void tiesEveryTableToItsTenantByAForeignKey() {
        Set<String> tied = query("SELECT DISTINCT table_name FROM information_schema.table_constraints"
                + " WHERE constraint_type = 'FOREIGN KEY'");

        // what others refer to, the installation's own keys, and the log, which outlives what it tells of
        // and what is counted of limits, also of tenants that only settings know, which goes by itself
        Set<String> roots = Set.of(
                "config_versions",
                "accounts",
                "key_encryption_keys",
                "audit_log",
                "file_folders",
                "rate_limit_windows",
                "rate_limit_permits",
                "usage_records",
                "usage_losses",
                "cooldowns");
        Set<String> expected = new TreeSet<>(TABLES);
        expected.removeAll(roots);
        assertThat(tied).isEqualTo(expected);
    }

    @Test
    void namesTheTenantInEveryReferenceBetweenTenantsRows() {
        List<Map<String, Object>> foreign =
                burglar.queryForList("SELECT k.constraint_name AS name, LISTAGG(k.column_name, ',') AS columns"
                        + " FROM information_schema.key_column_usage k JOIN information_schema.table_constraints t"
                        + " ON t.constraint_name = k.constraint_name WHERE t.constraint_type = 'FOREIGN KEY'"
                        + " GROUP BY k.constraint_name");

        assertThat(foreign).hasSizeGreaterThan(10);
        // what these refer to is the installation's
        Set<String> toNoTenant =
                Set.of("tenants_version_fk", "tenant_account_joins_account_fk", "tool_files_folder_fk");
        for (Map<String, Object> key : foreign) {
            String name = String.valueOf(key.get("name"));
            if (!toNoTenant.contains(name)) {
                assertThat(String.valueOf(key.get("columns"))).as(name).contains("tenant_id");
            }
        }
    }

    @Test
    void countsTheVersionsOfEveryRowThatChanges() {
        Set<String> versioned =
                query("SELECT table_name FROM information_schema.columns WHERE column_name = 'row_version'");

        Set<String> expected = new TreeSet<>(TABLES);
        // rows of files, of persons who are sent elsewhere, of what is granted and of calls are written once
        expected.removeAll(Set.of(
                "config_versions",
                "credential_versions",
                "credential_permissions",
                "audit_log",
                "file_folders",
                "tool_files",
                "oauth_states",
                "used_upload_tickets",
                "usage_records",
                "usage_losses"));
        assertThat(versioned).isEqualTo(expected);
    }

    @Test
    void setsTimesByTheClock() {
        add(ACME, PROVIDER, "main", "s-1");

        for (String table : List.of("tenants", "providers", "provider_credentials", "data_keys")) {
            assertThat(burglar.queryForList("SELECT created_at FROM " + table, java.time.OffsetDateTime.class))
                    .as(table)
                    .isNotEmpty()
                    .allSatisfy(time -> assertThat(time.toInstant()).isEqualTo(CLOCK.instant()));
        }
    }

    @Test
    void keepsWhatRotationNeedsToKnow() {
        add(ACME, PROVIDER, "main", "s-1");

        Map<String, Object> row = burglar.queryForMap(
                "SELECT status, kek_id, key_version, row_version FROM data_keys WHERE tenant_id = 'acme'");
        assertThat(row).containsEntry("status", "primary").containsEntry("key_version", 1);
        assertThat(String.valueOf(row.get("kek_id"))).matches("[0-9a-f]{8}");
        assertThat(burglar.queryForObject("SELECT data_key_version FROM provider_credentials", Integer.class))
                .isEqualTo(1);
    }

    @Test
    void removesATenantWithoutARest() {
        add(ACME, PROVIDER, "main", "s-1");
        add(ACME, MODEL, "main", "s-2");
        store.files(folder, new FileLimits(10, null)).put(ACME, NewFile.of(null, null), new byte[1]);
        fillWithWhatToolsHave();
        useUp();
        setRules(store, ACME);
        balance();
        leaveUsage();
        share();

        store.removeTenant(ACME);

        Set<String> kept =
                Set.of("config_versions", "tenants", "accounts", "key_encryption_keys", "audit_log", "file_folders");
        for (String table : TABLES) {
            if (!kept.contains(table)) {
                assertThat(burglar.queryForObject(
                                "SELECT COUNT(*) FROM " + table + " WHERE tenant_id = 'acme'", Long.class))
                        .as(table)
                        .isZero();
            }
        }
    }

    /** Has a tenant keep a budget and a limit. */
    static void setRules(BactrianStore store, TenantId tenant) {
        BudgetRule budget = BudgetFields.of(tenant, "b", Map.of("unit", "tokens", "limit", "10", "period", "day"));
        RateLimitRule limit = LimitFields.of(tenant, "l", Map.of("requests", "10"));
        store.budgets().put(tenant, RuleRecord.of(budget, RuleAuthor.TENANT, null), null);
        store.limits().put(tenant, RuleRecord.of(limit, RuleAuthor.OPERATOR, "acme.yaml"), null);
    }

    /** Has a credential be for one member. */
    private void share() {
        UserId ann = new UserId("ann");
        CredentialId id =
                store.provider(ACME, OPENAI).orElseThrow().credentials().get(0).id();
        store.putMember(ACME, new MemberRecord(ann, Role.NORMAL));
        store.setVisibility(ACME, PROVIDER, id, new CredentialVisibility.PartialMembers(null, Set.of(ann)));
    }

    private long permissions() {
        Long count = burglar.queryForObject("SELECT COUNT(*) FROM credential_permissions", Long.class);
        return count == null ? 0 : count;
    }

    @Test
    void leavesNoPermissionBehindACredential() {
        CredentialId id = add(ACME, PROVIDER, "main", "s-1");
        share();
        assertThat(permissions()).isEqualTo(1);
        store.removeCredential(ACME, PROVIDER, id);
        assertThat(permissions()).isZero();

        add(ACME, PROVIDER, "main", "s-1");
        share();
        store.removeProvider(ACME, OPENAI);
        assertThat(permissions()).isZero();

        CredentialScope.OfModel model = (CredentialScope.OfModel) MODEL;
        CredentialId ofModel = add(ACME, MODEL, "main", "s-1");
        store.setVisibility(
                ACME, MODEL, ofModel, new CredentialVisibility.PartialMembers(null, Set.of(new UserId("ann"))));
        assertThat(permissions()).isEqualTo(1);
        store.removeModel(ACME, OPENAI, model.model(), model.type());
        assertThat(permissions()).isZero();
    }

    @Test
    void takesNoPermissionForSomebodyElsesCredentialOrMember() {
        add(ACME, PROVIDER, "main", "s-1");
        share();

        for (String change :
                List.of("SET tenant_id = 'globex'", "SET account_id = 'eve'", "SET credential_id = 'never-was'")) {
            assertThatThrownBy(() -> burglar.update("UPDATE credential_permissions " + change))
                    .as(change)
                    .isInstanceOf(DataIntegrityViolationException.class);
        }
        assertThatThrownBy(() -> burglar.update("UPDATE provider_credentials SET visibility = 'only_me'"))
                .as("for an owner who is not there")
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    private void leaveUsage() {
        Instant now = CLOCK.instant();
        UsageRecord call = new UsageRecord(
                new UUID(1, 1),
                new RequestId("r"),
                ACME,
                null,
                null,
                new InvocationTarget.DefaultModel(ModelType.LLM),
                null,
                false,
                UsageOutcome.Ended.OK,
                1,
                0,
                TokenUsage.NONE,
                TokenCount.NONE,
                null,
                now,
                Duration.ZERO,
                null);
        store.usage().append(List.of(call), List.of(new UsageLoss(new UUID(1, 2), ACME, 1, now, now)));
    }

    /** Has calls of a model be spread over all that is there, with a fallback. */
    private void balance() {
        CredentialScope.OfModel model = (CredentialScope.OfModel) MODEL;
        ProviderRecord record = store.provider(ACME, OPENAI).orElseThrow();
        store.setBalancing(
                ACME,
                OPENAI,
                new ModelBalancing(
                        model.model(),
                        model.type(),
                        true,
                        BalancingStrategy.ROUND_ROBIN,
                        false,
                        List.of(
                                BalancingEntry.of(record.credentials().get(0).id()),
                                BalancingEntry.of(record.models()
                                        .get(0)
                                        .credentials()
                                        .get(0)
                                        .id()),
                                BalancingEntry.inherit()),
                        List.of(ModelFallback.of(OPENAI, "other"))));
    }

    @Test
    void keepsEntriesThatContradictThemselvesOut() {
        add(ACME, PROVIDER, "main", "s-1");
        add(ACME, MODEL, "main", "s-2");
        balance();

        for (String change : List.of(
                "SET entry = '__inherit__' WHERE provider_credential_id IS NOT NULL",
                "SET provider_credential_id = NULL WHERE provider_credential_id IS NOT NULL",
                "SET model_credential_id = provider_credential_id WHERE provider_credential_id IS NOT NULL",
                "SET weight = 0",
                "SET tenant_id = 'globex'")) {
            assertThatThrownBy(() -> burglar.update("UPDATE load_balancing_model_configs " + change))
                    .as(change)
                    .isInstanceOf(DataIntegrityViolationException.class);
        }
    }

    @Test
    void writesOnlyTheEntriesThatHaveChanged() {
        add(ACME, PROVIDER, "main", "s-1");
        add(ACME, MODEL, "main", "s-2");
        balance();
        balance();

        assertThat(burglar.queryForList("SELECT row_version FROM load_balancing_model_configs", Long.class))
                .containsExactly(1L, 1L, 1L);
    }

    /** Leaves a node's lease behind, and what it has used of a rolling period. */
    private void useUp() {
        Duration hour = Duration.ofHours(1);
        QuotaLimit limit = new QuotaLimit(
                new QuotaAccount.Budget(ACME, null, "b"), QuotaUnit.TIMES, 1_000, new QuotaPeriod.Rolling(hour));
        QuotaLeases quotas = store.quotaTable("node", null);
        quotas.lease(new QuotaLeases.Ask(limit, 1, 1, null, "lease", hour));
        quotas.report(List.of(new QuotaLeases.Report("lease", limit, Instant.EPOCH, 1, 0, false, hour)));
        for (String table : List.of("quota_accounts", "quota_leases", "quota_parts")) {
            assertThat(burglar.queryForObject("SELECT COUNT(*) FROM " + table, Long.class))
                    .isEqualTo(1);
        }
    }

    private void fillWithWhatToolsHave() {
        ToolProviderName web = new ToolProviderName(ToolProviderType.BUILTIN, "web");
        Instant later = CLOCK.instant().plusSeconds(300);
        store.uploadNonces().use(ACME, "n1", later);
        store.toolCredentials().add(ACME, web, NewToolCredential.ofApiKey(new CredentialName("main"), secret("s-3")));
        store.oauth().putClient(ACME, web, secret("s-4"));
        store.oauth()
                .addState(new OAuthState(
                        ApiKeyStoreContract.sha256("state"), ACME, web, null, secret("s-5"), CLOCK.instant(), later));
        store.approvals()
                .request(new Approval(
                        "a1",
                        ACME,
                        null,
                        null,
                        "tool-builtin:web/fetch",
                        "{}",
                        "call",
                        Approval.Status.PENDING,
                        CLOCK.instant(),
                        later,
                        null,
                        null));
    }

    @Test
    void refusesWhatIsTooLongWithoutQuotingIt() {
        String canary = "canary-".repeat(100);
        CredentialScope scope = new CredentialScope.OfModel(OPENAI, canary, ModelType.LLM);

        assertThat(refused(ErrorCode.INVALID_PARAM, () -> add(ACME, scope, "main", "s-1")))
                .hasMessageContaining("too long")
                .hasMessageNotContaining("canary")
                .hasNoCause();
        assertThat(store.provider(ACME, OPENAI)).isEmpty();
        assertThat(refused(ErrorCode.INVALID_PARAM, () -> add(ACME, PROVIDER, "main", "canary-".repeat(100_000))))
                .hasMessageNotContaining("canary");
    }

    @Test
    void cutsWhatIsTooLongForTheAuditLog() {
        store.append(new AuditEvent(CLOCK.instant(), null, "a", "b", "s".repeat(5000), "done"));

        assertThat(store.latest(1).get(0).subject()).isEqualTo("s".repeat(1000));
    }
}
