package io.bactrian.bench.micro;

import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialVisibility;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.NewCredential;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialFormSchema;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.FormType;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.model.DialectEnvironment;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.ModelCall;
import io.bactrian.core.model.ModelDialect;
import io.bactrian.core.model.ModelDialectFactory;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ConfigurateMethod;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.provider.ProviderSource;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A provider whose model gives one prepared answer: what remains is what everything around it costs. */
final class Scripted implements ModelDialect, ModelDialectFactory {

    static final ProviderId PROVIDER = new ProviderId("scripted");
    static final String MODEL = "parrot";
    static final UserId MEMBER = new UserId("alice@bench.example");
    static final CredentialScope SCOPE = new CredentialScope.OfProvider(PROVIDER);

    private static final LlmResult ANSWER = new LlmResult(
            "chatcmpl-1",
            MODEL,
            new PromptMessage.Assistant("two humps"),
            FinishReason.STOP,
            new TokenUsage(74, 0, 0, 0, 211, 0, 0),
            null,
            null);

    static ProviderEntity provider() {
        AIModelEntity model = new AIModelEntity(
                MODEL,
                "Parrot",
                ModelType.LLM,
                ConfigurateMethod.PREDEFINED_MODEL,
                Set.of(),
                128_000,
                null,
                false,
                List.of(),
                true,
                null);
        CredentialForm form = new CredentialForm(List.of(new CredentialFormSchema(
                "api_key", "API key", FormType.SECRET_INPUT, true, null, List.of(), 0, List.of(), null)));
        return new ProviderEntity(
                PROVIDER,
                "Scripted",
                "",
                null,
                "scripted",
                "scripted",
                Set.of(ModelType.LLM),
                Set.of(ConfigurateMethod.PREDEFINED_MODEL, ConfigurateMethod.CUSTOMIZABLE_MODEL),
                List.of(model),
                Map.of(ModelType.LLM, model),
                form,
                null,
                Map.of());
    }

    static Credentials key(int i) {
        return Credentials.of(Map.of("api_key", new CredentialValue.Hidden(Secret.of("bench-key-" + i))));
    }

    /** Adds tenants with a member each and so many credentials of which the first is in use. */
    static TenantId[] addTenants(ConfigurationStore store, int tenants, int credentials) {
        TenantId[] added = new TenantId[tenants];
        for (int i = 0; i < tenants; i++) {
            TenantId tenant = new TenantId("tenant-" + i);
            added[i] = tenant;
            store.putTenant(new TenantRecord(tenant, "Tenant " + i, true));
            store.putMember(tenant, new MemberRecord(MEMBER, Role.NORMAL));
            for (int c = 0; c < credentials; c++) {
                store.addCredential(tenant, SCOPE, new NewCredential(new CredentialName("key-" + c), key(c), null));
            }
        }
        return added;
    }

    /** Adds a tenant with two members, and a credential for each of them alone; the member's is in use. */
    static TenantId addGuarded(ConfigurationStore store) {
        TenantId tenant = new TenantId("guarded");
        UserId other = new UserId("other");
        store.putTenant(new TenantRecord(tenant, "Guarded", true));
        for (UserId user : List.of(MEMBER, other)) {
            store.putMember(tenant, new MemberRecord(user, Role.NORMAL));
            store.addCredential(
                    tenant,
                    SCOPE,
                    new NewCredential(
                            new CredentialName(user.value()), key(0), null, new CredentialVisibility.OnlyMe(user)));
        }
        return tenant;
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public List<ModelDialect> dialects(DialectEnvironment environment) {
        return List.of(this);
    }

    @Override
    public List<ProviderSource> providers(DialectEnvironment environment) {
        return List.of(() -> List.of(provider()));
    }

    @Override
    public LlmResult invokeLlm(ModelCall call, LlmRequest request) {
        return ANSWER;
    }

    @Override
    public void validate(ProviderEntity provider, Credentials credentials, Deadline deadline) {}
}
