package io.bactrian.core.invoke;

import static io.bactrian.core.invoke.Fixtures.ACME;
import static io.bactrian.core.invoke.Fixtures.GPT;
import static io.bactrian.core.invoke.Fixtures.MODEL;
import static io.bactrian.core.invoke.Fixtures.OPENAI;
import static io.bactrian.core.invoke.Fixtures.PROVIDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.balance.BalancingPool;
import io.bactrian.core.balance.CredentialState;
import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialVisibility;
import io.bactrian.core.config.CredentialVisibility.OnlyMe;
import io.bactrian.core.config.CredentialVisibility.PartialMembers;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderType;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whose calls use which of a tenant's credentials. */
class PrivateCredentialTest {

    private static final UserId ANN = new UserId("ann");
    private static final UserId BOB = new UserId("bob");
    private static final UserId CARL = new UserId("carl");
    private static final UserId DORA = new UserId("dora");

    private final BalancedWorld world = new BalancedWorld();

    @BeforeEach
    void addMembers() {
        world.world.store.putMember(ACME, new MemberRecord(ANN, Role.OWNER));
        world.world.store.putMember(ACME, new MemberRecord(BOB, Role.NORMAL));
        world.world.store.putMember(ACME, new MemberRecord(CARL, Role.ADMIN));
        world.world.store.putMember(ACME, new MemberRecord(DORA, Role.NORMAL));
    }

    private CredentialId add(String name, CredentialVisibility visibility) {
        return add(PROVIDER, name, visibility);
    }

    private CredentialId add(CredentialScope scope, String name, CredentialVisibility visibility) {
        return world.world.add(scope, name, visibility);
    }

    private void spreadOver(CredentialId... credentials) {
        List<BalancingEntry> entries =
                Stream.of(credentials).map(BalancingEntry::of).toList();
        world.world.store.setBalancing(
                ACME,
                OPENAI,
                new ModelBalancing(
                        "gpt-4o", ModelType.LLM, true, BalancingStrategy.ROUND_ROBIN, false, entries, List.of()));
    }

    private Resolution resolutionOf(@Nullable UserId user) {
        return world.manager().resolver().resolve(ACME, user, GPT);
    }

    private List<BalancingPool> poolsOf(Resolution resolution) {
        return resolution.pools(world.manager().balancing());
    }

    private InvokeException refusalOf(@Nullable UserId user, InvocationTarget target) {
        InvokeException refusal = catchThrowableOfType(InvokeException.class, () -> world.askAs(user, target));
        assertThat(refusal).as("a refusal for %s", user).isNotNull();
        return refusal;
    }

    private static InvocationTarget.Model named(String credential) {
        return new InvocationTarget.Model(OPENAI, "gpt-4o", ModelType.LLM, new CredentialName(credential));
    }

    @Test
    void usersPayEachWithTheirOwnKeyBehindOneModel() {
        spreadOver(add("of ann", new OnlyMe(ANN)), add("of bob", new OnlyMe(BOB)));

        for (int i = 0; i < 5; i++) {
            assertThat(world.askAs(ANN)).isEqualTo("of ann");
            assertThat(world.askAs(BOB)).isEqualTo("of bob");
        }
        for (UserId other : List.of(CARL, DORA)) {
            assertThat(refusalOf(other, GPT).code()).isEqualTo(ErrorCode.CREDENTIAL_POLICY_VIOLATION);
        }
        assertThat(refusalOf(null, GPT).code()).isEqualTo(ErrorCode.CREDENTIAL_POLICY_VIOLATION);
    }

    @Test
    void takesTurnsAmongWhatIsForTheUserAndWhatIsForAll() {
        spreadOver(
                add("of ann", new OnlyMe(ANN)),
                add("for bob", new PartialMembers(ANN, Set.of(BOB))),
                add("for all", CredentialVisibility.ALL));

        assertThat(keysUsedBy(ANN, 6)).containsOnly("of ann", "for bob", "for all");
        assertThat(keysUsedBy(BOB, 6)).containsOnly("for bob", "for all");
        assertThat(keysUsedBy(CARL, 6)).containsOnly("for all");
        assertThat(keysUsedBy(null, 6)).containsOnly("for all");
    }

    private Set<String> keysUsedBy(@Nullable UserId user, int calls) {
        return Stream.generate(() -> world.askAs(user)).limit(calls).collect(Collectors.toSet());
    }

    @Test
    void doesNotFailOverToWhatIsForOthers() {
        spreadOver(add("of ann", new OnlyMe(ANN)), add("of bob", new OnlyMe(BOB)));
        world.fails(
                "of ann", () -> new RateLimitedException(ErrorCode.RATE_LIMITED, "slow down", ErrorDetails.NONE, null));

        assertThat(refusalOf(ANN, GPT).code()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(world.asked).isNotEmpty().containsOnly("of ann");
        assertThat(world.askAs(BOB)).isEqualTo("of bob");
    }

    @Test
    @DisplayName("CRED-15: a credential that is for others is asked for in vain, as if it were not there")
    void answersForAnothersCredentialAsForOneThatIsNotThere() {
        add("for all", CredentialVisibility.ALL);
        add("of bob", new OnlyMe(BOB));

        assertThat(world.askAs(BOB, named("of bob"))).isEqualTo("of bob");
        for (UserId other : List.of(ANN, CARL, DORA)) {
            InvokeException theirs = refusalOf(other, named("of bob"));
            InvokeException nobodys = refusalOf(other, named("never was"));
            assertThat(theirs.code()).isEqualTo(ErrorCode.CREDENTIAL_NOT_FOUND);
            assertThat(theirs).hasMessage(nobodys.getMessage());
            assertThat(stepsOf(other, named("of bob"))).isEqualTo(stepsOf(other, named("never was")));
        }
        assertThat(refusalOf(null, named("of bob")))
                .hasMessage(refusalOf(null, named("never was")).getMessage());
    }

    private List<ResolutionStep> stepsOf(@Nullable UserId user, InvocationTarget.Model target) {
        return world.manager().resolver().resolve(ACME, user, target).steps();
    }

    @Test
    void doesNotUseAnotherCredentialSilentlyInPlaceOfTheOneInForce() {
        add("of ann", new OnlyMe(ANN));
        add("for all", CredentialVisibility.ALL);
        world.world.grantSystem("system");

        InvokeException refusal = refusalOf(BOB, GPT);

        assertThat(refusal.code()).isEqualTo(ErrorCode.CREDENTIAL_POLICY_VIOLATION);
        assertThat(refusal)
                .hasMessageContainingAll("[for all]", "credential=", "./bactrian credential share", "all_team_members");
        assertThat(world.asked).isEmpty();
        assertThat(world.askAs(BOB, named("for all"))).isEqualTo("for all");
        assertThat(world.askAs(ANN)).isEqualTo("of ann");
    }

    @Test
    void descendsPastWhatIsForOthersOnlyIfTheTenantSaidSo() {
        add(MODEL, "of ann", new OnlyMe(ANN));
        world.world.grantSystem("system");
        assertThat(refusalOf(BOB, GPT).code()).isEqualTo(ErrorCode.CREDENTIAL_POLICY_VIOLATION);

        world.world.store.preferProviderType(ACME, OPENAI, (ProviderType) null, true);

        assertThat(world.askAs(BOB)).isEqualTo("system");
        assertThat(world.askAs(null)).isEqualTo("system");
        assertThat(world.askAs(ANN)).isEqualTo("of ann");
        assertThat(resolutionOf(BOB).steps())
                .first()
                .satisfies(step -> assertThat(step.outcome()).isEqualTo(ResolutionStep.Outcome.PASSED_OVER))
                .satisfies(step -> assertThat(step.reason()).contains("not for this caller", "the tenant descends"));
    }

    @Test
    void namesAnothersCredentialToNobody() {
        CredentialId ann = add("of-ann", new OnlyMe(ANN));
        CredentialId bob = add("of-bob", new PartialMembers(BOB, Set.of(CARL)));
        add(MODEL, "model-of-ann", new OnlyMe(ANN));
        spreadOver(ann, bob);
        List<String> told = new ArrayList<>();
        told.add(tellingsTo(DORA));
        told.add(tellingsTo(null));
        world.world.store.removeCredential(ACME, PROVIDER, ann);
        told.add(tellingsTo(DORA));
        world.world.store.removeModel(ACME, OPENAI, "gpt-4o", ModelType.LLM);
        told.add(tellingsTo(DORA));

        assertThat(told).allSatisfy(telling -> assertThat(telling)
                .doesNotContain("of-ann", "of-bob", ann.value(), bob.value(), "'ann'", "'bob'"));
        assertThat(tellingsTo(CARL)).contains("of-bob");
    }

    private String tellingsTo(@Nullable UserId user) {
        Resolution resolution = resolutionOf(user);
        return resolution.steps() + " " + resolution.refusal() + " " + resolution + " "
                + catchThrowableOfType(InvokeException.class, () -> world.askAs(user));
    }

    @Test
    void isInForceAtOnceWhenItIsSharedAndWhenItIsTakenBack() {
        CredentialId id = add("of ann", new OnlyMe(ANN));
        assertThat(refusalOf(BOB, GPT).code()).isEqualTo(ErrorCode.CREDENTIAL_POLICY_VIOLATION);

        world.world.store.setVisibility(ACME, PROVIDER, id, new PartialMembers(ANN, Set.of(BOB)));
        assertThat(world.askAs(BOB)).isEqualTo("of ann");
        assertThat(refusalOf(CARL, GPT).code()).isEqualTo(ErrorCode.CREDENTIAL_POLICY_VIOLATION);

        world.world.store.setVisibility(ACME, PROVIDER, id, new OnlyMe(ANN));
        assertThat(refusalOf(BOB, GPT).code()).isEqualTo(ErrorCode.CREDENTIAL_POLICY_VIOLATION);
        assertThat(world.askAs(ANN)).isEqualTo("of ann");
    }

    @Test
    void isNobodysWhenItsOwnerHasLeftUntilItIsShared() {
        CredentialId id = add("of bob", new OnlyMe(BOB));
        world.world.store.removeMember(ACME, BOB);

        assertThat(refusalOf(BOB, GPT).code()).isEqualTo(ErrorCode.ACCESS_DENIED);
        for (UserId other : List.of(ANN, CARL, DORA)) {
            assertThat(refusalOf(other, GPT).code()).isEqualTo(ErrorCode.CREDENTIAL_POLICY_VIOLATION);
        }

        world.world.store.setVisibility(ACME, PROVIDER, id, new CredentialVisibility.AllTeamMembers(BOB));
        assertThat(world.askAs(DORA)).isEqualTo("of bob");
    }

    @Test
    void resolvesOnceForAllWhoSeeTheSame() {
        spreadOver(add("of ann", new OnlyMe(ANN)), add("for all", CredentialVisibility.ALL));

        Resolution others = resolutionOf(BOB);
        assertThat(resolutionOf(CARL)).isSameAs(others);
        assertThat(resolutionOf(null)).isSameAs(others);
        assertThat(resolutionOf(new UserId("whoever"))).isSameAs(others);
        assertThat(resolutionOf(ANN)).isNotSameAs(others).isSameAs(resolutionOf(ANN));
        assertThat(world.manager().resolver().resolve(ACME, GPT)).isSameAs(others);
    }

    @Test
    void sharesPoolsAmongAllWhoHaveTheSameCandidates() {
        add("of ann", new OnlyMe(ANN));
        add("of bob", new OnlyMe(BOB));
        spreadOver(add("one", CredentialVisibility.ALL), add("two", CredentialVisibility.ALL));

        Resolution ann = resolutionOf(ANN);
        Resolution bob = resolutionOf(BOB);

        assertThat(ann).as("of two who see different credentials").isNotSameAs(bob);
        assertThat(poolsOf(ann)).isSameAs(poolsOf(bob)).isSameAs(poolsOf(resolutionOf(null)));
        assertTakeTurns(List.of(world.askAs(ANN), world.askAs(BOB), world.askAs(null), world.askAs(CARL)));
    }

    /** Two keys, whichever is the first. */
    private static void assertTakeTurns(List<String> keys) {
        assertThat(keys.subList(0, 2)).containsExactlyInAnyOrder("one", "two");
        assertThat(keys.subList(2, 4)).isEqualTo(keys.subList(0, 2));
    }

    @Test
    void keepsWhatIsKnownOfACredentialThoughItIsInSeveralPools() {
        spreadOver(
                add("of ann", new OnlyMe(ANN)),
                add("one", CredentialVisibility.ALL),
                add("two", CredentialVisibility.ALL));
        world.fails(
                "two", () -> new RateLimitedException(ErrorCode.RATE_LIMITED, "slow down", ErrorDetails.NONE, null));
        assertThat(keysUsedBy(BOB, 2)).containsOnly("one");
        assertThat(world.asked).contains("two");
        world.asked.clear();

        assertThat(keysUsedBy(ANN, 6)).containsOnly("of ann", "one");

        assertThat(world.asked).as("it is cooling down for all").doesNotContain("two");
    }

    @Test
    void showsAllToThoseWhoManageThem() {
        spreadOver(add("of ann", new OnlyMe(ANN)), add("of bob", new OnlyMe(BOB)));

        Resolution all = world.manager().resolver().resolveForManagers(ACME, GPT);

        assertThat(all.candidates()).extracting(CredentialRef::name).containsExactly("of ann", "of bob");
        assertThat(all.states(world.manager().balancing()))
                .extracting(CredentialState::errors)
                .hasSize(2);
    }

    @Test
    void sharesThePoolsOfWhatAPolicyLeaves() {
        world.spread("one", "two", "three");
        world.world.credentialPolicies.add((caller, credential) ->
                credential.name().equals("three") ? Optional.of("not that one") : Optional.empty());
        List<Resolution> seen = new ArrayList<>();
        world.world.interceptors.add(new Interceptor() {
            @Override
            public Phase phase() {
                return Phase.QUOTA;
            }

            @Override
            public InvocationReply intercept(Invocation invocation, Next next) {
                seen.add(invocation.resolution());
                return next.proceed(invocation);
            }
        });

        assertTakeTurns(List.of(world.askAs(ANN), world.askAs(BOB), world.askAs(ANN), world.askAs(null)));
        assertThat(seen).hasSize(4).allSatisfy(one -> assertThat(one).isSameAs(seen.get(0)));
        assertThat(seen.get(0).candidates()).extracting(CredentialRef::name).containsExactly("one", "two");
    }
}
