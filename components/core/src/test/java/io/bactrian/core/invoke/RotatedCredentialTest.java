package io.bactrian.core.invoke;

import static io.bactrian.core.invoke.Fixtures.ACME;
import static io.bactrian.core.invoke.Fixtures.GPT;
import static io.bactrian.core.invoke.Fixtures.MODEL;
import static io.bactrian.core.invoke.Fixtures.OPENAI;
import static io.bactrian.core.invoke.Fixtures.PROVIDER;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.SystemProviderSource;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.provider.ModelType;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The values that a credential had before it was rotated are a second candidate, for as long as they are valid. */
class RotatedCredentialTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final Fixtures world = new Fixtures();
    private final MovingClock clock = new MovingClock();
    private final CredentialResolver resolver = resolver(world.store);

    private CredentialResolver resolver(ConfigurationSource source) {
        ModelAssemblies assemblies = new ModelAssemblies(
                world.catalog,
                source,
                SystemProviderSource.of(world.system),
                Duration.ofDays(1),
                1_000,
                System::nanoTime,
                clock);
        return new CredentialResolver(assemblies, world.dialects, false);
    }

    /** The world's source, but for one provider's record. */
    private ConfigurationSource returning(ProviderRecord record) {
        return (ConfigurationSource) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ConfigurationSource.class},
                (proxy, method, args) ->
                        "provider".equals(method.getName()) ? Optional.of(record) : method.invoke(world.store, args));
    }

    /** Begins with the store's time. */
    private static final class MovingClock extends Clock {
        private Instant now = Fixtures.CLOCK.instant();

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private Resolution resolve() {
        return resolver.resolve(ACME, GPT);
    }

    private static List<String> keys(Resolution resolution) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < resolution.candidates().size(); i++) {
            keys.add(resolution
                    .candidate(i)
                    .credentials
                    .secret("api_key")
                    .map(Secret::reveal)
                    .orElseThrow());
        }
        return keys;
    }

    @Test
    void offersThePreviousValuesAfterTheNewOnes() {
        CredentialId id = world.add(ACME, PROVIDER, "own", "old");
        world.store.rotateCredential(ACME, PROVIDER, id, Fixtures.key("new"), HOUR);

        Resolution resolution = resolve();

        assertThat(keys(resolution)).containsExactly("new", "old");
        Instant until = Fixtures.CLOCK.instant().plus(HOUR);
        CredentialRef inForce = resolution.candidates().get(0);
        CredentialRef previous = resolution.candidates().get(1);
        assertThat(inForce.previous()).isFalse();
        assertThat(inForce.version()).isEqualTo(2);
        assertThat(previous.previous()).isTrue();
        assertThat(previous.previousUntil()).isEqualTo(until);
        assertThat(previous.version()).isEqualTo(1);
        assertThat(previous.id()).isEqualTo(inForce.id());
        assertThat(previous.toString()).contains("previous values", "own", until.toString());
        assertThat(resolution.steps())
                .filteredOn(step -> step.source() == CredentialSource.CUSTOM_PROVIDER)
                .extracting(ResolutionStep::outcome)
                .containsExactly(ResolutionStep.Outcome.TAKEN, ResolutionStep.Outcome.TAKEN);
        assertThat(resolution.steps().get(resolution.steps().size() - 1).reason())
                .contains("before it was rotated", until.toString());
        assertThat(world.keyUsedBy(ACME)).isEqualTo("new");
    }

    @Test
    void offersThemForModelsAndForCredentialsByNameToo() {
        CredentialId ofModel = world.add(ACME, MODEL, "own", "old");
        world.store.rotateCredential(ACME, MODEL, ofModel, Fixtures.key("new"), HOUR);
        InvocationTarget.Model named =
                new InvocationTarget.Model(OPENAI, "gpt-4o", ModelType.LLM, new CredentialName("own"));

        assertThat(keys(resolve())).containsExactly("new", "old");
        assertThat(keys(resolver.resolve(ACME, named))).containsExactly("new", "old");
    }

    @Test
    void offersThemNoLongerThanTheyAreValidThoughNothingElseChanges() {
        CredentialId id = world.add(ACME, PROVIDER, "own", "old");
        world.store.rotateCredential(ACME, PROVIDER, id, Fixtures.key("new"), HOUR);
        Resolution first = resolve();
        clock.now = clock.now.plus(HOUR).minusNanos(1);
        assertThat(resolve()).as("kept while it is valid").isSameAs(first);

        clock.now = clock.now.plusNanos(1);

        Resolution later = resolve();
        assertThat(keys(later)).containsExactly("new");
        assertThat(later.steps()).anySatisfy(step -> assertThat(step.reason()).contains("were valid until"));
        assertThat(resolve()).isSameAs(later);
    }

    @Test
    void comesBeforeTheOperatorsCredentialsForTenantsThatDescend() {
        CredentialId id = world.add(ACME, PROVIDER, "own", "old");
        world.store.rotateCredential(ACME, PROVIDER, id, Fixtures.key("new"), HOUR);
        world.store.preferProviderType(ACME, OPENAI, null, true);
        world.grantSystem("house");

        assertThat(keys(resolver(world.store).resolve(ACME, GPT))).containsExactly("new", "old", "house");
    }

    @Test
    void passesOverPreviousValuesThatCannotBeRead() {
        StoredCredential.Previous closed =
                new StoredCredential.Previous(Fixtures.CLOCK.instant().plus(HOUR), () -> {
                    throw new CredentialUnreadableException("a test", null);
                });
        CredentialId id = new CredentialId("c1");
        ProviderRecord record = new ProviderRecord(
                ACME,
                OPENAI,
                true,
                true,
                id,
                List.of(new StoredCredential(id, new CredentialName("own"), 2, () -> Fixtures.key("new"), closed)),
                List.of(),
                List.of(),
                null,
                false);

        Resolution resolution = resolver(returning(record)).resolve(ACME, GPT);

        assertThat(resolution.refusal()).isEmpty();
        assertThat(keys(resolution)).containsExactly("new");
        assertThat(resolution.steps())
                .anySatisfy(step -> assertThat(step.reason()).contains("cannot be read (a test)"));
    }

    @Test
    void printsNeitherValue() {
        CredentialId id = world.add(ACME, PROVIDER, "own", "canary-old");
        world.store.rotateCredential(ACME, PROVIDER, id, Fixtures.key("canary-new"), HOUR);

        Resolution resolution = resolve();

        assertThat(resolution + " " + resolution.steps() + " " + resolution.candidates())
                .contains("own")
                .doesNotContain("canary");
    }
}
