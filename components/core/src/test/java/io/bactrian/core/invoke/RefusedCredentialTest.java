package io.bactrian.core.invoke;

import static io.bactrian.core.invoke.Fixtures.ACME;
import static io.bactrian.core.invoke.Fixtures.GPT;
import static io.bactrian.core.invoke.Fixtures.OPENAI;
import static io.bactrian.core.invoke.Fixtures.PROVIDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.SystemProviderSource;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.TenantId;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of a call whose credential the provider refuses, around the rotation of that credential. */
class RefusedCredentialTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final CredentialScope OTHER_MODEL =
            new CredentialScope.OfModel(OPENAI, "gpt-4o-other", ModelType.LLM);
    private static final InvocationTarget.Model OTHER =
            InvocationTarget.Model.of(OPENAI, "gpt-4o-other", ModelType.LLM);

    private final Fixtures world = new Fixtures();
    private final Set<String> refused = new HashSet<>();
    private final List<String> asked = new ArrayList<>();
    private final List<TenantId> refreshed = new ArrayList<>();
    // what this node knows lags behind the store until it looks
    private boolean looks = true;
    private long known;

    private ConfigurationSource source() {
        return (ConfigurationSource) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ConfigurationSource.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "refresh" -> {
                        refreshed.add((TenantId) args[0]);
                        known = world.store.version(ACME);
                        yield null;
                    }
                    case "version" -> looks ? known = world.store.version(ACME) : known;
                    default -> method.invoke(world.store, args);
                });
    }

    private ModelManager manager() {
        world.dialect.judge = key -> {
            asked.add(key);
            if (refused.contains(key)) {
                throw new UnauthorizedException(ErrorCode.AUTHORIZATION_ERROR, "refused");
            }
        };
        ConfigurationSource source = source();
        ModelAssemblies assemblies = new ModelAssemblies(
                world.catalog,
                source,
                SystemProviderSource.of(world.system),
                Duration.ofDays(1),
                1_000,
                System::nanoTime,
                Fixtures.CLOCK);
        return ModelManager.of(new ModelManager.Parts(
                source,
                assemblies,
                world.dialects,
                null,
                world.observers,
                world.accessPolicies,
                world.credentialPolicies,
                world.interceptors));
    }

    private LlmResult ask(ModelManager manager) {
        return Fixtures.ask(manager, ACME, GPT);
    }

    @Test
    void triesTheValuesBeforeARotationWhileTheProviderDoesNotKnowTheNewOnes() {
        CredentialId id = world.add(ACME, PROVIDER, "own", "old");
        world.store.rotateCredential(ACME, PROVIDER, id, Fixtures.key("new"), HOUR);
        refused.add("new");

        assertThat(ask(manager()).text()).isEqualTo("old");

        assertThat(asked).containsExactly("new", "old");
        assertThat(refreshed).isEmpty();
    }

    @Test
    @DisplayName(
            "CACHE-01: a key that was replaced elsewhere and withdrawn is read anew, once, and the call goes through")
    void looksForWhatHasReplacedACredentialThatIsRefused() {
        CredentialId id = world.add(ACME, PROVIDER, "own", "old");
        ModelManager manager = manager();
        assertThat(ask(manager).text()).isEqualTo("old");
        looks = false;
        world.store.rotateCredential(ACME, PROVIDER, id, Fixtures.key("new"), Duration.ZERO);
        assertThat(ask(manager).text()).as("not heard of yet").isEqualTo("old");
        refused.add("old");
        asked.clear();

        assertThat(ask(manager).text()).isEqualTo("new");

        assertThat(asked).containsExactly("old", "new");
        assertThat(refreshed).containsExactly(ACME);
    }

    @Test
    void triesEachValueOnceAndTellsWhatTheProviderSays() {
        CredentialId id = world.add(ACME, PROVIDER, "own", "old");
        ModelManager manager = manager();
        assertThat(ask(manager).text()).isEqualTo("old");
        looks = false;
        world.store.rotateCredential(ACME, PROVIDER, id, Fixtures.key("new"), HOUR);
        refused.addAll(List.of("old", "new"));
        asked.clear();

        assertThatThrownBy(() -> ask(manager)).isInstanceOf(UnauthorizedException.class);

        assertThat(asked).containsExactly("old", "new");
    }

    @Test
    void doesNotTryAgainWhatNobodyHasReplaced() {
        world.add(ACME, PROVIDER, "own", "key");
        refused.add("key");

        assertThatThrownBy(() -> ask(manager())).isInstanceOf(UnauthorizedException.class);

        assertThat(asked).containsExactly("key");
        assertThat(refreshed).containsExactly(ACME);
    }

    @Test
    void spendsNobodyElsesMoney() {
        world.add(ACME, PROVIDER, "own", "key");
        world.grantSystem("house");
        ModelManager manager = manager();
        refused.add("key");

        assertThatThrownBy(() -> ask(manager)).isInstanceOf(UnauthorizedException.class);

        assertThat(asked).containsExactly("key");
    }

    @Test
    void spendsTheOperatorsMoneyWhereTheTenantHasSaidThatItDescends() {
        world.add(ACME, PROVIDER, "own", "key");
        world.store.preferProviderType(ACME, OPENAI, null, true);
        world.grantSystem("house");
        refused.add("key");

        assertThat(ask(manager()).text()).isEqualTo("house");

        assertThat(asked).containsExactly("key", "house");
    }

    @Test
    void spendsNobodyElsesMoneyAfterACredentialIsGoneEither() {
        world.add(ACME, PROVIDER, "own", "key");
        world.grantSystem("house");
        ModelManager manager = manager();
        assertThat(ask(manager).text()).isEqualTo("key");
        looks = false;
        world.store.removeProvider(ACME, OPENAI);
        refused.add("key");
        asked.clear();

        assertThatThrownBy(() -> ask(manager)).isInstanceOf(UnauthorizedException.class);

        assertThat(asked).containsExactly("key");
    }

    @Test
    void asksThePoliciesOfWhatItTriesNext() {
        CredentialId id = world.add(ACME, PROVIDER, "own", "old");
        world.store.rotateCredential(ACME, PROVIDER, id, Fixtures.key("new"), HOUR);
        world.credentialPolicies.add(
                (caller, ref) -> ref.previous() ? Optional.of("no values of yesterday") : Optional.empty());
        refused.add("new");

        assertThatThrownBy(() -> ask(manager())).isInstanceOf(UnauthorizedException.class);

        assertThat(asked).containsExactly("new");
    }

    @Test
    void repeatsNothingOnceALinkBehindItHasGoneToAnotherModel() {
        CredentialId id = world.add(ACME, PROVIDER, "own", "old");
        world.store.rotateCredential(ACME, PROVIDER, id, Fixtures.key("new"), HOUR);
        world.add(ACME, OTHER_MODEL, "other", "others");
        AtomicInteger fallbacks = new AtomicInteger();
        world.interceptors.add(new Interceptor() {
            @Override
            public Phase phase() {
                return Phase.BALANCE;
            }

            @Override
            public InvocationReply intercept(Invocation invocation, Next next) {
                if (invocation.reentries() > 0) {
                    return next.proceed(invocation);
                }
                // the provider has worked, and then the time was up
                asked.add("worked");
                fallbacks.incrementAndGet();
                return next.reenter(invocation.retargeted(OTHER));
            }
        });
        refused.add("others");

        assertThatThrownBy(() -> ask(manager())).isInstanceOf(UnauthorizedException.class);

        assertThat(asked).containsExactly("worked", "others");
        assertThat(fallbacks).hasValue(1);
    }

    @Test
    void repeatsNothingThatFailedOtherwise() {
        CredentialId id = world.add(ACME, PROVIDER, "own", "old");
        world.store.rotateCredential(ACME, PROVIDER, id, Fixtures.key("new"), HOUR);
        ModelManager manager = manager();
        world.dialect.judge = key -> {
            asked.add(key);
            throw new RefusedException(ErrorCode.CONTENT_FILTER, "no");
        };

        assertThatThrownBy(() -> ask(manager)).isInstanceOf(RefusedException.class);

        assertThat(asked).containsExactly("new");
        assertThat(refreshed).isEmpty();
    }
}
