package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.config.ModelSetting;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.FailureClass;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How calls of a model are spread over credentials, as a store keeps it. */
public interface BalancingContract extends StoreFixture {

    /** The name of {@link #MODEL}. */
    String NAME = ((CredentialScope.OfModel) MODEL).model();

    /** What a store gives back for {@link #MODEL}. */
    private Optional<ModelBalancing> balancing(TenantId tenant) {
        return store().provider(tenant, OPENAI).flatMap(record -> record.balancing(ModelType.LLM, NAME));
    }

    private static ModelBalancing over(BalancingEntry... entries) {
        return new ModelBalancing(
                NAME, ModelType.LLM, true, BalancingStrategy.ROUND_ROBIN, false, List.of(entries), List.of());
    }

    private static ModelBalancing over(List<ModelFallback> fallbacks) {
        return new ModelBalancing(
                NAME, ModelType.LLM, false, BalancingStrategy.POWER_OF_TWO, true, List.of(), fallbacks);
    }

    @Test
    default void keepsAllThatIsSaidOfAModelsBalancing() {
        addTenants();
        CredentialId ofProvider = add(ACME, PROVIDER, "main", "s-1");
        CredentialId ofModel = add(ACME, MODEL, "own", "s-2");
        ModelBalancing wanted = new ModelBalancing(
                NAME,
                ModelType.LLM,
                true,
                BalancingStrategy.WEIGHTED,
                true,
                List.of(
                        new BalancingEntry(ofModel, true, 3),
                        new BalancingEntry(null, false, 1000),
                        BalancingEntry.of(ofProvider)),
                List.of(
                        ModelFallback.of(LOCAL, "a/b:c.d@e#f \"g\", [h]"),
                        new ModelFallback(
                                OPENAI, "big", Set.of(FailureClass.CONTEXT_LENGTH, FailureClass.MODEL_NOT_FOUND))));

        store().setBalancing(ACME, OPENAI, wanted);

        assertThat(balancing(ACME)).contains(wanted);
        assertThat(balancing(GLOBEX)).isEmpty();
        assertThat(store().balancingManagedBy(ACME, OPENAI, NAME, ModelType.LLM))
                .isEmpty();
        assertThat(openai(ACME).settings()).isEmpty();
        assertThat(openai(ACME).balancing(ModelType.TEXT_EMBEDDING, NAME)).isEmpty();
    }

    @Test
    default void keepsTheBalancingOfEachModelApart() {
        addTenants();
        CredentialId main = add(ACME, PROVIDER, "main", "s-1");
        ModelBalancing llm = over(BalancingEntry.inherit(), BalancingEntry.of(main));
        ModelBalancing embedding = new ModelBalancing(
                NAME,
                ModelType.TEXT_EMBEDDING,
                false,
                BalancingStrategy.WEIGHTED,
                false,
                List.of(new BalancingEntry(main, true, 7)),
                List.of(ModelFallback.of(LOCAL, "small")));
        store().setBalancing(ACME, OPENAI, llm);
        store().setBalancing(ACME, OPENAI, embedding);

        assertThat(openai(ACME).balancing()).containsExactlyInAnyOrder(llm, embedding);
        assertThat(store().removeBalancing(ACME, OPENAI, NAME, ModelType.LLM)).isTrue();
        assertThat(openai(ACME).balancing()).containsExactly(embedding);
    }

    @Test
    default void replacesAllOfAModelsBalancing() {
        addTenants();
        CredentialId one = add(ACME, PROVIDER, "one", "s-1");
        CredentialId two = add(ACME, PROVIDER, "two", "s-2");
        CredentialId three = add(ACME, MODEL, "three", "s-3");
        store().setBalancing(
                        ACME,
                        OPENAI,
                        new ModelBalancing(
                                NAME,
                                ModelType.LLM,
                                true,
                                BalancingStrategy.WEIGHTED,
                                true,
                                List.of(
                                        new BalancingEntry(one, true, 5),
                                        BalancingEntry.of(two),
                                        BalancingEntry.inherit()),
                                List.of(ModelFallback.of(LOCAL, "a"), ModelFallback.of(LOCAL, "b"))));
        ModelBalancing wanted = new ModelBalancing(
                NAME,
                ModelType.LLM,
                true,
                BalancingStrategy.POWER_OF_TWO,
                false,
                List.of(BalancingEntry.of(three), BalancingEntry.of(two), new BalancingEntry(one, false, 1)),
                List.of(ModelFallback.of(LOCAL, "b")));

        store().setBalancing(ACME, OPENAI, wanted);

        assertThat(openai(ACME).balancing()).containsExactly(wanted);
        store().setBalancing(ACME, OPENAI, over(List.of()));
        assertThat(openai(ACME).balancing()).containsExactly(over(List.of()));
    }

    @Test
    default void keepsTheOrderOfManyEntries() {
        addTenants();
        List<BalancingEntry> entries = new ArrayList<>(IntStream.rangeClosed(1, 40)
                .mapToObj(i -> new BalancingEntry(add(ACME, PROVIDER, "key " + i, "s-" + i), i % 3 != 0, i))
                .toList());
        store().setBalancing(ACME, OPENAI, over(entries.toArray(BalancingEntry[]::new)));
        Collections.reverse(entries);

        store().setBalancing(ACME, OPENAI, over(entries.toArray(BalancingEntry[]::new)));

        assertThat(balancing(ACME).orElseThrow().entries()).containsExactlyElementsOf(entries);
    }

    @Test
    default void countsEachChangeOfBalancing() {
        addTenants();
        long before = store().version(ACME);
        store().setBalancing(ACME, OPENAI, over(BalancingEntry.inherit()));
        long set = store().version(ACME);
        store().replaceBalancing(ACME, OPENAI, over(BalancingEntry.inherit()), over(List.of()));
        long replaced = store().version(ACME);
        store().removeBalancing(ACME, OPENAI, NAME, ModelType.LLM);
        long removed = store().version(ACME);

        assertThat(List.of(before, set, replaced, removed)).isSorted().doesNotHaveDuplicates();
    }

    @Test
    @DisplayName(
            "CRED-15: an entry names a credential of its provider or model and tenant, or is refused and changes nothing")
    default void refusesEntriesOfOtherCredentials() {
        addTenants();
        CredentialId own = add(ACME, PROVIDER, "main", "s-1");
        CredentialId theirs = add(GLOBEX, PROVIDER, "main", "s-2");
        CredentialId ofOtherProvider = add(ACME, new CredentialScope.OfProvider(LOCAL), "main", "s-3");
        CredentialId ofOtherModel = add(ACME, new CredentialScope.OfModel(OPENAI, "x", ModelType.LLM), "main", "s-4");
        CredentialId ofOtherType =
                add(ACME, new CredentialScope.OfModel(OPENAI, NAME, ModelType.TEXT_EMBEDDING), "main", "s-5");
        ModelBalancing set = over(BalancingEntry.of(own));
        store().setBalancing(ACME, OPENAI, set);

        for (CredentialId other :
                List.of(theirs, ofOtherProvider, ofOtherModel, ofOtherType, new CredentialId("never-was"))) {
            ModelBalancing wrong = over(BalancingEntry.inherit(), BalancingEntry.of(other));
            assertThat(refused(ErrorCode.CREDENTIAL_NOT_FOUND, () -> store().setBalancing(ACME, OPENAI, wrong)))
                    .hasMessageContaining(other.value());
        }
        assertThat(balancing(ACME)).contains(set);
        assertThat(balancing(GLOBEX)).isEmpty();
    }

    @Test
    default void refusesBalancingOfATenantWhoIsNotThere() {
        addTenants();
        ModelBalancing set = over(BalancingEntry.inherit());

        refused(ErrorCode.TENANT_NOT_FOUND, () -> store().setBalancing(NOBODY, OPENAI, set));
        refused(ErrorCode.TENANT_NOT_FOUND, () -> store().replaceBalancing(NOBODY, OPENAI, null, set));
        assertThat(store().removeBalancing(NOBODY, OPENAI, NAME, ModelType.LLM)).isFalse();
        assertThat(store().balancingManagedBy(NOBODY, OPENAI, NAME, ModelType.LLM))
                .isEmpty();
    }

    @Test
    @DisplayName("CONC: a change of what has changed since it was read is refused, and loses nothing")
    default void refusesToReplaceWhatHasChangedSinceItWasRead() {
        addTenants();
        ModelBalancing first = over(BalancingEntry.inherit());
        ModelBalancing second = over(List.of(ModelFallback.of(LOCAL, "b")));
        ModelBalancing third = over(List.of(ModelFallback.of(LOCAL, "c")));
        refused(ErrorCode.INVALID_PARAM, () -> store().replaceBalancing(ACME, OPENAI, first, second));
        store().replaceBalancing(ACME, OPENAI, null, first);
        refused(ErrorCode.INVALID_PARAM, () -> store().replaceBalancing(ACME, OPENAI, null, third));
        store().replaceBalancing(ACME, OPENAI, first, second);

        assertThat(refused(ErrorCode.INVALID_PARAM, () -> store().replaceBalancing(ACME, OPENAI, first, third)))
                .hasMessageContaining("read it again");
        assertThat(balancing(ACME)).contains(second);
    }

    @Test
    @DisplayName("CONC: of many who change what they have read, one at a time does")
    default void letsOneOfManyReplaceWhatTheyRead() throws InterruptedException {
        addTenants();
        ModelBalancing read = over(List.of());
        store().setBalancing(ACME, OPENAI, read);

        List<Boolean> replaced = Suites.together(8, i -> () -> {
            try {
                store().replaceBalancing(ACME, OPENAI, read, over(List.of(ModelFallback.of(LOCAL, "m" + i))));
                return true;
            } catch (BadRequestException changed) {
                return false;
            }
        });

        assertThat(replaced).containsOnlyOnce(true);
        assertThat(balancing(ACME).orElseThrow().fallbacks()).hasSize(1);
    }

    @Test
    default void takesACredentialOutOfTheEntriesWhenItIsRemoved() {
        addTenants();
        CredentialId one = add(ACME, PROVIDER, "one", "s-1");
        CredentialId two = add(ACME, PROVIDER, "two", "s-2");
        CredentialId own = add(ACME, MODEL, "own", "s-3");
        ModelBalancing other = new ModelBalancing(
                "other",
                ModelType.LLM,
                true,
                BalancingStrategy.ROUND_ROBIN,
                false,
                List.of(BalancingEntry.of(two), BalancingEntry.of(one)),
                List.of());
        store().setBalancing(
                        ACME,
                        OPENAI,
                        over(
                                BalancingEntry.of(one),
                                BalancingEntry.inherit(),
                                BalancingEntry.of(own),
                                BalancingEntry.of(two)));
        store().setBalancing(ACME, OPENAI, other);

        store().removeCredential(ACME, PROVIDER, one);
        assertThat(balancing(ACME))
                .contains(over(BalancingEntry.inherit(), BalancingEntry.of(own), BalancingEntry.of(two)));
        assertThat(openai(ACME).balancing(ModelType.LLM, "other").orElseThrow().entries())
                .containsExactly(BalancingEntry.of(two));

        store().removeCredential(ACME, MODEL, own);
        store().removeCredential(ACME, PROVIDER, two);
        assertThat(balancing(ACME)).contains(over(BalancingEntry.inherit()));
    }

    @Test
    default void leavesEntriesAloneWhenACredentialIsChanged() {
        addTenants();
        CredentialId one = add(ACME, PROVIDER, "one", "s-1");
        CredentialId two = add(ACME, PROVIDER, "two", "s-2");
        ModelBalancing set = over(BalancingEntry.of(one), BalancingEntry.of(two));
        store().setBalancing(ACME, OPENAI, set);

        store().updateCredential(ACME, PROVIDER, one, 0, new CredentialName("renamed"), secret("s-3"));
        store().rotateCredential(ACME, PROVIDER, two, secret("s-4"), Duration.ofMinutes(1));
        store().activateCredential(ACME, PROVIDER, two);
        store().enableProvider(ACME, OPENAI, false);
        store().preferProviderType(ACME, OPENAI, null, true);
        add(ACME, MODEL, "own", "s-5");

        assertThat(balancing(ACME)).contains(set);
    }

    @Test
    default void keepsASwitchBesideBalancing() {
        addTenants();
        ModelSetting off = new ModelSetting(NAME, ModelType.LLM, false);
        ModelSetting on = new ModelSetting(NAME, ModelType.LLM, true);
        ModelBalancing set = over(BalancingEntry.inherit());
        store().setBalancing(ACME, OPENAI, set);

        store().enableModel(ACME, OPENAI, off);
        assertThat(openai(ACME).settings()).containsExactly(off);
        assertThat(balancing(ACME)).contains(set);
        assertThat(store().removeBalancing(ACME, OPENAI, NAME, ModelType.LLM)).isTrue();
        assertThat(openai(ACME).settings()).containsExactly(off);
        assertThat(balancing(ACME)).isEmpty();

        store().setBalancing(ACME, OPENAI, set);
        store().enableModel(ACME, OPENAI, on);
        assertThat(openai(ACME).settings()).containsExactly(on);
        assertThat(balancing(ACME)).contains(set);
    }

    @Test
    default void leavesNothingOfBalancingThatIsRemoved() {
        addTenants();
        store().setBalancing(ACME, LOCAL, over(List.of(ModelFallback.of(OPENAI, "a"))));
        assertThat(store().providers(ACME)).containsExactly(LOCAL);

        assertThat(store().removeBalancing(ACME, LOCAL, NAME, ModelType.LLM)).isTrue();

        assertThat(store().providers(ACME)).isEmpty();
        assertThat(store().provider(ACME, LOCAL)).isEmpty();
        long version = store().version(ACME);
        assertThat(store().removeBalancing(ACME, LOCAL, NAME, ModelType.LLM)).isFalse();
        assertThat(store().version(ACME)).isEqualTo(version);
    }

    @Test
    default void removesBalancingWithItsModelProviderAndTenant() {
        addTenants();
        for (TenantId tenant : List.of(ACME, GLOBEX)) {
            CredentialId one = add(tenant, PROVIDER, "one", "s-1");
            CredentialId own = add(tenant, MODEL, "own", "s-2");
            store().setBalancing(tenant, OPENAI, over(BalancingEntry.of(one), BalancingEntry.of(own)));
        }
        ModelBalancing theirs = balancing(GLOBEX).orElseThrow();

        assertThat(store().removeModel(ACME, OPENAI, NAME, ModelType.LLM)).isTrue();
        assertThat(balancing(ACME)).isEmpty();
        store().setBalancing(ACME, OPENAI, over(BalancingEntry.inherit()));
        assertThat(store().removeModel(ACME, OPENAI, NAME, ModelType.LLM)).isTrue();
        assertThat(store().removeModel(ACME, OPENAI, NAME, ModelType.LLM)).isFalse();

        store().setBalancing(ACME, OPENAI, over(BalancingEntry.inherit()));
        assertThat(store().removeProvider(ACME, OPENAI)).isTrue();
        assertThat(store().provider(ACME, OPENAI)).isEmpty();

        store().setBalancing(ACME, OPENAI, over(BalancingEntry.inherit()));
        store().removeTenant(ACME);
        store().putTenant(new TenantRecord(ACME, "Acme", true));
        assertThat(store().providers(ACME)).isEmpty();
        assertThat(balancing(GLOBEX)).contains(theirs);
    }

    @Test
    default void remembersTheFileThatManagesBalancing() {
        addTenants();
        ModelBalancing set = over(BalancingEntry.inherit());
        store().setBalancing(ACME, OPENAI, set, "workspaces/acme.yaml");
        assertThat(managedBy()).contains("workspaces/acme.yaml");

        store().replaceBalancing(ACME, OPENAI, set, over(List.of()));
        assertThat(managedBy()).contains("workspaces/acme.yaml");

        store().setBalancing(ACME, OPENAI, set);
        assertThat(managedBy()).isEmpty();

        store().setBalancing(ACME, OPENAI, set, "workspaces/acme.yaml");
        store().removeBalancing(ACME, OPENAI, NAME, ModelType.LLM);
        assertThat(managedBy()).isEmpty();
    }

    private Optional<String> managedBy() {
        return store().balancingManagedBy(ACME, OPENAI, NAME, ModelType.LLM);
    }

    @Test
    @DisplayName("CONC: no reader sees an entry of a credential that has been removed, nor half of a change")
    default void showsNoReaderHalfOfAChange() throws InterruptedException {
        addTenants();
        CredentialId keep = add(ACME, PROVIDER, "keep", "s");
        ModelBalancing small = over(BalancingEntry.of(keep));
        ModelBalancing large = over(List.of(ModelFallback.of(LOCAL, "a"), ModelFallback.of(LOCAL, "b")));
        store().setBalancing(ACME, OPENAI, small);
        int changes = 30;

        List<Boolean> fine = Suites.together(3, thread -> () -> {
            boolean whole = true;
            for (int i = 0; i < changes; i++) {
                if (thread == 0) {
                    store().setBalancing(ACME, OPENAI, i % 2 == 0 ? large : small);
                } else {
                    ModelBalancing seen = balancing(ACME).orElseThrow();
                    whole &= seen.equals(small) || seen.equals(large);
                }
            }
            return whole;
        });

        assertThat(fine).containsOnly(true);
    }
}
