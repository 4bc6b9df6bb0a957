package io.bactrian.core.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialVisibility;
import io.bactrian.core.config.CredentialVisibility.AllTeamMembers;
import io.bactrian.core.config.CredentialVisibility.OnlyMe;
import io.bactrian.core.config.CredentialVisibility.PartialMembers;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.invoke.Dialects;
import io.bactrian.core.provider.ConfigurateMethod;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CredentialSharingTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final ProviderId PROVIDER = new ProviderId("p");
    private static final CredentialScope SCOPE = new CredentialScope.OfProvider(PROVIDER);
    private static final UserId ANN = new UserId("ann");
    private static final UserId BOB = new UserId("bob");
    private static final UserId CARL = new UserId("carl");
    private static final Actor OPERATOR = new Actor.Operator();
    private static final Actor BY_ANN = new Actor.Member(ACME, ANN, Role.ADMIN);
    private static final Actor BY_BOB = new Actor.Member(ACME, BOB, Role.OWNER);
    private static final Actor BY_CARL = new Actor.Member(ACME, CARL, Role.EDITOR);
    private static final CredentialSharing ONLY_ME = CredentialSharing.of("only_me", List.of());

    private final MemoryConfigurationStore store = new MemoryConfigurationStore("memory", Clock.systemUTC());
    private final CredentialManager credentials = new CredentialManager(
            store,
            new AccessControl(store, Clock.systemUTC()),
            ProviderCatalog.of(List.of(() -> List.of(provider()))),
            new Dialects(List.of()),
            Clock.systemUTC());

    private static ProviderEntity provider() {
        return new ProviderEntity(
                PROVIDER,
                "P",
                "",
                null,
                "none",
                "p",
                Set.of(ModelType.LLM),
                Set.of(ConfigurateMethod.PREDEFINED_MODEL),
                List.of(),
                Map.of(),
                CredentialForm.EMPTY,
                null,
                Map.of());
    }

    @BeforeEach
    void addMembers() {
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        store.putMember(ACME, new MemberRecord(ANN, Role.ADMIN));
        store.putMember(ACME, new MemberRecord(BOB, Role.OWNER));
        store.putMember(ACME, new MemberRecord(CARL, Role.EDITOR));
    }

    private CredentialId add(Actor actor, String name, CredentialSharing sharing) {
        return credentials.add(actor, ACME, SCOPE, new CredentialName(name), Credentials.NONE, sharing);
    }

    private CredentialView view(CredentialId id) {
        return credentials.list(OPERATOR, ACME, SCOPE).stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private CredentialVisibility visibility(CredentialId id) {
        return view(id).visibility();
    }

    private static CredentialSharing with(UserId... users) {
        return CredentialSharing.of("partial_members", List.of(users));
    }

    @Test
    void isItsMakersOwnAndForAllUnlessTheySaySo() {
        CredentialId own = credentials.add(BY_ANN, ACME, SCOPE, null, Credentials.NONE);

        assertThat(visibility(own)).isEqualTo(new AllTeamMembers(ANN));
        assertThat(visibility(add(BY_ANN, "mine", ONLY_ME))).isEqualTo(new OnlyMe(ANN));
        assertThat(visibility(add(BY_ANN, "ours", with(BOB)))).isEqualTo(new PartialMembers(ANN, Set.of(BOB)));
        assertThat(visibility(add(BY_ANN, "listed", CredentialSharing.of(null, List.of(CARL)))))
                .isEqualTo(new PartialMembers(ANN, Set.of(CARL)));
        assertThat(visibility(add(OPERATOR, "house", CredentialSharing.WITH_ALL)))
                .isEqualTo(CredentialVisibility.ALL);
        assertThat(visibility(add(OPERATOR, "for carl", with(CARL)))).isEqualTo(new PartialMembers(null, Set.of(CARL)));
    }

    @Test
    void hasNoOwnerToBeForWhereTheOperatorOrAFileMadeIt() {
        for (Actor actor : List.of(OPERATOR, new Actor.File("workspaces/acme.yaml"))) {
            assertThatThrownBy(() -> add(actor, "x", ONLY_ME))
                    .isInstanceOf(BadRequestException.class)
                    .hasMessageContaining("partial_members");
        }
        CredentialId house = add(OPERATOR, "house", CredentialSharing.WITH_ALL);

        assertThatThrownBy(() -> credentials.share(BY_ANN, ACME, SCOPE, house, ONLY_ME))
                .isInstanceOf(BadRequestException.class);
        assertThat(visibility(house)).isEqualTo(CredentialVisibility.ALL);
    }

    @Test
    void staysItsOwnersWhoeverSharesIt() {
        CredentialId own = add(BY_ANN, "mine", ONLY_ME);

        credentials.share(BY_BOB, ACME, SCOPE, own, with(CARL));
        assertThat(visibility(own)).isEqualTo(new PartialMembers(ANN, Set.of(CARL)));
        assertThat(visibility(own).includes(ANN)).isTrue();
        assertThat(visibility(own).includes(BOB)).as("who shared it").isFalse();

        credentials.share(BY_BOB, ACME, SCOPE, own, ONLY_ME);
        assertThat(visibility(own)).isEqualTo(new OnlyMe(ANN));

        credentials.share(OPERATOR, ACME, SCOPE, own, CredentialSharing.WITH_ALL);
        assertThat(visibility(own)).isEqualTo(new AllTeamMembers(ANN));
    }

    @Test
    void isSharedByThoseWhoManageCredentialsAndTakenDown() {
        CredentialId own = add(BY_ANN, "mine", ONLY_ME);

        assertThatThrownBy(() -> credentials.share(BY_CARL, ACME, SCOPE, own, with(CARL)))
                .isInstanceOf(RefusedException.class);
        credentials.share(BY_BOB, ACME, SCOPE, own, with(BOB));

        assertThat(store.latest(2))
                .extracting(AuditEvent::actor, AuditEvent::action, AuditEvent::outcome)
                .containsExactly(
                        tuple("bob", "credential.share", "done"), tuple("carl", "credential.share", "access_denied"));
        assertThat(visibility(own)).isEqualTo(new PartialMembers(ANN, Set.of(BOB)));
    }

    @Test
    void saysWhichIsForNobodyWhoIsStillAMember() {
        CredentialId mine = add(BY_ANN, "mine", ONLY_ME);
        CredentialId listed = add(OPERATOR, "listed", with(ANN));
        CredentialId both = add(BY_ANN, "both", with(CARL));
        assertThat(credentials.list(OPERATOR, ACME, SCOPE))
                .extracting(CredentialView::usable)
                .containsOnly(true);

        store.removeMember(ACME, ANN);

        assertThat(view(mine).usable()).isFalse();
        assertThat(view(listed).usable()).isFalse();
        assertThat(view(both).usable()).isTrue();
        credentials.share(BY_BOB, ACME, SCOPE, mine, with(BOB));
        assertThat(view(mine).usable()).isTrue();
    }

    @Test
    void refusesWhatMakesNoSense() {
        List<UserId> many = IntStream.rangeClosed(0, CredentialVisibility.MOST_MEMBERS)
                .mapToObj(i -> new UserId("u" + i))
                .toList();
        Map<Runnable, String> wrong = Map.of(
                () -> CredentialSharing.of("everybody", List.of()), "all_team_members, only_me, partial_members",
                () -> CredentialSharing.of("partial_members", List.of()), "name the users",
                () -> CredentialSharing.of("only_me", List.of(ANN)), "partial_members alone",
                () -> CredentialSharing.of("all_team_members", List.of(ANN)), "partial_members alone",
                () -> CredentialSharing.of(null, many), "1000 users at most",
                () -> add(OPERATOR, "x", with(new UserId("eve"))), "'eve' is no member");

        wrong.forEach((attempt, message) -> {
            InvokeException refusal = catchThrowableOfType(InvokeException.class, attempt::run);
            assertThat(refusal).as(message).isNotNull();
            assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_PARAM);
            assertThat(refusal).hasMessageContaining(message);
        });
        assertThat(credentials.list(OPERATOR, ACME, SCOPE).stream()
                        .map(CredentialView::name)
                        .collect(Collectors.toSet()))
                .isEmpty();
    }
}
