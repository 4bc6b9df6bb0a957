package io.bactrian.core.invoke;

import static io.bactrian.core.invoke.Fixtures.ACME;
import static io.bactrian.core.invoke.Fixtures.BETA;
import static io.bactrian.core.invoke.Fixtures.GPT;
import static io.bactrian.core.invoke.Fixtures.LOCAL;
import static io.bactrian.core.invoke.Fixtures.PROVIDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.ModelParameters;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ParameterValue;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InvocationChainTest {

    private static final InvocationTarget.Model TINY = InvocationTarget.Model.of(LOCAL, "tiny", ModelType.LLM);

    private final Fixtures world = new Fixtures();

    private static void assertCode(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(InvokeException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    private static CallerClaim claim(@Nullable TenantId endpoint, @Nullable TenantId tenant, InvokeSource source) {
        return new CallerClaim(
                endpoint, tenant, null, null, null, source, 0, new RequestId("r"), Deadline.in(Duration.ofSeconds(30)));
    }

    private String answer(CallerClaim claim) {
        return world.manager()
                .instance(claim, GPT)
                .invokeLlm(LlmRequest.ofText("hi"))
                .text();
    }

    private Interceptor link(Phase phase, String name, List<String> seen) {
        return new Interceptor() {
            @Override
            public Phase phase() {
                return phase;
            }

            @Override
            public String name() {
                return name;
            }

            @Override
            public InvocationReply intercept(Invocation invocation, Next next) {
                seen.add(name);
                return next.proceed(invocation);
            }
        };
    }

    @Test
    void beansJoinAtTheirPhaseAndTheChainPrintsItself() {
        List<String> seen = new ArrayList<>();
        world.interceptors.add(link(Phase.TRANSPORT, "last", seen));
        world.interceptors.add(link(Phase.RATE, "limits", seen));
        world.interceptors.add(link(Phase.OBSERVE, "first", seen));
        ModelManager manager = world.manager();

        Fixtures.ask(manager, ACME, TINY);

        assertThat(seen).containsExactly("first", "limits", "last");
        assertThat(manager.chain())
                .hasToString(
                        "OBSERVE ObserveInterceptor → OBSERVE first → TENANT TenantInterceptor"
                                + " → TENANT DefaultModelInterceptor → ACCESS AccessInterceptor → RATE limits"
                                + " → CREDENTIAL CredentialInterceptor → BALANCE BalanceInterceptor → BALANCE RotationInterceptor → TRANSPORT last → TRANSPORT Transport");
    }

    @Test
    void aPhaseThatIsOffIsNotThere() {
        assertThat(world.manager().chain().has(Phase.QUOTA)).isFalse();
        assertThat(world.manager().chain().has(Phase.RATE)).isFalse();
    }

    @Test
    void aCallForAnotherModelEntersAgainAtAccessWithTheSameIdentityAndDeadline() {
        List<Invocation> resolved = new ArrayList<>();
        List<String> accessed = new ArrayList<>();
        world.accessPolicies.add((caller, target) -> {
            accessed.add(target.toString());
            return Optional.empty();
        });
        world.interceptors.add(new Interceptor() {
            @Override
            public Phase phase() {
                return Phase.BALANCE;
            }

            @Override
            public InvocationReply intercept(Invocation invocation, Next next) {
                resolved.add(invocation);
                return invocation.target().equals(GPT)
                        ? next.reenter(invocation.retargeted(TINY))
                        : next.proceed(invocation);
            }
        });
        world.add(ACME, PROVIDER, "own", "own-key");

        String text = Fixtures.ask(world.manager(), ACME, GPT).text();

        assertThat(text).as("the second model's credential paid").isEqualTo("no key");
        assertThat(accessed).containsExactly("openai/gpt-4o (llm)", "local/tiny (llm)");
        assertThat(resolved).hasSize(2);
        assertThat(resolved.get(1).caller().requestId())
                .isEqualTo(resolved.get(0).caller().requestId());
        assertThat(resolved.get(1).caller().deadline())
                .isSameAs(resolved.get(0).caller().deadline());
        assertThat(resolved.get(1).caller().depth())
                .isEqualTo(resolved.get(0).caller().depth());
        assertThat(resolved.get(1).resolution().candidates())
                .extracting(CredentialRef::source)
                .containsExactly(CredentialSource.NONE_NEEDED);
    }

    @Test
    void aCircleOfFallbacksEnds() {
        world.interceptors.add(new Interceptor() {
            @Override
            public Phase phase() {
                return Phase.BALANCE;
            }

            @Override
            public InvocationReply intercept(Invocation invocation, Next next) {
                return next.reenter(invocation.retargeted(TINY));
            }
        });

        assertCode(() -> Fixtures.ask(world.manager(), ACME, TINY), ErrorCode.DEPTH_EXCEEDED);
    }

    @Test
    void theEndpointsTenantWinsOverTheExchanges() {
        world.add(ACME, PROVIDER, "own", "acme-key");
        world.add(BETA, PROVIDER, "own", "beta-key");

        assertThat(answer(claim(ACME, BETA, InvokeSource.ROUTE))).isEqualTo("acme-key");
        assertThat(answer(claim(null, BETA, InvokeSource.ROUTE))).isEqualTo("beta-key");
    }

    @Test
    void anEndpointsTenantNeverMovesAnAuthenticatedCaller() {
        world.add(ACME, PROVIDER, "own", "acme-key");

        assertCode(() -> answer(claim(ACME, BETA, InvokeSource.HTTP)), ErrorCode.ACCESS_DENIED);
    }

    @Test
    void refusesACallWithoutATenant() {
        assertCode(() -> answer(claim(null, null, InvokeSource.ROUTE)), ErrorCode.TENANT_REQUIRED);
    }

    @Test
    void refusesAnUnknownTenantAndOneThatIsSwitchedOff() {
        world.store.putTenant(new TenantRecord(BETA, "Beta", false));

        assertCode(() -> answer(claim(null, new TenantId("nobody"), InvokeSource.ROUTE)), ErrorCode.TENANT_NOT_FOUND);
        assertCode(() -> answer(claim(null, BETA, InvokeSource.ROUTE)), ErrorCode.ACCESS_DENIED);
    }

    @Test
    void letsOnlyMembersThrough() {
        world.add(ACME, PROVIDER, "own", "acme-key");
        world.store.putMember(ACME, new MemberRecord(new UserId("alice"), Role.NORMAL));

        assertThat(answer(ofUser("alice"))).isEqualTo("acme-key");
        assertCode(() -> answer(ofUser("mallory")), ErrorCode.ACCESS_DENIED);
        world.store.removeMember(ACME, new UserId("alice"));
        world.store.putMember(ACME, new MemberRecord(new UserId("bob"), Role.NORMAL));
        assertCode(() -> answer(ofUser("alice")), ErrorCode.ACCESS_DENIED);
    }

    private static CallerClaim ofUser(String user) {
        return new CallerClaim(
                null,
                ACME,
                new UserId(user),
                new AppId("app"),
                null,
                InvokeSource.ROUTE,
                0,
                new RequestId("r"),
                Deadline.in(Duration.ofSeconds(30)));
    }

    @Test
    void aPolicyThatCannotRunRefuses() {
        world.accessPolicies.add((caller, target) -> {
            throw new IllegalStateException("policy server away");
        });

        assertCode(() -> Fixtures.ask(world.manager(), ACME, TINY), ErrorCode.ACCESS_DENIED);
    }

    @Test
    void aCredentialPolicySeesReferencesOnlyAndMayForbid() {
        world.add(ACME, PROVIDER, "own", "canary-1b");
        List<String> seen = new ArrayList<>();
        world.credentialPolicies.add((caller, credential) -> {
            seen.add(credential.toString());
            return Optional.of("not on Sundays");
        });

        assertCode(() -> Fixtures.ask(world.manager(), ACME, GPT), ErrorCode.CREDENTIAL_POLICY_VIOLATION);
        assertThat(seen).singleElement().asString().contains("own").doesNotContain("canary");
    }

    @Test
    void looksUpTheDefaultModelWithoutChoosingOne() {
        InvocationTarget wanted = new InvocationTarget.DefaultModel(ModelType.LLM);
        assertCode(() -> Fixtures.ask(world.manager(), ACME, wanted), ErrorCode.DEFAULT_MODEL_NOT_SET);

        world.store.setDefaultModel(ACME, ModelType.LLM, new ModelReference(LOCAL, "tiny"));

        assertThat(Fixtures.ask(world.manager(), ACME, wanted).model()).isEqualTo("tiny");
    }

    @Test
    void namesAParameterThatBreaksTheModelsRules() {
        LlmRequest hot = LlmRequest.ofText("hi")
                .withParameters(ModelParameters.of(Map.of(
                        "temperature", new ParameterValue.Number(BigDecimal.valueOf(3)),
                        "warmth", new ParameterValue.Number(BigDecimal.ONE))));

        assertThatThrownBy(() ->
                        world.manager().instance(Fixtures.claim(ACME), TINY).invokeLlm(hot))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("temperature is at most 2")
                .hasMessageContaining("warmth is not a parameter");
    }

    @Test
    void anExpiredDeadlineNeverReachesTheModel() {
        CallerClaim late =
                CallerClaim.ofTenant(ACME, InvokeSource.ROUTE, new RequestId("r"), Deadline.in(Duration.ZERO));

        assertCode(
                () -> world.manager().instance(late, TINY).invokeLlm(LlmRequest.ofText("hi")),
                ErrorCode.DEADLINE_EXCEEDED);
        assertThat(world.dialect.calls).isEmpty();
    }

    private static CallObserver.Observation recording(List<String> events) {
        return new CallObserver.Observation() {
            @Override
            public void firstChunk(Invocation current) {
                events.add("first chunk");
            }

            @Override
            public void succeeded(Invocation current, String model, @Nullable TokenUsage usage) {
                events.add("succeeded " + model);
            }

            @Override
            public void failed(Invocation current, Phase phase, @Nullable ErrorCode code) {
                events.add("failed " + phase + " " + code);
            }
        };
    }

    @Test
    void observersLearnOfSuccessesAndOfRefusalsWithTheirPhase() {
        List<String> events = new ArrayList<>();
        world.observers.add(invocation -> recording(events));
        ModelManager manager = world.manager();

        Fixtures.ask(manager, ACME, TINY);
        assertCode(() -> Fixtures.ask(manager, ACME, GPT), ErrorCode.PROVIDER_NOT_INITIALIZE);
        assertCode(() -> Fixtures.ask(manager, new TenantId("nobody"), GPT), ErrorCode.TENANT_NOT_FOUND);

        assertThat(events)
                .containsExactly(
                        "succeeded tiny",
                        "failed CREDENTIAL PROVIDER_NOT_INITIALIZE",
                        "failed TENANT TENANT_NOT_FOUND");
    }

    @Test
    void observersWithoutInterestStandInNobodysWay() {
        List<String> events = new ArrayList<>();
        world.observers.add(invocation -> CallObserver.Observation.NONE);
        world.observers.add(
                invocation -> invocation.target() == TINY ? CallObserver.Observation.NONE : recording(events));
        ModelManager manager = world.manager();

        Fixtures.ask(manager, ACME, TINY);
        assertCode(() -> Fixtures.ask(manager, ACME, GPT), ErrorCode.PROVIDER_NOT_INITIALIZE);

        assertThat(events).containsExactly("failed CREDENTIAL PROVIDER_NOT_INITIALIZE");
    }
}
