package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.config.ModelSetting;
import io.bactrian.core.config.NewCredential;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.provider.ProviderType;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What every configuration store has to do. A subclass gives an empty store before each test; API keys, the audit log
 * and the behavior under threads are part of it.
 */
public abstract class ConfigurationStoreContract
        implements CredentialContract,
                BalancingContract,
                RuleContract,
                CredentialRotationContract,
                CredentialVisibilityContract,
                StoreConcurrencyContract,
                ApiKeyStoreContract,
                MembershipContract,
                AuditLogContract {

    private static final UserId ANN = new UserId("ann@acme.example");
    private static final UserId BOB = new UserId("bob");

    /** For subclasses. */
    protected ConfigurationStoreContract() {}

    @Test
    void hasAName() {
        assertThat(store().name()).isNotBlank();
    }

    @Test
    void knowsNothingWhenItIsEmpty() {
        assertThat(store().tenants()).isEmpty();
        assertThat(store().tenant(ACME)).isEmpty();
        assertThat(store().provider(ACME, OPENAI)).isEmpty();
        assertThat(store().providers(ACME)).isEmpty();
        assertThat(store().defaultModel(ACME, ModelType.LLM)).isEmpty();
        assertThat(store().role(ACME, ANN)).isEmpty();
        assertThat(store().managesMembers(ACME)).isFalse();
        assertThat(store().members(ACME)).isEmpty();
        assertThat(store().managedBy(ACME, new CredentialId("none"))).isEmpty();
    }

    @Test
    void keepsTenantsInTheOrderOfTheirIds() {
        store().putTenant(new TenantRecord(GLOBEX, "Globex", true));
        store().putTenant(new TenantRecord(ACME, "Ακμή & Söhne", false));

        assertThat(store().tenants())
                .containsExactly(
                        new TenantRecord(ACME, "Ακμή & Söhne", false), new TenantRecord(GLOBEX, "Globex", true));
        assertThat(store().tenant(ACME)).contains(new TenantRecord(ACME, "Ακμή & Söhne", false));
    }

    @Test
    void changesATenantAndKeepsWhatItHas() {
        addTenants();
        CredentialId id = add(ACME, PROVIDER, "main", "s-1");

        store().putTenant(new TenantRecord(ACME, "Acme two", false));

        assertThat(store().tenant(ACME)).contains(new TenantRecord(ACME, "Acme two", false));
        assertThat(secretOf(ACME, id)).isEqualTo("s-1");
    }

    @Test
    void removesATenantWithAllItHas() {
        addTenants();
        fill(ACME);
        fill(GLOBEX);

        assertThat(store().removeTenant(ACME)).isTrue();

        assertThat(store().tenant(ACME)).isEmpty();
        assertThat(store().provider(ACME, OPENAI)).isEmpty();
        assertThat(store().providers(ACME)).isEmpty();
        assertThat(store().defaultModel(ACME, ModelType.LLM)).isEmpty();
        assertThat(store().role(ACME, ANN)).isEmpty();
        assertThat(store().members(ACME)).isEmpty();
        assertThat(openai(GLOBEX).credentials()).hasSize(1);
        assertThat(openai(GLOBEX).models()).hasSize(1);
        assertThat(store().role(GLOBEX, ANN)).contains(Role.ADMIN);
        assertThat(store().removeTenant(ACME)).isFalse();
    }

    @Test
    void startsAfreshWhenARemovedTenantIsAddedAgain() {
        addTenants();
        fill(ACME);
        long before = store().version(ACME);
        store().removeTenant(ACME);
        long removed = store().version(ACME);

        store().putTenant(new TenantRecord(ACME, "Acme", true));

        assertThat(removed).isGreaterThan(before);
        assertThat(store().version(ACME)).isGreaterThan(removed);
        assertThat(store().providers(ACME)).isEmpty();
        assertThat(store().members(ACME)).isEmpty();
        CredentialId id = add(ACME, PROVIDER, "main", "s-new");
        assertThat(openai(ACME).activeCredential()).isEqualTo(id);
        assertThat(secretOf(ACME, id)).isEqualTo("s-new");
    }

    private void fill(TenantId tenant) {
        add(tenant, PROVIDER, "main", "s-1");
        add(tenant, MODEL, "main", "s-2");
        store().putMember(tenant, new MemberRecord(ANN, Role.ADMIN));
        store().setDefaultModel(tenant, ModelType.LLM, new ModelReference(OPENAI, "gpt"));
        store().enableModel(tenant, LOCAL, new ModelSetting("m", ModelType.LLM, false));
        store().preferProviderType(tenant, OPENAI, ProviderType.SYSTEM, true);
    }

    @Test
    void givesMembersTheirRoles() {
        addTenants();
        store().putMember(ACME, new MemberRecord(BOB, Role.NORMAL));
        store().putMember(ACME, new MemberRecord(ANN, Role.OWNER));
        store().putMember(GLOBEX, new MemberRecord(ANN, Role.DATASET_OPERATOR));
        store().putMember(ACME, new MemberRecord(BOB, Role.EDITOR));

        assertThat(store().members(ACME))
                .containsExactly(new MemberRecord(ANN, Role.OWNER), new MemberRecord(BOB, Role.EDITOR));
        assertThat(store().role(ACME, ANN)).contains(Role.OWNER);
        assertThat(store().role(GLOBEX, ANN)).contains(Role.DATASET_OPERATOR);
        assertThat(store().role(GLOBEX, BOB)).isEmpty();
        assertThat(store().removeMember(ACME, ANN)).isTrue();
        assertThat(store().removeMember(ACME, ANN)).isFalse();
        assertThat(store().role(ACME, ANN)).isEmpty();
        assertThat(store().role(GLOBEX, ANN)).contains(Role.DATASET_OPERATOR);
    }

    @Test
    void doesNotLetEverybodyInWhenTheLastMemberLeaves() {
        addTenants();
        assertThat(store().managesMembers(ACME)).isFalse();
        store().putMember(ACME, new MemberRecord(ANN, Role.OWNER));
        assertThat(store().managesMembers(ACME)).isTrue();

        store().removeMember(ACME, ANN);

        assertThat(store().managesMembers(ACME)).isTrue();
        assertThat(store().managesMembers(GLOBEX)).isFalse();
    }

    @Test
    void refusesToConfigureATenantThatIsNotThere() {
        List<Runnable> writes = List.of(
                () -> add(NOBODY, PROVIDER, "main", "s"),
                () -> store().putMember(NOBODY, new MemberRecord(ANN, Role.OWNER)),
                () -> store().enableProvider(NOBODY, OPENAI, false),
                () -> store().enableModel(NOBODY, OPENAI, new ModelSetting("m", ModelType.LLM, false)),
                () -> store().preferProviderType(NOBODY, OPENAI, ProviderType.SYSTEM, false),
                () -> store().setDefaultModel(NOBODY, ModelType.LLM, new ModelReference(OPENAI, "m")));
        for (Runnable write : writes) {
            assertThat(refused(ErrorCode.TENANT_NOT_FOUND, write::run)).hasMessageContaining("nobody");
        }
        assertThat(store().tenants()).isEmpty();
        assertThat(store().removeProvider(NOBODY, OPENAI)).isFalse();
        assertThat(store().removeModel(NOBODY, OPENAI, "m", ModelType.LLM)).isFalse();
        assertThat(store().removeMember(NOBODY, ANN)).isFalse();
    }

    @Test
    void switchesAProviderOffAndOn() {
        addTenants();
        add(ACME, PROVIDER, "main", "s-1");

        store().enableProvider(ACME, OPENAI, false);
        assertThat(openai(ACME).enabled()).isFalse();
        assertThat(openai(ACME).configured()).isTrue();
        store().enableProvider(ACME, OPENAI, true);
        assertThat(openai(ACME).enabled()).isTrue();

        store().enableProvider(ACME, LOCAL, false);
        assertThat(store().provider(ACME, LOCAL).orElseThrow().configured()).isFalse();
        assertThat(store().provider(ACME, LOCAL).orElseThrow().enabled()).isFalse();
        store().enableProvider(ACME, LOCAL, true);
        assertThat(store().provider(ACME, LOCAL)).isEmpty();
        assertThat(store().providers(ACME)).containsExactly(OPENAI);
    }

    @Test
    void keepsWhoseCredentialsAreWanted() {
        addTenants();
        store().preferProviderType(ACME, OPENAI, ProviderType.SYSTEM, false);
        assertThat(openai(ACME).preferredType()).isEqualTo(ProviderType.SYSTEM);
        assertThat(openai(ACME).descend()).isFalse();
        assertThat(openai(ACME).configured()).isFalse();

        store().preferProviderType(ACME, OPENAI, null, true);
        assertThat(openai(ACME).preferredType()).isNull();
        assertThat(openai(ACME).descend()).isTrue();

        store().preferProviderType(ACME, OPENAI, null, false);
        assertThat(store().provider(ACME, OPENAI)).isEmpty();
        assertThat(store().providers(ACME)).isEmpty();
    }

    @Test
    void switchesSingleModelsOffAndOn() {
        addTenants();
        store().enableModel(ACME, OPENAI, new ModelSetting("gpt/4:o", ModelType.LLM, false));
        store().enableModel(ACME, OPENAI, new ModelSetting("gpt/4:o", ModelType.RERANK, true));
        store().enableModel(ACME, OPENAI, new ModelSetting("other", ModelType.LLM, false));
        store().enableModel(ACME, OPENAI, new ModelSetting("other", ModelType.LLM, true));

        assertThat(openai(ACME).settings())
                .containsExactlyInAnyOrder(
                        new ModelSetting("gpt/4:o", ModelType.LLM, false),
                        new ModelSetting("gpt/4:o", ModelType.RERANK, true),
                        new ModelSetting("other", ModelType.LLM, true));
        assertThat(store().provider(GLOBEX, OPENAI)).isEmpty();
    }

    @Test
    void keepsOneDefaultModelPerType() {
        addTenants();
        ModelReference gpt = new ModelReference(OPENAI, "gpt");
        ModelReference mini = new ModelReference(LOCAL, "org/mini:8b@q4");
        store().setDefaultModel(ACME, ModelType.LLM, gpt);
        store().setDefaultModel(ACME, ModelType.TEXT_EMBEDDING, gpt);
        store().setDefaultModel(ACME, ModelType.LLM, mini);

        assertThat(store().defaultModel(ACME, ModelType.LLM)).contains(mini);
        assertThat(store().defaultModel(ACME, ModelType.TEXT_EMBEDDING)).contains(gpt);
        assertThat(store().defaultModel(GLOBEX, ModelType.LLM)).isEmpty();
        store().setDefaultModel(ACME, ModelType.LLM, null);
        assertThat(store().defaultModel(ACME, ModelType.LLM)).isEmpty();
    }

    @Test
    void listsTheProvidersThatAnythingIsConfiguredFor() {
        addTenants();
        add(ACME, MODEL, "main", "s-1");
        store().enableModel(ACME, LOCAL, new ModelSetting("m", ModelType.LLM, true));
        store().preferProviderType(ACME, new ProviderId("anthropic"), ProviderType.CUSTOM, false);
        store().enableProvider(ACME, new ProviderId("zhipu"), false);

        assertThat(store().providers(ACME))
                .containsExactly(new ProviderId("anthropic"), LOCAL, OPENAI, new ProviderId("zhipu"));
        assertThat(store().providers(GLOBEX)).isEmpty();
    }

    @Test
    void resetsAProvider() {
        addTenants();
        fill(ACME);
        fill(GLOBEX);

        assertThat(store().removeProvider(ACME, OPENAI)).isTrue();

        assertThat(store().provider(ACME, OPENAI)).isEmpty();
        assertThat(store().providers(ACME)).containsExactly(LOCAL);
        assertThat(openai(GLOBEX).credentials()).hasSize(1);
        assertThat(store().removeProvider(ACME, OPENAI)).isFalse();
    }

    @Test
    void removesOneModelWithItsCredentials() {
        addTenants();
        fill(ACME);
        store().enableModel(ACME, OPENAI, new ModelSetting("ft:gpt/4o@acme::7 \"x\"", ModelType.LLM, false));

        assertThat(store().removeModel(ACME, OPENAI, "ft:gpt/4o@acme::7 \"x\"", ModelType.RERANK))
                .isFalse();
        assertThat(store().removeModel(ACME, OPENAI, "ft:gpt/4o@acme::7 \"x\"", ModelType.LLM))
                .isTrue();

        assertThat(openai(ACME).models()).isEmpty();
        assertThat(openai(ACME).credentials()).hasSize(1);
        // its switch is not part of it: a model that was switched off does not come back on
        assertThat(openai(ACME).settings()).hasSize(1);
        assertThat(store().removeModel(ACME, OPENAI, "ft:gpt/4o@acme::7 \"x\"", ModelType.LLM))
                .isFalse();
        CredentialId again = add(ACME, MODEL, "main", "s-9");
        assertThat(openai(ACME).models().get(0).activeCredential()).isEqualTo(again);
    }

    @Test
    void countsEveryChangeOfATenantAndNoOtherTenants() {
        addTenants();
        CredentialId first = add(ACME, PROVIDER, "main", "s-1");
        CredentialId second = add(ACME, MODEL, "main", "s-2");
        Map<String, Runnable> writes = new LinkedHashMap<>();
        writes.put("putTenant", () -> store().putTenant(new TenantRecord(ACME, "New", true)));
        writes.put("putMember", () -> store().putMember(ACME, new MemberRecord(ANN, Role.OWNER)));
        writes.put("removeMember", () -> store().removeMember(ACME, ANN));
        writes.put("addCredential", () -> add(ACME, PROVIDER, "other", "s-3"));
        writes.put("updateCredential", () -> store().updateCredential(
                        ACME, PROVIDER, first, 0, new CredentialName("main"), StoreFixture.secret("s-4")));
        writes.put("activateCredential", () -> store().activateCredential(ACME, MODEL, second));
        writes.put("enableProvider", () -> store().enableProvider(ACME, OPENAI, false));
        writes.put("preferProviderType", () -> store().preferProviderType(ACME, OPENAI, ProviderType.CUSTOM, true));
        writes.put("enableModel", () -> store().enableModel(ACME, OPENAI, new ModelSetting("m", ModelType.LLM, false)));
        writes.put(
                "setDefaultModel", () -> store().setDefaultModel(ACME, ModelType.LLM, new ModelReference(OPENAI, "m")));
        writes.put("removeCredential", () -> store().removeCredential(ACME, PROVIDER, first));
        writes.put("removeModel", () -> store().removeModel(ACME, OPENAI, "ft:gpt/4o@acme::7 \"x\"", ModelType.LLM));
        writes.put("removeProvider", () -> store().removeProvider(ACME, OPENAI));
        writes.put("removeTenant", () -> store().removeTenant(ACME));
        long others = store().version(GLOBEX);
        writes.forEach((name, write) -> {
            long before = store().version(ACME);
            write.run();
            assertThat(store().version(ACME)).as(name).isGreaterThan(before);
        });
        assertThat(store().version(GLOBEX)).isEqualTo(others);
    }

    @Test
    void countsNothingWhenNothingIsWritten() {
        addTenants();
        add(ACME, PROVIDER, "main", "s-1");
        long before = store().version(ACME);

        openai(ACME);
        store().tenants();
        store().managesMembers(ACME);
        refused(ErrorCode.INVALID_PARAM, () -> add(ACME, PROVIDER, "main", "s-2"));

        assertThat(store().version(ACME)).isEqualTo(before);
        assertThat(store().version(NOBODY)).isEqualTo(store().version(NOBODY));
    }

    @Test
    void remembersWhichFileManagesACredential() {
        addTenants();
        CredentialId declared = store().addCredential(
                        ACME,
                        PROVIDER,
                        new NewCredential(
                                new CredentialName("declared"), StoreFixture.secret("s-1"), "workspaces/acme.yaml"));
        CredentialId byHand = add(ACME, PROVIDER, "by hand", "s-2");
        CredentialId ofModel = store().addCredential(
                        ACME,
                        MODEL,
                        new NewCredential(new CredentialName("m"), StoreFixture.secret("s-3"), "workspaces/m.yaml"));

        assertThat(store().managedBy(ACME, declared)).contains("workspaces/acme.yaml");
        assertThat(store().managedBy(ACME, ofModel)).contains("workspaces/m.yaml");
        assertThat(store().managedBy(ACME, byHand)).isEmpty();
        assertThat(store().managedBy(GLOBEX, declared)).isEmpty();
        store().updateCredential(
                        ACME, PROVIDER, declared, 1, new CredentialName("declared"), StoreFixture.secret("s-4"));
        assertThat(store().managedBy(ACME, declared)).contains("workspaces/acme.yaml");
        store().removeCredential(ACME, PROVIDER, declared);
        assertThat(store().managedBy(ACME, declared)).isEmpty();
    }
}
