package io.bactrian.core.invoke;

import static io.bactrian.core.invoke.Fixtures.ACME;
import static io.bactrian.core.invoke.Fixtures.BETA;
import static io.bactrian.core.invoke.Fixtures.GPT;
import static io.bactrian.core.invoke.Fixtures.LOCAL;
import static io.bactrian.core.invoke.Fixtures.MODEL;
import static io.bactrian.core.invoke.Fixtures.OPENAI;
import static io.bactrian.core.invoke.Fixtures.PROVIDER;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.ModelSetting;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.SystemProvider;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.provider.ProviderType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CredentialResolutionTest {

    private final Fixtures world = new Fixtures();

    private void assertRefused(Resolution resolution, ErrorCode code, String... parts) {
        assertThat(resolution.candidates()).isEmpty();
        assertThat(resolution.refusal()).isPresent();
        assertThat(resolution.refusal().get().code()).isEqualTo(code);
        assertThat(resolution.refusal().get().message()).contains(parts);
    }

    @Test
    void modelCredentialsComeBeforeProviderCredentials() {
        world.add(ACME, PROVIDER, "for all", "provider-key");
        world.add(ACME, MODEL, "for gpt", "model-key");

        assertThat(world.keyUsedBy(ACME)).isEqualTo("model-key");
    }

    @Test
    void customCredentialsComeBeforeSystemCredentials() {
        world.grantSystem("house-key");
        assertThat(world.keyUsedBy(ACME)).isEqualTo("house-key");

        world.add(ACME, PROVIDER, "own", "own-key");

        assertThat(world.keyUsedBy(ACME)).isEqualTo("own-key");
        assertThat(world.keyUsedBy(BETA)).isEqualTo("house-key");
    }

    @Test
    void systemCredentialsComeBeforeHostedOnes() {
        world.grant("hosted-key", new SystemProvider.HostingQuota("paid", "tokens", -1), List.of());
        assertThat(world.keyUsedBy(ACME)).isEqualTo("hosted-key");

        world.grantSystem("house-key");

        assertThat(world.keyUsedBy(ACME)).isEqualTo("house-key");
    }

    @Test
    void hostedQuotasArePaidThenFreeThenTrial() {
        world.grant("trial", new SystemProvider.HostingQuota("trial", "tokens", -1), List.of());
        world.grant("free", new SystemProvider.HostingQuota("free", "tokens", -1), List.of());
        world.grant("paid", new SystemProvider.HostingQuota("paid", "tokens", -1), List.of());

        assertThat(world.keyUsedBy(ACME)).isEqualTo("paid");
    }

    @Test
    void refusesHostedCredentialsWhoseLimitNobodyEnforces() {
        world.grant("hosted-key", new SystemProvider.HostingQuota("trial", "tokens", 100), List.of());

        assertRefused(world.resolve(ACME, GPT), ErrorCode.QUOTA_NOT_ENFORCED, "system/house.yaml", "limit: -1");
    }

    @Test
    void systemCredentialsServeOnlyTenantsTheyAreGrantedTo() {
        world.grantSystem("house-key", BETA);

        assertThat(world.keyUsedBy(BETA)).isEqualTo("house-key");
        assertRefused(world.resolve(ACME, GPT), ErrorCode.PROVIDER_NOT_INITIALIZE, "credential add openai");
    }

    @Test
    void restrictedSystemCredentialsServeOnlyTheirModelsUnderTheirBaseName() {
        world.grant(
                "house-key", null, List.of(new SystemProvider.RestrictModel("gpt-4o", ModelType.LLM, "deployment-7")));

        world.keyUsedBy(ACME);
        assertThat(world.dialect.calls.get(0).wireModel()).isEqualTo("deployment-7");
        assertRefused(
                world.resolve(ACME, InvocationTarget.Model.of(OPENAI, "gpt-5", ModelType.LLM)),
                ErrorCode.MODEL_CURRENTLY_NOT_SUPPORT,
                "restrict_models");
    }

    @Test
    void removingTheActiveCredentialStopsCallsInsteadOfSpendingTheOperatorsMoney() {
        world.grantSystem("house-key");
        CredentialId first = world.add(ACME, PROVIDER, "first", "first-key");
        world.add(ACME, PROVIDER, "second", "second-key");

        world.store.removeCredential(ACME, PROVIDER, first);

        Resolution resolution = world.resolve(ACME, GPT);
        assertRefused(resolution, ErrorCode.CREDENTIAL_REMOVED, "second", "credential switch");
        assertThat(resolution.steps())
                .filteredOn(step -> step.outcome() == ResolutionStep.Outcome.STOPPED)
                .singleElement()
                .satisfies(step -> assertThat(step.lookedAt()).contains("credential_id is null"));
    }

    @Test
    void removingTheLastCredentialStopsTooUntilTheProviderIsReset() {
        world.grantSystem("house-key");
        CredentialId only = world.add(ACME, PROVIDER, "only", "only-key");
        world.store.removeCredential(ACME, PROVIDER, only);
        assertRefused(world.resolve(ACME, GPT), ErrorCode.CREDENTIAL_REMOVED, "provider reset");

        world.store.removeProvider(ACME, OPENAI);

        assertThat(world.keyUsedBy(ACME)).isEqualTo("house-key");
    }

    @Test
    void aTenantThatOptedInDescendsPastAnUnusableConfiguration() {
        world.grantSystem("house-key");
        CredentialId only = world.add(ACME, PROVIDER, "only", "only-key");
        world.store.preferProviderType(ACME, OPENAI, null, true);
        assertThat(world.resolve(ACME, GPT).candidates())
                .extracting(CredentialRef::source)
                .containsExactly(CredentialSource.CUSTOM_PROVIDER, CredentialSource.SYSTEM);

        world.store.removeCredential(ACME, PROVIDER, only);

        assertThat(world.keyUsedBy(ACME)).isEqualTo("house-key");
    }

    @Test
    void aSwitchedOffConfigurationStops() {
        world.grantSystem("house-key");
        world.add(ACME, PROVIDER, "own", "own-key");
        world.store.enableProvider(ACME, OPENAI, false);

        assertRefused(world.resolve(ACME, GPT), ErrorCode.PROVIDER_DISABLED, "provider enable openai");
    }

    @Test
    void switchingTheActiveCredentialIsInForceAtOnce() {
        ModelManager manager = world.manager();
        world.add(ACME, PROVIDER, "first", "first-key");
        CredentialId second = world.add(ACME, PROVIDER, "second", "second-key");
        assertThat(Fixtures.ask(manager, ACME, GPT).text()).isEqualTo("first-key");

        world.store.activateCredential(ACME, PROVIDER, second);

        assertThat(Fixtures.ask(manager, ACME, GPT).text()).isEqualTo("second-key");
    }

    @Test
    void aNamedCredentialIsUsedWhetherActiveOrNot() {
        world.add(ACME, PROVIDER, "first", "first-key");
        world.add(ACME, PROVIDER, "second", "second-key");

        InvocationTarget.Model second =
                new InvocationTarget.Model(OPENAI, "gpt-4o", ModelType.LLM, new CredentialName("second"));

        assertThat(Fixtures.ask(world.manager(), ACME, second).text()).isEqualTo("second-key");
    }

    @Test
    void anotherTenantsCredentialNameGetsTheAnswerOfANameThatNeverWas() {
        // CRED-15
        world.add(BETA, PROVIDER, "theirs", "beta-key");
        InvocationTarget.Model theirs =
                new InvocationTarget.Model(OPENAI, "gpt-4o", ModelType.LLM, new CredentialName("theirs"));
        InvocationTarget.Model nobodys =
                new InvocationTarget.Model(OPENAI, "gpt-4o", ModelType.LLM, new CredentialName("nobodys"));

        Resolution.Refusal one = world.resolve(ACME, theirs).refusal().orElseThrow();
        Resolution.Refusal two = world.resolve(ACME, nobodys).refusal().orElseThrow();

        assertThat(one).isEqualTo(two);
        assertThat(one.code()).isEqualTo(ErrorCode.CREDENTIAL_NOT_FOUND);
    }

    @Test
    void aPreferenceForTheOperatorsCredentialsPassesTheTenantsOwnOver() {
        world.grantSystem("house-key");
        world.add(ACME, PROVIDER, "own", "own-key");
        world.store.preferProviderType(ACME, OPENAI, ProviderType.SYSTEM, false);

        assertThat(world.keyUsedBy(ACME)).isEqualTo("house-key");
    }

    @Test
    void aPreferenceForOwnCredentialsNeverSpendsTheOperators() {
        world.grantSystem("house-key");
        world.store.preferProviderType(ACME, OPENAI, ProviderType.CUSTOM, false);

        assertRefused(world.resolve(ACME, GPT), ErrorCode.PROVIDER_NOT_INITIALIZE, "its own credentials");
    }

    @Test
    void saysWhichProvidersThereAre() {
        assertRefused(
                world.resolve(ACME, InvocationTarget.Model.of(new ProviderId("opnai"), "gpt-4o", ModelType.LLM)),
                ErrorCode.PROVIDER_NOT_FOUND,
                "openai",
                "local");
    }

    @Test
    void saysWhichModelsThereAre() {
        assertRefused(
                world.resolve(ACME, InvocationTarget.Model.of(LOCAL, "huge", ModelType.LLM)),
                ErrorCode.MODEL_NOT_FOUND,
                "tiny");
    }

    @Test
    void refusesAModelThatTheTenantSwitchedOff() {
        world.add(ACME, PROVIDER, "own", "own-key");
        world.store.enableModel(ACME, OPENAI, new ModelSetting("gpt-4o", ModelType.LLM, false));

        assertRefused(world.resolve(ACME, GPT), ErrorCode.MODEL_DISABLED, "model enable openai/gpt-4o");
        assertThat(world.resolve(BETA, GPT).refusal().orElseThrow().code())
                .isEqualTo(ErrorCode.PROVIDER_NOT_INITIALIZE);
    }

    @Test
    void namesThePropertiesThatAreMissing() {
        assertRefused(
                world.resolve(ACME, GPT),
                ErrorCode.PROVIDER_NOT_INITIALIZE,
                "bactrian.credentials.NAME.provider=openai",
                "bactrian.credentials.NAME.api_key");
    }

    @Test
    void anUnreadableOperatorCredentialStopsInsteadOfGoingOnToTheNext() {
        world.system.add(new SystemProvider(
                new StoredCredential(new CredentialId("broken"), new CredentialName("broken"), 1, () -> {
                    throw new CredentialUnreadableException("its key is gone", null);
                }),
                OPENAI,
                null,
                Set.of(),
                true,
                List.of(),
                "system/broken.yaml"));
        world.grant("hosted-key", new SystemProvider.HostingQuota("paid", "tokens", -1), List.of());

        assertRefused(world.resolve(ACME, GPT), ErrorCode.CREDENTIAL_UNREADABLE, "its key is gone");
    }

    @Test
    void aProviderThatAsksForNothingNeedsNoCredential() {
        Resolution resolution = world.resolve(ACME, InvocationTarget.Model.of(LOCAL, "tiny", ModelType.LLM));

        assertThat(resolution.refusal()).isEmpty();
        assertThat(resolution.candidates())
                .extracting(CredentialRef::source)
                .containsExactly(CredentialSource.NONE_NEEDED);
    }

    @Test
    void printsNoSecret() {
        world.add(ACME, PROVIDER, "own", "canary-7f3a");

        Resolution resolution = world.resolve(ACME, GPT);

        assertThat(resolution + " " + resolution.steps() + " " + resolution.candidates())
                .contains("own")
                .doesNotContain("canary");
    }
}
