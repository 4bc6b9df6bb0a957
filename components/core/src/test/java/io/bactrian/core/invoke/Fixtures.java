package io.bactrian.core.invoke;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialVisibility;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.NewCredential;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.SystemProvider;
import io.bactrian.core.config.SystemProviderSource;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialFormSchema;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.FormType;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.ModelCall;
import io.bactrian.core.model.ModelDialect;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ConfigurateMethod;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ParameterRule;
import io.bactrian.core.provider.ParameterType;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A small world: one provider with a key, one without, a tenant, and a dialect that answers with the key it was given. */
final class Fixtures {

    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    static final TenantId ACME = new TenantId("acme");
    static final TenantId BETA = new TenantId("beta");
    static final ProviderId OPENAI = new ProviderId("openai");
    static final ProviderId LOCAL = new ProviderId("local");
    static final CredentialScope PROVIDER = new CredentialScope.OfProvider(OPENAI);
    static final CredentialScope MODEL = new CredentialScope.OfModel(OPENAI, "gpt-4o", ModelType.LLM);
    static final InvocationTarget.Model GPT = InvocationTarget.Model.of(OPENAI, "gpt-4o", ModelType.LLM);

    final MemoryConfigurationStore store = new MemoryConfigurationStore("memory", CLOCK);
    final EchoDialect dialect = new EchoDialect();
    final Dialects dialects = new Dialects(List.of(dialect));
    final ProviderCatalog catalog = ProviderCatalog.of(List.of(() -> List.of(openai(), local())));
    final List<SystemProvider> system = new ArrayList<>();
    final List<Interceptor> interceptors = new ArrayList<>();
    final List<CallObserver> observers = new ArrayList<>();
    final List<AccessPolicy> accessPolicies = new ArrayList<>();
    final List<CredentialPolicy> credentialPolicies = new ArrayList<>();

    Fixtures() {
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        store.putTenant(new TenantRecord(BETA, "Beta", true));
    }

    static ProviderEntity openai() {
        AIModelEntity gpt = model("gpt-4o", ModelType.LLM);
        return new ProviderEntity(
                OPENAI,
                "OpenAI",
                "",
                null,
                "echo",
                "openai",
                Set.of(ModelType.LLM),
                Set.of(ConfigurateMethod.PREDEFINED_MODEL, ConfigurateMethod.CUSTOMIZABLE_MODEL),
                List.of(gpt),
                Map.of(ModelType.LLM, gpt),
                new CredentialForm(List.of(new CredentialFormSchema(
                        "api_key", "API key", FormType.SECRET_INPUT, true, null, List.of(), 0, List.of(), null))),
                null,
                Map.of());
    }

    static ProviderEntity local() {
        return new ProviderEntity(
                LOCAL,
                "Local",
                "",
                null,
                "echo",
                "local",
                Set.of(ModelType.LLM),
                Set.of(ConfigurateMethod.PREDEFINED_MODEL),
                List.of(model("tiny", ModelType.LLM)),
                Map.of(),
                CredentialForm.EMPTY,
                null,
                Map.of());
    }

    static AIModelEntity model(String name, ModelType type) {
        return new AIModelEntity(
                name,
                name,
                type,
                ConfigurateMethod.PREDEFINED_MODEL,
                Set.of(),
                null,
                null,
                false,
                List.of(new ParameterRule(
                        "temperature",
                        ParameterType.FLOAT,
                        false,
                        null,
                        BigDecimal.ZERO,
                        BigDecimal.valueOf(2),
                        null,
                        List.of())),
                false,
                null);
    }

    CredentialId add(TenantId tenant, CredentialScope scope, String name, String key) {
        return store.addCredential(tenant, scope, new NewCredential(new CredentialName(name), key(key), null));
    }

    /** Adds a credential whose key is its name. */
    CredentialId add(CredentialScope scope, String name, CredentialVisibility visibility) {
        return store.addCredential(
                ACME, scope, new NewCredential(new CredentialName(name), key(name), null, visibility));
    }

    static Credentials key(String key) {
        return Credentials.of(Map.of("api_key", new CredentialValue.Hidden(Secret.of(key))));
    }

    void grantSystem(String key, TenantId... tenants) {
        grant(key, null, List.of(), tenants);
    }

    void grant(
            String key,
            SystemProvider.HostingQuota quota,
            List<SystemProvider.RestrictModel> restrict,
            TenantId... tenants) {
        system.add(new SystemProvider(
                new StoredCredential(
                        new CredentialId("system-" + system.size()), new CredentialName("house"), 1, () -> key(key)),
                OPENAI,
                quota,
                Set.of(tenants),
                tenants.length == 0,
                restrict,
                "system/house.yaml"));
    }

    ModelManager manager() {
        return ModelManager.of(new ModelManager.Parts(
                store, assemblies(), dialects, null, observers, accessPolicies, credentialPolicies, interceptors));
    }

    ModelAssemblies assemblies() {
        return new ModelAssemblies(
                catalog, store, SystemProviderSource.of(system), Duration.ofMinutes(1), 1_000, System::nanoTime);
    }

    Resolution resolve(TenantId tenant, InvocationTarget.Model target) {
        return manager().resolver().resolve(tenant, target);
    }

    /** The key that the dialect was given for a call of that tenant. */
    String keyUsedBy(TenantId tenant) {
        return ask(manager(), tenant, GPT).text();
    }

    static LlmResult ask(ModelManager manager, TenantId tenant, InvocationTarget target) {
        return manager.instance(claim(tenant), target).invokeLlm(LlmRequest.ofText("who pays?"));
    }

    static CallerClaim claim(TenantId tenant) {
        return CallerClaim.ofTenant(
                tenant, InvokeSource.ROUTE, new RequestId("r-1"), Deadline.in(Duration.ofSeconds(30)));
    }

    static CallerClaim claim(TenantId tenant, @Nullable UserId user) {
        return claim(tenant, user, Deadline.in(Duration.ofSeconds(30)));
    }

    static CallerClaim claim(TenantId tenant, @Nullable UserId user, Deadline deadline) {
        return new CallerClaim(null, tenant, user, null, null, InvokeSource.ROUTE, 0, new RequestId("r-1"), deadline);
    }

    /** Answers with the key it was given, so that tests see who paid. */
    static final class EchoDialect implements ModelDialect {

        final List<ModelCall> calls = new CopyOnWriteArrayList<>();
        final List<LlmRequest> streamed = new CopyOnWriteArrayList<>();
        Consumer<String> judge = key -> {};
        boolean keepsCalls = true;
        BiFunction<ModelCall, String, ModelStream> streamer = (call, key) -> {
            throw new UnsupportedOperationException("no stream was scripted");
        };

        @Override
        public String name() {
            return "echo";
        }

        @Override
        public LlmResult invokeLlm(ModelCall call, LlmRequest request) {
            if (keepsCalls) {
                calls.add(call);
            }
            String key =
                    call.credentials().secret("api_key").map(Secret::reveal).orElse("no key");
            judge.accept(key);
            return new LlmResult(
                    "1",
                    call.wireModel(),
                    new PromptMessage.Assistant(key),
                    FinishReason.STOP,
                    TokenUsage.ofInput(1),
                    null,
                    null);
        }

        @Override
        public ModelStream streamLlm(ModelCall call, LlmRequest request) {
            String key =
                    call.credentials().secret("api_key").map(Secret::reveal).orElse("no key");
            if (keepsCalls) {
                streamed.add(request);
            }
            judge.accept(key);
            return streamer.apply(call, key);
        }

        @Override
        public void validate(ProviderEntity provider, Credentials credentials, Deadline deadline) {}
    }
}
