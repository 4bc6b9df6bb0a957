package io.bactrian.testkit.contract;

import io.bactrian.core.config.ApiKeyStore;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.NewCredential;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The store that a suite runs against, empty before each test, and the people who live in it. */
public interface StoreFixture {

    /** A tenant. */
    TenantId ACME = new TenantId("acme");

    /** Another tenant. */
    TenantId GLOBEX = new TenantId("globex");

    /** A tenant that is never added. */
    TenantId NOBODY = new TenantId("nobody");

    /** A provider. */
    ProviderId OPENAI = new ProviderId("openai");

    /** Another provider. */
    ProviderId LOCAL = new ProviderId("local.gpu_1");

    /** All models of a provider. */
    CredentialScope PROVIDER = new CredentialScope.OfProvider(OPENAI);

    /** One model. */
    CredentialScope MODEL = new CredentialScope.OfModel(OPENAI, "ft:gpt/4o@acme::7 \"x\"", ModelType.LLM);

    /** The store under test. The same one through the whole of a test. */
    ConfigurationStore store();

    /** The API keys of the same store. */
    ApiKeyStore apiKeys();

    /** The audit log of the same store. */
    AuditLog auditLog();

    /** Adds {@link #ACME} and {@link #GLOBEX}. */
    default void addTenants() {
        store().putTenant(new TenantRecord(ACME, "Acme", true));
        store().putTenant(new TenantRecord(GLOBEX, "Globex", true));
    }

    /** Credentials with one secret. */
    static Credentials secret(String value) {
        return Credentials.of(Map.of("api_key", new CredentialValue.Hidden(Secret.of(value))));
    }

    /** A credential with one secret, made by hand. */
    static NewCredential credential(String name, String value) {
        return new NewCredential(new CredentialName(name), secret(value), null);
    }

    /** Adds a credential with one secret. */
    default CredentialId add(TenantId tenant, CredentialScope scope, String name, String value) {
        return store().addCredential(tenant, scope, credential(name, value));
    }

    /** What a tenant has configured for {@link #OPENAI}. */
    default ProviderRecord openai(TenantId tenant) {
        return store().provider(tenant, OPENAI).orElseThrow();
    }

    /** The secret in a stored credential. */
    default String secretOf(TenantId tenant, CredentialId id) {
        ProviderRecord record = openai(tenant);
        return java.util.stream.Stream.concat(
                        record.credentials().stream(),
                        record.models().stream().flatMap(model -> model.credentials().stream()))
                .filter(stored -> stored.id().equals(id))
                .findFirst()
                .map(Suites::reveal)
                .orElseThrow();
    }

    /** Checks that an action is refused with a code. */
    static InvokeException refused(ErrorCode code, ThrowingCallable action) {
        InvokeException error = Assertions.catchThrowableOfType(InvokeException.class, action);
        Assertions.assertThat(error).as("a refusal with %s", code.text()).isNotNull();
        Assertions.assertThat(error.code()).isEqualTo(code);
        return error;
    }
}
