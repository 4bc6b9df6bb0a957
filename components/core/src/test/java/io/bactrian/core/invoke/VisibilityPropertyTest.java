package io.bactrian.core.invoke;

import static io.bactrian.core.invoke.Fixtures.ACME;
import static io.bactrian.core.invoke.Fixtures.MODEL;
import static io.bactrian.core.invoke.Fixtures.OPENAI;
import static io.bactrian.core.invoke.Fixtures.PROVIDER;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialVisibility;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.UserId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Holds resolutions to a plain model of them, over configurations drawn at random. */
class VisibilityPropertyTest {

    private static final long SEED = 20_260_101;
    private static final List<UserId> USERS =
            IntStream.range(0, 5).mapToObj(i -> new UserId("user-" + i)).toList();

    private record Stored(CredentialId id, String name, CredentialVisibility visibility) {}

    /** What is configured, as the model sees it. */
    private static final class Plan {

        final Random random;
        final Fixtures world = new Fixtures();
        final List<Stored> ofProvider = new ArrayList<>();
        final List<Stored> ofModel = new ArrayList<>();

        @Nullable
        Stored inForceOfProvider;

        @Nullable
        Stored inForceOfModel;

        final List<@Nullable Stored> spread = new ArrayList<>();
        boolean descends;
        boolean granted;

        Plan(long seed) {
            this.random = new Random(seed);
            USERS.forEach(user -> world.store.putMember(ACME, new MemberRecord(user, Role.ADMIN)));
            inForceOfProvider = fill(PROVIDER, "p", ofProvider, random.nextInt(5));
            inForceOfModel = fill(MODEL, "m", ofModel, random.nextInt(4));
            balance();
            descends = random.nextInt(3) == 0;
            world.store.preferProviderType(ACME, OPENAI, null, descends);
            granted = random.nextBoolean();
            if (granted) {
                world.grantSystem("house");
            }
        }

        private @Nullable Stored fill(CredentialScope scope, String prefix, List<Stored> into, int count) {
            for (int i = 0; i < count; i++) {
                CredentialVisibility visibility = visibility();
                into.add(new Stored(world.add(scope, prefix + i, visibility), prefix + i, visibility));
            }
            if (into.isEmpty()) {
                return null;
            }
            Stored chosen = into.get(random.nextInt(into.size()));
            world.store.activateCredential(ACME, scope, chosen.id());
            if (random.nextInt(6) == 0) {
                world.store.removeCredential(ACME, scope, chosen.id());
                into.remove(chosen);
                return null;
            }
            return chosen;
        }

        private CredentialVisibility visibility() {
            UserId owner = USERS.get(random.nextInt(USERS.size()));
            return switch (random.nextInt(4)) {
                case 0 -> CredentialVisibility.ALL;
                case 1 -> new CredentialVisibility.OnlyMe(owner);
                case 2 -> new CredentialVisibility.PartialMembers(owner, users());
                default -> new CredentialVisibility.PartialMembers(null, users());
            };
        }

        private Set<UserId> users() {
            Set<UserId> users = new HashSet<>();
            USERS.stream().filter(user -> random.nextInt(3) == 0).forEach(users::add);
            return users;
        }

        private void balance() {
            List<Stored> all = new ArrayList<>(ofProvider);
            all.addAll(ofModel);
            Collections.shuffle(all, random);
            boolean enabled = random.nextInt(3) > 0;
            List<@Nullable Stored> chosen = new ArrayList<>(all.subList(0, random.nextInt(all.size() + 1)));
            if (random.nextInt(3) == 0) {
                chosen.add(null);
            }
            if (chosen.size() < 2) {
                return;
            }
            List<BalancingEntry> entries = chosen.stream()
                    .map(one -> one == null ? BalancingEntry.inherit() : BalancingEntry.of(one.id()))
                    .toList();
            world.store.setBalancing(
                    ACME,
                    OPENAI,
                    new ModelBalancing(
                            "gpt-4o",
                            ModelType.LLM,
                            enabled,
                            BalancingStrategy.ROUND_ROBIN,
                            false,
                            entries,
                            List.of()));
            if (enabled) {
                spread.addAll(chosen);
            }
        }

        /** The names that a call of a user is to find, in order. */
        List<String> expected(@Nullable UserId user, @Nullable String named) {
            if (named != null) {
                return named(ofModel, user, named)
                        .or(() -> named(ofProvider, user, named))
                        .map(List::of)
                        .orElse(List.of());
            }
            List<String> found = new ArrayList<>();
            boolean goesOn = true;
            if (world.store.provider(ACME, OPENAI).isPresent() && configuredModel()) {
                goesOn = level(found, inForceOfModel, user);
            }
            if (goesOn && configuredProvider()) {
                goesOn = level(found, inForceOfProvider, user);
            }
            if (goesOn && granted) {
                found.add("house");
            }
            return found;
        }

        private boolean configuredModel() {
            return !world.store.provider(ACME, OPENAI).orElseThrow().models().isEmpty();
        }

        private boolean configuredProvider() {
            return world.store
                    .provider(ACME, OPENAI)
                    .map(record -> record.configured())
                    .orElse(false);
        }

        private boolean level(List<String> found, @Nullable Stored inForce, @Nullable UserId user) {
            int before = found.size();
            for (Stored entry : spread) {
                Stored one = entry == null ? inForce : entry;
                if (one != null && one.visibility().includes(user) && !found.contains(one.name())) {
                    found.add(one.name());
                }
            }
            if (found.size() == before
                    && inForce != null
                    && inForce.visibility().includes(user)) {
                found.add(inForce.name());
            }
            return descends;
        }

        private static java.util.Optional<String> named(List<Stored> among, @Nullable UserId user, String name) {
            return among.stream()
                    .filter(one -> one.name().equals(name) && one.visibility().includes(user))
                    .map(Stored::name)
                    .findFirst();
        }
    }

    @Test
    void findsWhatAPlainModelFindsForEveryCaller() {
        int some = 0;
        for (long seed = SEED; seed < SEED + 200; seed++) {
            Plan plan = new Plan(seed);
            CredentialResolver resolver = plan.world.manager().resolver();
            List<@Nullable UserId> callers = new ArrayList<>(USERS);
            callers.add(new UserId("stranger"));
            callers.add(null);
            for (UserId caller : callers) {
                for (String named : new @Nullable String[] {null, "p0", "p1", "m0"}) {
                    CredentialName credential = named == null ? null : new CredentialName(named);
                    Resolution resolution = resolver.resolve(
                            ACME, caller, new InvocationTarget.Model(OPENAI, "gpt-4o", ModelType.LLM, credential));
                    List<String> found = resolution.candidates().stream()
                            .map(CredentialRef::name)
                            .toList();
                    List<String> expected = plan.expected(caller, named);
                    assertThat(found)
                            .as("seed %d, caller %s, credential %s: %s", seed, caller, named, resolution.steps())
                            .isEqualTo(expected);
                    assertThat(resolution.refusal().isEmpty()).isEqualTo(!expected.isEmpty());
                    some += expected.size();
                }
            }
        }
        assertThat(some).as("candidates in all").isGreaterThan(500);
    }
}
