package io.bactrian.core.invoke;

import static io.bactrian.core.invoke.Fixtures.ACME;
import static io.bactrian.core.invoke.Fixtures.BETA;
import static io.bactrian.core.invoke.Fixtures.GPT;
import static io.bactrian.core.invoke.Fixtures.OPENAI;
import static io.bactrian.core.invoke.Fixtures.PROVIDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.SystemProviderSource;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelAssembliesTest {

    private static final int THREADS = 64;

    private final Fixtures world = new Fixtures();
    private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    private final AtomicLong nanos = new AtomicLong();

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    /** The world's source with its provider() replaced; everything else as it is. */
    private ConfigurationSource withProviders(BiFunction<TenantId, ProviderId, Optional<ProviderRecord>> providers) {
        return (ConfigurationSource) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ConfigurationSource.class},
                (proxy, method, args) -> "provider".equals(method.getName())
                        ? providers.apply((TenantId) args[0], (ProviderId) args[1])
                        : method.invoke(world.store, args));
    }

    private CredentialResolver resolver(ConfigurationSource source) {
        ModelAssemblies assemblies = new ModelAssemblies(
                world.catalog, source, SystemProviderSource.none(), Duration.ofMinutes(1), 100, nanos::get);
        return new CredentialResolver(assemblies, world.dialects, false);
    }

    /** A source that can be taken away, in front of the world's. */
    private final class Leaving {
        final AtomicBoolean away = new AtomicBoolean();
        final AtomicBoolean known = new AtomicBoolean();
        final List<Consumer<TenantId>> listeners = new ArrayList<>();
        long leftAt;
        final AtomicInteger loads = new AtomicInteger();

        Optional<ProviderRecord> provider(TenantId tenant, ProviderId provider) {
            loads.incrementAndGet();
            if (away.get()) {
                throw new UnavailableException(ErrorCode.STORE_UNAVAILABLE, "the database does not answer");
            }
            return world.store.provider(tenant, provider);
        }

        void leave() {
            leftAt = nanos.get();
            away.set(true);
            known.set(true);
        }

        private Duration silence() {
            return known.get() ? Duration.ofNanos(Math.max(1, nanos.get() - leftAt)) : Duration.ZERO;
        }

        /** Kept for 30 s, serving for 5 minutes without the source, which may or may not know that it is away. */
        CredentialResolver resolver() {
            return new CredentialResolver(assemblies(), world.dialects, false);
        }

        @SuppressWarnings("unchecked") // a proxy's arguments have no types
        ModelAssemblies assemblies() {
            ConfigurationSource source = (ConfigurationSource) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {ConfigurationSource.class},
                    (proxy, method, args) -> switch (method.getName()) {
                        case "provider" -> provider((TenantId) args[0], (ProviderId) args[1]);
                        case "silence" -> silence();
                        case "onChange" -> {
                            listeners.add((Consumer<TenantId>) args[0]);
                            yield null;
                        }
                        default -> method.invoke(world.store, args);
                    });
            return new ModelAssemblies(
                    world.catalog,
                    source,
                    SystemProviderSource.none(),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(5),
                    100,
                    nanos::get,
                    java.time.Clock.systemUTC());
        }
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void servesWhatWasKnownWhileTheSourceIsAwayAndSaysSo() {
        // DB-01, DB-03
        world.add(ACME, PROVIDER, "own", "key");
        Leaving source = new Leaving();
        CredentialResolver resolver = source.resolver();
        Resolution fresh = resolver.resolve(ACME, GPT);
        assertThat(fresh.stale()).isFalse();

        source.away.set(true);
        pass(Duration.ofSeconds(29));
        assertThat(resolver.resolve(ACME, GPT)).isSameAs(fresh);
        pass(Duration.ofSeconds(2));
        Resolution stale = resolver.resolve(ACME, GPT);

        assertThat(stale.stale()).isTrue();
        assertThat(stale.refusal()).isEmpty();
        assertThat(stale.candidates()).isEqualTo(fresh.candidates());
        assertThat(stale.steps().get(stale.steps().size() - 1).reason()).contains("stopped answering");
        assertThat(stale).hasToString(fresh.toString().replace("]]", "], stale]"));
        assertThat(resolver.configuration(ACME, OPENAI).orElseThrow().stale()).isTrue();
    }

    @Test
    void servesWhatWasKnownForAWhileOnly() {
        world.add(ACME, PROVIDER, "own", "key");
        Leaving source = new Leaving();
        CredentialResolver resolver = source.resolver();
        resolver.resolve(ACME, GPT);
        source.leave();

        for (int seconds = 0; seconds < 299; seconds += 13) {
            assertThat(resolver.resolve(ACME, GPT).stale()).isEqualTo(seconds >= 30);
            pass(Duration.ofSeconds(13));
        }
        pass(Duration.ofSeconds(10));

        assertThatThrownBy(() -> resolver.resolve(ACME, GPT)).isInstanceOf(UnavailableException.class);
        source.away.set(false);
        source.known.set(false);
        pass(Duration.ofSeconds(1));
        assertThat(resolver.resolve(ACME, GPT).stale()).isFalse();
    }

    @Test
    void countsThatWhileFromTheLastAnswerNotFromWhenATenantLastCalled() {
        // what was read before is the newest there is for as long as the source answers that nothing has changed
        world.add(ACME, PROVIDER, "own", "key");
        Leaving source = new Leaving();
        CredentialResolver resolver = source.resolver();
        resolver.resolve(ACME, GPT);
        pass(Duration.ofSeconds(240));
        source.leave();
        pass(Duration.ofSeconds(61));

        assertThat(resolver.resolve(ACME, GPT).stale()).isTrue();

        pass(Duration.ofSeconds(240));
        assertThatThrownBy(() -> resolver.resolve(ACME, GPT)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void letsGoOfATenantsOpenedCredentialsOnceItHasChanged() {
        // CACHE-06
        world.add(ACME, PROVIDER, "own", "key");
        Leaving source = new Leaving();
        ModelAssemblies assemblies = source.assemblies();
        ModelAssembly before = assemblies.of(ACME);
        ModelAssembly other = assemblies.of(BETA);
        assertThat(assemblies.of(ACME)).isSameAs(before);

        source.listeners.forEach(listener -> listener.accept(ACME));

        assertThat(assemblies.kept()).isEqualTo(1);
        assertThat(assemblies.of(BETA)).isSameAs(other);
        assertThat(assemblies.of(ACME)).isNotSameAs(before);
    }

    @Test
    void readsAnewAsSoonAsTheSourceIsBack() {
        CredentialId id = world.add(ACME, PROVIDER, "own", "key");
        Leaving source = new Leaving();
        CredentialResolver resolver = source.resolver();
        resolver.resolve(ACME, GPT);
        source.away.set(true);
        pass(Duration.ofSeconds(31));
        assertThat(resolver.resolve(ACME, GPT).stale()).isTrue();

        source.away.set(false);
        pass(Duration.ofSeconds(1));

        assertThat(resolver.resolve(ACME, GPT).stale()).isFalse();
        assertThat(resolver.resolve(ACME, GPT).candidates().get(0).id()).isEqualTo(id.value());
    }

    @Test
    void neverServesWhatIsKnownToHaveChanged() {
        CredentialId id = world.add(ACME, PROVIDER, "own", "key");
        Leaving source = new Leaving();
        CredentialResolver resolver = source.resolver();
        resolver.resolve(ACME, GPT);
        source.away.set(true);

        world.store.removeCredential(ACME, PROVIDER, id);

        assertThatThrownBy(() -> resolver.resolve(ACME, GPT)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void asksASourceThatIsAwayOnceASecondAtMostAndNotAtAllWhereThatIsKnown() throws Exception {
        world.add(ACME, PROVIDER, "own", "key");
        Leaving source = new Leaving();
        CredentialResolver resolver = source.resolver();
        resolver.resolve(ACME, GPT);
        source.away.set(true);
        pass(Duration.ofSeconds(31));

        allAtOnce(500, () -> resolver.resolve(ACME, GPT));
        assertThat(source.loads).hasValue(2);
        pass(Duration.ofSeconds(1));
        allAtOnce(500, () -> resolver.resolve(ACME, GPT));
        assertThat(source.loads).hasValue(3);

        source.leave();
        pass(Duration.ofSeconds(60));
        assertThat(allAtOnce(500, () -> resolver.resolve(ACME, GPT)))
                .allSatisfy(found -> assertThat(((Resolution) found).stale()).isTrue());
        assertThat(source.loads).hasValue(3);
    }

    private List<Object> allAtOnce(int calls, Callable<Object> call) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Object>> running = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            running.add(pool.submit(() -> {
                start.await();
                return call.call();
            }));
        }
        start.countDown();
        List<Object> results = new ArrayList<>();
        for (Future<Object> one : running) {
            results.add(one.get());
        }
        return results;
    }

    @Test
    void aThousandCallersAtOnceLoadAProviderOnce() throws Exception {
        // CACHE-05
        world.add(ACME, PROVIDER, "own", "key");
        AtomicInteger loads = new AtomicInteger();
        CredentialResolver resolver = resolver(withProviders((tenant, provider) -> {
            loads.incrementAndGet();
            return world.store.provider(tenant, provider);
        }));

        List<Object> resolutions = allAtOnce(1_000, () -> resolver.resolve(ACME, GPT));

        assertThat(loads).hasValue(1);
        assertThat(resolutions)
                .allSatisfy(found -> assertThat(((Resolution) found).refusal()).isEmpty());
    }

    @Test
    void aFailedLoadIsToldToThoseWhoWaitAndTriedAgainWithinASecond() throws Exception {
        // CACHE-05
        world.add(ACME, PROVIDER, "own", "key");
        AtomicInteger loads = new AtomicInteger();
        AtomicBoolean away = new AtomicBoolean(true);
        CredentialResolver resolver = resolver(withProviders((tenant, provider) -> {
            loads.incrementAndGet();
            if (away.get()) {
                throw new UnavailableException(ErrorCode.STORE_UNAVAILABLE, "the database does not answer");
            }
            return world.store.provider(tenant, provider);
        }));

        List<Object> failures = allAtOnce(1_000, () -> {
            try {
                return resolver.resolve(ACME, GPT);
            } catch (UnavailableException e) {
                return e.code();
            }
        });
        assertThat(failures).containsOnly(ErrorCode.STORE_UNAVAILABLE);
        assertThat(loads).as("one load, however many ask").hasValue(1);

        away.set(false);
        nanos.addAndGet(Duration.ofMillis(999).toNanos());
        assertThat(resolver.resolve(ACME, GPT).refusal()).isEmpty();
    }

    @Test
    void nobodyGetsTheOldSecretOnceTheWriteHasReturned() throws Exception {
        CredentialId id = world.add(ACME, PROVIDER, "own", "key-0");
        ModelManager manager = world.manager();
        AtomicInteger written = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger reads = new AtomicInteger();
        List<Future<String>> readers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            readers.add(pool.submit(() -> {
                while (!stop.get()) {
                    int atLeast = written.get();
                    String key = Fixtures.ask(manager, ACME, GPT).text();
                    if (Integer.parseInt(key.substring(4)) < atLeast) {
                        return key + " after key-" + atLeast + " had been written";
                    }
                    reads.incrementAndGet();
                }
                return "";
            }));
        }
        for (int i = 1; i <= 2_000; i++) {
            world.store.updateCredential(ACME, PROVIDER, id, 0, new CredentialName("own"), Fixtures.key("key-" + i));
            written.set(i);
        }
        stop.set(true);
        for (Future<String> reader : readers) {
            assertThat(reader.get()).isEmpty();
        }
        assertThat(reads.get()).isPositive();
    }

    @Test
    void tenantsWithTheSameNamesNeverShareAnything() {
        // CACHE-03
        world.add(ACME, PROVIDER, "own", "acme-key");
        world.add(BETA, PROVIDER, "own", "beta-key");
        ModelManager manager = world.manager();

        for (int i = 0; i < 100; i++) {
            assertThat(Fixtures.ask(manager, ACME, GPT).text()).isEqualTo("acme-key");
            assertThat(Fixtures.ask(manager, BETA, GPT).text()).isEqualTo("beta-key");
        }
    }

    @Test
    void onlyTheProviderAskedForIsLoaded() {
        List<ProviderId> loaded = new ArrayList<>();
        CredentialResolver resolver = resolver(withProviders((tenant, provider) -> {
            loaded.add(provider);
            return world.store.provider(tenant, provider);
        }));

        resolver.resolve(ACME, GPT);

        assertThat(loaded).containsExactly(OPENAI);
    }

    @Test
    void warmResolutionTouchesTheSourceNoMore() {
        world.add(ACME, PROVIDER, "own", "key");
        AtomicInteger loads = new AtomicInteger();
        CredentialResolver resolver = resolver(withProviders((tenant, provider) -> {
            loads.incrementAndGet();
            return world.store.provider(tenant, provider);
        }));
        Resolution first = resolver.resolve(ACME, GPT);

        for (int i = 0; i < 1_000; i++) {
            assertThat(resolver.resolve(ACME, GPT)).isSameAs(first);
        }
        assertThat(loads).hasValue(1);
    }

    @Test
    void namesFromMessagesDoNotFillTheMemory() {
        world.add(ACME, PROVIDER, "own", "key");
        CredentialResolver resolver = resolver(world.store);
        for (int i = 0; i < 5_000; i++) {
            assertThat(resolver.resolve(ACME, InvocationTarget.Model.of(OPENAI, "m" + i, GPT.type()))
                            .refusal())
                    .isEmpty();
        }
        Resolution beyond = resolver.resolve(ACME, InvocationTarget.Model.of(OPENAI, "m4999", GPT.type()));

        assertThat(resolver.resolve(ACME, beyond.modelTarget())).as("not kept").isNotSameAs(beyond);
    }

    @Test
    void aSourceThatCannotAnswerIsAnErrorAndNeverNothing() {
        CredentialResolver resolver = resolver(withProviders((tenant, provider) -> {
            throw new UnavailableException(ErrorCode.STORE_UNAVAILABLE, "the database does not answer");
        }));

        assertThatThrownBy(() -> resolver.resolve(ACME, GPT)).isInstanceOf(UnavailableException.class);
    }
}
