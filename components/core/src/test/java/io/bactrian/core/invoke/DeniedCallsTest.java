package io.bactrian.core.invoke;

import static io.bactrian.core.invoke.Fixtures.ACME;
import static io.bactrian.core.invoke.Fixtures.BETA;
import static io.bactrian.core.invoke.Fixtures.GPT;
import static io.bactrian.core.invoke.Fixtures.LOCAL;
import static io.bactrian.core.invoke.Fixtures.OPENAI;
import static io.bactrian.core.invoke.Fixtures.PROVIDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.bactrian.core.access.Scopes;
import io.bactrian.core.balance.BalancingSettings;
import io.bactrian.core.balance.LoadBalancingManager;
import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.FailureClass;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.CallPath;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every call that is denied is in the audit log, and once. */
class DeniedCallsTest {

    private static final UserId DORA = new UserId("dora");
    private static final ApiKeyId KEY = new ApiKeyId("ak_1");

    private final Fixtures world = new Fixtures();

    private ModelManager manager() {
        return ModelManager.of(new ModelManager.Parts(
                        world.store,
                        world.assemblies(),
                        world.dialects,
                        null,
                        world.observers,
                        world.accessPolicies,
                        world.credentialPolicies,
                        world.interceptors)
                .withBalancing(new LoadBalancingManager(
                        BalancingSettings.DEFAULTS.withRetries(0), System::nanoTime, Clock.systemUTC()))
                .withAudit(world.store));
    }

    private static CallerClaim claim(@Nullable TenantId endpoint, @Nullable UserId user, @Nullable ApiKeyId key) {
        return new CallerClaim(
                endpoint,
                ACME,
                user,
                null,
                null,
                InvokeSource.HTTP,
                0,
                new RequestId("r-1"),
                Deadline.in(Duration.ofSeconds(30)),
                CallPath.NONE,
                key);
    }

    private String ask(CallerClaim claim) {
        return manager().instance(claim, GPT).invokeLlm(LlmRequest.ofText("hi")).text();
    }

    private void denied(ErrorCode code, CallerClaim claim) {
        assertThatThrownBy(() -> ask(claim)).isInstanceOfSatisfying(InvokeException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    private void key(String... scopes) {
        world.store.addApiKey(
                new ApiKeyRecord(
                        KEY.value(),
                        ACME,
                        "test",
                        null,
                        null,
                        Role.NORMAL,
                        Scopes.of(List.of(scopes)),
                        null,
                        Fixtures.CLOCK.instant(),
                        null,
                        null),
                "a".repeat(64));
    }

    @Test
    void takesDownWhoWasDeniedWhat() {
        world.add(ACME, PROVIDER, "own", "key");
        world.store.putMember(ACME, new MemberRecord(DORA, Role.DATASET_OPERATOR));
        key("tools");

        denied(ErrorCode.ACCESS_DENIED, claim(null, DORA, null));
        denied(ErrorCode.ACCESS_DENIED, claim(null, null, KEY));
        denied(ErrorCode.ACCESS_DENIED, claim(null, DORA, KEY));

        assertThat(world.store.latest(10))
                .extracting(
                        AuditEvent::tenant,
                        AuditEvent::actor,
                        AuditEvent::action,
                        AuditEvent::subject,
                        AuditEvent::outcome)
                .containsExactly(
                        tuple(ACME, "dora (apikey:ak_1)", "model.invoke", "openai/gpt-4o (llm)", "access_denied"),
                        tuple(ACME, "apikey:ak_1", "model.invoke", "openai/gpt-4o (llm)", "access_denied"),
                        tuple(ACME, "dora", "model.invoke", "openai/gpt-4o (llm)", "access_denied"));
    }

    @Test
    void takesDownWhatTheTenantPhaseDenies() {
        denied(ErrorCode.ACCESS_DENIED, claim(BETA, null, null));
        world.store.putTenant(new TenantRecord(ACME, "Acme", false));
        denied(ErrorCode.ACCESS_DENIED, claim(null, null, null));

        assertThat(world.store.latest(10))
                .extracting(AuditEvent::tenant, AuditEvent::actor, AuditEvent::outcome)
                .containsExactly(tuple(ACME, "route", "access_denied"), tuple(ACME, "route", "access_denied"));
    }

    @Test
    void takesDownWhatPoliciesDeny() {
        world.add(ACME, PROVIDER, "own", "key");
        world.credentialPolicies.add((caller, credential) -> Optional.of("not this one"));
        denied(ErrorCode.CREDENTIAL_POLICY_VIOLATION, claim(null, null, null));
        world.accessPolicies.add((caller, target) -> Optional.of("not today"));
        denied(ErrorCode.ACCESS_DENIED, claim(null, null, null));

        assertThat(world.store.latest(10))
                .extracting(AuditEvent::outcome)
                .containsExactly("access_denied", "credential_policy_violation");
    }

    @Test
    void takesDownWhatADialectIsDeniedOnItsWayOut() {
        world.add(ACME, PROVIDER, "own", "key");
        world.dialect.judge = key -> {
            throw new RefusedException(ErrorCode.EGRESS_DENIED, "not there");
        };

        denied(ErrorCode.EGRESS_DENIED, claim(null, null, null));

        assertThat(world.store.latest(10)).extracting(AuditEvent::outcome).containsExactly("egress_denied");
    }

    @Test
    void checksFallbacksToo() {
        world.add(ACME, PROVIDER, "own", "key");
        key("models:openai/*");
        ModelFallback local = new ModelFallback(LOCAL, "tiny", FailureClass.USUAL_FALLBACK);
        world.store.setBalancing(
                ACME,
                OPENAI,
                new ModelBalancing(
                        "gpt-4o",
                        ModelType.LLM,
                        false,
                        BalancingStrategy.ROUND_ROBIN,
                        false,
                        List.of(),
                        List.of(local)));
        world.dialect.judge = used -> {
            if (used.equals("key")) {
                throw new UnauthorizedException(ErrorCode.AUTHORIZATION_ERROR, "revoked");
            }
        };

        // a route of the operator's gets there, the key does not, and learns why the model that it named did not answer
        assertThat(ask(claim(null, null, null))).isEqualTo("no key");
        denied(ErrorCode.AUTHORIZATION_ERROR, claim(null, null, KEY));

        assertThat(world.store.latest(10))
                .extracting(AuditEvent::actor, AuditEvent::subject, AuditEvent::outcome)
                .containsExactly(tuple("apikey:ak_1", "local/tiny (llm)", "access_denied"));
    }

    @Test
    void takesDownNothingOfCallsThatAreAnsweredOrFail() {
        denied(ErrorCode.PROVIDER_NOT_INITIALIZE, claim(null, null, null));
        world.add(ACME, PROVIDER, "own", "key");
        assertThat(ask(claim(null, null, null))).isEqualTo("key");

        assertThat(world.store.latest(10)).isEmpty();
    }
}
