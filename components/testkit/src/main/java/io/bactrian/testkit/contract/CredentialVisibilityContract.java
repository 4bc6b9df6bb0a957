package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialVisibility;
import io.bactrian.core.config.CredentialVisibility.AllTeamMembers;
import io.bactrian.core.config.CredentialVisibility.OnlyMe;
import io.bactrian.core.config.CredentialVisibility.PartialMembers;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.NewCredential;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whose calls may use a credential, as stores keep it. */
public interface CredentialVisibilityContract extends StoreFixture {

    /** A member. */
    UserId ANN = new UserId("ann");

    /** Another member. */
    UserId BOB = new UserId("bob");

    /** A member of the other tenant alone. */
    UserId EVE = new UserId("eve");

    private void addMembers() {
        addTenants();
        store().putMember(ACME, new MemberRecord(ANN, Role.ADMIN));
        store().putMember(ACME, new MemberRecord(BOB, Role.NORMAL));
        store().putMember(GLOBEX, new MemberRecord(BOB, Role.NORMAL));
        store().putMember(GLOBEX, new MemberRecord(EVE, Role.OWNER));
    }

    private CredentialId add(TenantId tenant, CredentialScope scope, String name, CredentialVisibility visibility) {
        return store().addCredential(
                        tenant, scope, new NewCredential(new CredentialName(name), secret(name), null, visibility));
    }

    private StoredCredential found(TenantId tenant, CredentialId id) {
        return Stream.concat(
                        openai(tenant).credentials().stream(),
                        openai(tenant).models().stream().flatMap(model -> model.credentials().stream()))
                .filter(stored -> stored.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private CredentialVisibility visibilityOf(TenantId tenant, CredentialId id) {
        return found(tenant, id).visibility();
    }

    @Test
    default void hasACredentialBeForAllUnlessItWasSaidOtherwise() {
        addTenants();
        CredentialId id = add(ACME, PROVIDER, "main", "s-1");

        assertThat(visibilityOf(ACME, id)).isEqualTo(CredentialVisibility.ALL);
    }

    @Test
    default void keepsWhomACredentialIsForFromTheBeginning() {
        addMembers();
        for (CredentialScope scope : List.of(PROVIDER, MODEL)) {
            List<CredentialVisibility> all = List.of(
                    new AllTeamMembers(ANN),
                    new OnlyMe(ANN),
                    new PartialMembers(ANN, Set.of(BOB)),
                    new PartialMembers(null, Set.of(ANN, BOB)),
                    CredentialVisibility.ALL);
            for (int i = 0; i < all.size(); i++) {
                CredentialId id = add(ACME, scope, "c" + i, all.get(i));

                assertThat(visibilityOf(ACME, id)).isEqualTo(all.get(i));
            }
        }
    }

    @Test
    default void changesWhomItIsForAndNothingElse() {
        addMembers();
        CredentialId first = add(ACME, PROVIDER, "first", "s-1");
        CredentialId second = add(ACME, MODEL, "second", "s-2");
        long before = store().version(ACME);

        store().setVisibility(ACME, PROVIDER, first, new PartialMembers(ANN, Set.of(BOB)));
        store().setVisibility(ACME, MODEL, second, new OnlyMe(BOB));

        assertThat(store().version(ACME)).isGreaterThan(before);
        assertThat(visibilityOf(ACME, first)).isEqualTo(new PartialMembers(ANN, Set.of(BOB)));
        assertThat(visibilityOf(ACME, second)).isEqualTo(new OnlyMe(BOB));
        assertThat(found(ACME, first).version()).isEqualTo(1);
        assertThat(secretOf(ACME, first)).isEqualTo("s-1");
        assertThat(openai(ACME).activeCredential()).isEqualTo(first);

        store().setVisibility(ACME, PROVIDER, first, new PartialMembers(ANN, Set.of(ANN)));
        assertThat(visibilityOf(ACME, first)).isEqualTo(new PartialMembers(ANN, Set.of(ANN)));
        store().setVisibility(ACME, PROVIDER, first, new AllTeamMembers(ANN));
        assertThat(visibilityOf(ACME, first)).isEqualTo(new AllTeamMembers(ANN));
    }

    @Test
    default void staysForThoseWhomItIsForWhenItsValuesChange() {
        addMembers();
        CredentialVisibility forBob = new PartialMembers(ANN, Set.of(BOB));
        CredentialId id = add(ACME, PROVIDER, "main", forBob);

        store().updateCredential(ACME, PROVIDER, id, 1, new CredentialName("renamed"), secret("s-2"));
        assertThat(visibilityOf(ACME, id)).isEqualTo(forBob);
        store().rotateCredential(ACME, PROVIDER, id, secret("s-3"), Duration.ofMinutes(1));
        assertThat(visibilityOf(ACME, id)).isEqualTo(forBob);

        store().setVisibility(ACME, PROVIDER, id, new OnlyMe(ANN));
        assertThat(found(ACME, id).previous()).as("values before a rotation").isPresent();
    }

    @Test
    default void isForNobodyWhoIsNoMember() {
        addMembers();
        CredentialId id = add(ACME, PROVIDER, "main", "s-1");

        for (CredentialVisibility others : List.of(
                new OnlyMe(EVE), new PartialMembers(null, Set.of(BOB, EVE)), new PartialMembers(ANN, Set.of(EVE)))) {
            assertThat(refused(ErrorCode.INVALID_PARAM, () -> store().setVisibility(ACME, PROVIDER, id, others)))
                    .hasMessageContaining("'eve'", "acme");
            refused(ErrorCode.INVALID_PARAM, () -> add(ACME, PROVIDER, "other", others));
        }
        assertThat(visibilityOf(ACME, id)).isEqualTo(CredentialVisibility.ALL);
        assertThat(openai(ACME).credentials()).hasSize(1);
    }

    @Test
    @DisplayName("CRED-15: a credential of another tenant or scope is not there")
    default void knowsNoCredentialOfAnotherTenantOrScope() {
        addMembers();
        CredentialId own = add(ACME, PROVIDER, "main", "s-1");
        CredentialId theirs = add(GLOBEX, PROVIDER, "main", "s-2");
        CredentialVisibility forBob = new PartialMembers(null, Set.of(BOB));

        for (CredentialId wrong : List.of(theirs, new CredentialId("never-was"))) {
            refused(ErrorCode.CREDENTIAL_NOT_FOUND, () -> store().setVisibility(ACME, PROVIDER, wrong, forBob));
        }
        refused(ErrorCode.CREDENTIAL_NOT_FOUND, () -> store().setVisibility(ACME, MODEL, own, forBob));
        refused(ErrorCode.TENANT_NOT_FOUND, () -> store().setVisibility(NOBODY, PROVIDER, own, forBob));
        assertThat(visibilityOf(GLOBEX, theirs)).isEqualTo(CredentialVisibility.ALL);
        assertThat(visibilityOf(ACME, own)).isEqualTo(CredentialVisibility.ALL);
    }

    @Test
    default void dropsWhatAMemberWasGrantedWhenTheyLeave() {
        addMembers();
        CredentialId listed = add(ACME, PROVIDER, "listed", new PartialMembers(ANN, Set.of(BOB)));
        CredentialId ofModel = add(ACME, MODEL, "listed", new PartialMembers(null, Set.of(ANN, BOB)));
        CredentialId elsewhere = add(GLOBEX, PROVIDER, "listed", new PartialMembers(null, Set.of(BOB)));
        long before = store().version(ACME);

        assertThat(store().removeMember(ACME, BOB)).isTrue();

        assertThat(store().version(ACME)).isGreaterThan(before);
        assertThat(visibilityOf(ACME, listed)).isEqualTo(new PartialMembers(ANN, Set.of()));
        assertThat(visibilityOf(ACME, ofModel)).isEqualTo(new PartialMembers(null, Set.of(ANN)));
        assertThat(visibilityOf(GLOBEX, elsewhere)).isEqualTo(new PartialMembers(null, Set.of(BOB)));

        store().putMember(ACME, new MemberRecord(BOB, Role.ADMIN));
        assertThat(visibilityOf(ACME, listed)).as("after they came back").isEqualTo(new PartialMembers(ANN, Set.of()));
    }

    @Test
    default void keepsTheCredentialOfAnOwnerWhoHasLeft() {
        addMembers();
        CredentialId own = add(ACME, PROVIDER, "own", new OnlyMe(BOB));
        store().removeMember(ACME, BOB);

        assertThat(visibilityOf(ACME, own)).isEqualTo(new OnlyMe(BOB));
        refused(ErrorCode.INVALID_PARAM, () -> store().setVisibility(ACME, PROVIDER, own, new OnlyMe(BOB)));

        store().setVisibility(ACME, PROVIDER, own, new PartialMembers(BOB, Set.of(ANN)));
        assertThat(visibilityOf(ACME, own)).isEqualTo(new PartialMembers(BOB, Set.of(ANN)));
    }

    @Test
    default void removesWhatIsForListedMembersWithAllThatHangsOnIt() {
        addMembers();
        CredentialVisibility forBob = new PartialMembers(ANN, Set.of(BOB));
        CredentialScope.OfModel model = (CredentialScope.OfModel) MODEL;

        store().removeCredential(ACME, PROVIDER, add(ACME, PROVIDER, "one", forBob));
        add(ACME, MODEL, "two", forBob);
        assertThat(store().removeModel(ACME, OPENAI, model.model(), ModelType.LLM))
                .isTrue();
        add(ACME, PROVIDER, "three", forBob);
        add(ACME, MODEL, "four", forBob);
        assertThat(store().removeProvider(ACME, OPENAI)).isTrue();

        CredentialId anew = add(ACME, PROVIDER, "one", "s-1");
        assertThat(visibilityOf(ACME, anew)).isEqualTo(CredentialVisibility.ALL);
        add(ACME, PROVIDER, "five", forBob);
        assertThat(store().removeTenant(ACME)).isTrue();
        assertThat(store().tenant(ACME)).isEmpty();
    }
}
