package io.bactrian.core.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.config.NewCredential;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.provider.AIModelEntity;
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
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BalancingManagerTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final ProviderId FIXED = new ProviderId("fixed");
    private static final ProviderId FREE = new ProviderId("free");
    private static final Actor OPERATOR = new Actor.Operator();

    private final MemoryConfigurationStore store = new MemoryConfigurationStore("memory", Clock.systemUTC());
    private final BalancingManager balancing = new BalancingManager(
            store,
            new AccessControl(store, Clock.systemUTC()),
            ProviderCatalog.of(List.of(() -> List.of(
                    provider(FIXED, ConfigurateMethod.PREDEFINED_MODEL),
                    provider(FREE, ConfigurateMethod.CUSTOMIZABLE_MODEL)))));

    /** A provider with the models {@code m} and {@code n}; where users may name models, with any. */
    private static ProviderEntity provider(ProviderId id, ConfigurateMethod method) {
        return new ProviderEntity(
                id,
                id.value(),
                "",
                null,
                "none",
                "none",
                Set.of(ModelType.LLM),
                Set.of(method),
                List.of(model("m"), model("n")),
                method == ConfigurateMethod.CUSTOMIZABLE_MODEL ? Map.of(ModelType.LLM, model("any")) : Map.of(),
                CredentialForm.EMPTY,
                null,
                Map.of());
    }

    private static AIModelEntity model(String name) {
        return new AIModelEntity(
                name,
                name,
                ModelType.LLM,
                ConfigurateMethod.PREDEFINED_MODEL,
                Set.of(),
                null,
                null,
                false,
                List.of(),
                true,
                null);
    }

    @BeforeEach
    void tenant() {
        store.putTenant(new TenantRecord(ACME, "Acme", true));
    }

    private CredentialId add(CredentialScope scope, String name) {
        return store.addCredential(
                ACME, scope, new NewCredential(new CredentialName(name), Credentials.of(Map.of()), null));
    }

    private CredentialId addOfProvider(String name) {
        return add(new CredentialScope.OfProvider(FIXED), name);
    }

    private CredentialId addOfModel(String name) {
        return add(new CredentialScope.OfModel(FIXED, "m", ModelType.LLM), name);
    }

    private static BalancingPlan plan(boolean enabled, List<ModelFallback> fallbacks, String... credentials) {
        List<BalancingPlan.Entry> entries = BalancingText.credentials(String.join(",", credentials));
        return new BalancingPlan(
                "m", ModelType.LLM, enabled, BalancingPlan.usualStrategy(entries), false, entries, fallbacks);
    }

    private static BalancingPlan plan(String... credentials) {
        return plan(true, List.of(), credentials);
    }

    @Test
    void replacesWhatWasReadAndNothingElse() {
        addOfProvider("one");
        addOfProvider("two");
        ModelBalancing read = balancing.set(OPERATOR, ACME, FIXED, plan("one", "two"));
        ModelBalancing other = balancing.replace(OPERATOR, ACME, FIXED, read, plan("two", "one"));

        assertThatThrownBy(() -> balancing.replace(OPERATOR, ACME, FIXED, read, plan("one", "two")))
                .isInstanceOfSatisfying(
                        BadRequestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PRECONDITION_FAILED));
        assertThat(balancing
                        .find(OPERATOR, ACME, FIXED, "m", ModelType.LLM)
                        .orElseThrow()
                        .balancing())
                .isEqualTo(other);
    }

    private static BalancingPlan fallbacks(ModelFallback... fallbacks) {
        return new BalancingPlan(
                "m", ModelType.LLM, false, BalancingStrategy.ROUND_ROBIN, false, List.of(), List.of(fallbacks));
    }

    private static InvokeException refused(ErrorCode code, ThrowingCallable action) {
        InvokeException error = catchThrowableOfType(InvokeException.class, action);
        assertThat(error).isNotNull();
        assertThat(error.code()).isEqualTo(code);
        return error;
    }

    private List<AuditEvent> audited() {
        return store.latest(100);
    }

    @Test
    void findsCredentialsByNameIdAndAsTheOneInForce() {
        CredentialId first = addOfProvider("first");
        CredentialId second = addOfProvider("second");
        CredentialId own = addOfModel("own");

        ModelBalancing set =
                balancing.set(OPERATOR, ACME, FIXED, plan("own:3", "first", second.value(), BalancingEntry.INHERIT));

        assertThat(set.strategy()).isEqualTo(BalancingStrategy.WEIGHTED);
        assertThat(set.entries())
                .containsExactly(
                        new BalancingEntry(own, true, 3),
                        BalancingEntry.of(first),
                        BalancingEntry.of(second),
                        BalancingEntry.inherit());
        assertThat(store.provider(ACME, FIXED).orElseThrow().balancing()).containsExactly(set);
        assertThat(audited())
                .extracting(AuditEvent::action, AuditEvent::subject, AuditEvent::outcome)
                .containsExactly(tuple("balancing.set", "fixed/m (llm)", "done"));
    }

    @Test
    void showsEntriesByNameAndWhatTheyOpen() {
        addOfProvider("first");
        addOfModel("own");
        balancing.set(new Actor.File("workspaces/acme.yaml"), ACME, FIXED, plan("own", "first", "__inherit__"));

        BalancingView view = balancing.list(OPERATOR, ACME, FIXED).get(0);

        assertThat(view)
                .isEqualTo(balancing
                        .find(OPERATOR, ACME, FIXED, "m", ModelType.LLM)
                        .orElseThrow());
        assertThat(view.entries())
                .extracting(
                        entry -> entry.name().map(CredentialName::value).orElse("-"),
                        entry -> entry.scope().map(Object::toString).orElse("-"))
                .containsExactly(tuple("own", "fixed/m (llm)"), tuple("first", "fixed"), tuple("-", "-"));
        assertThat(view.managedBy()).contains("workspaces/acme.yaml");
        assertThat(balancing.find(OPERATOR, ACME, FIXED, "n", ModelType.LLM)).isEmpty();
        assertThat(balancing.list(OPERATOR, ACME, FREE)).isEmpty();
    }

    @Test
    void refusesACredentialThatIsNotThereAndNamesThoseThatAre() {
        addOfProvider("first");
        addOfModel("own");
        add(new CredentialScope.OfProvider(FREE), "elsewhere");

        assertThat(refused(
                        ErrorCode.CREDENTIAL_NOT_FOUND,
                        () -> balancing.set(OPERATOR, ACME, FIXED, plan("first", "elsewhere"))))
                .hasMessageContaining("'elsewhere'")
                .hasMessageContaining("own, first")
                .hasMessageContaining("weight");
        assertThat(refused(
                        ErrorCode.CREDENTIAL_NOT_FOUND,
                        () -> balancing.set(
                                OPERATOR, ACME, FIXED, plan("first", "sk-0123456789abcdef0123456789abcdef"))))
                .hasMessageNotContaining("0123");
        assertThat(refused(ErrorCode.CREDENTIAL_NOT_FOUND, () -> balancing.set(OPERATOR, ACME, FREE, plan("x", "y"))))
                .hasMessageContaining("there are elsewhere");
        assertThat(store.provider(ACME, FIXED).orElseThrow().balancing()).isEmpty();
        assertThat(audited()).extracting(AuditEvent::outcome).containsOnly("credential_not_found");
    }

    @Test
    void refusesANameThatIsBothTheModelsAndTheProviders() {
        CredentialId ofProvider = addOfProvider("main");
        addOfProvider("other");
        addOfModel("main");

        assertThat(refused(ErrorCode.INVALID_PARAM, () -> balancing.set(OPERATOR, ACME, FIXED, plan("main", "other"))))
                .hasMessageContaining("by its id");
        assertThat(balancing
                        .set(OPERATOR, ACME, FIXED, plan(ofProvider.value(), "other"))
                        .entries())
                .hasSize(2);
    }

    @Test
    void switchesOnOnlyWithTwoThatTakePart() {
        CredentialId first = addOfProvider("first");
        addOfProvider("second");

        assertThat(refused(ErrorCode.INVALID_PARAM, () -> balancing.set(OPERATOR, ACME, FIXED, plan("first"))))
                .hasMessageContaining("1 takes part")
                .hasMessageContaining("__inherit__");
        BalancingPlan oneOut = new BalancingPlan(
                "m",
                ModelType.LLM,
                true,
                BalancingStrategy.ROUND_ROBIN,
                false,
                List.of(BalancingPlan.Entry.of("first"), new BalancingPlan.Entry("second", false, 1)),
                List.of());
        refused(ErrorCode.INVALID_PARAM, () -> balancing.set(OPERATOR, ACME, FIXED, oneOut));
        assertThat(balancing
                        .set(OPERATOR, ACME, FIXED, plan(false, List.of(), "first"))
                        .active())
                .containsExactly(BalancingEntry.of(first));
        assertThat(balancing
                        .set(OPERATOR, ACME, FIXED, plan("first", "__inherit__"))
                        .enabled())
                .isTrue();
    }

    @Test
    void refusesTheSameCredentialTwiceUnderTwoNames() {
        CredentialId first = addOfProvider("first");

        assertThat(refused(
                        ErrorCode.INVALID_PARAM,
                        () -> balancing.set(OPERATOR, ACME, FIXED, plan("first", first.value()))))
                .hasMessageContaining("there twice");
    }

    @Test
    void refusesWeightsThatAreOfNoUse() {
        addOfProvider("first");
        addOfProvider("second");

        for (String weight : List.of("0", "1001", "999999999")) {
            assertThat(refused(
                            ErrorCode.INVALID_PARAM,
                            () -> balancing.set(OPERATOR, ACME, FIXED, plan("first:" + weight, "second"))))
                    .hasMessageContaining("from 1 to 1000");
        }
        BalancingPlan unheeded = new BalancingPlan(
                "m",
                ModelType.LLM,
                true,
                BalancingStrategy.ROUND_ROBIN,
                false,
                BalancingText.credentials("first:2, second"),
                List.of());
        assertThat(refused(ErrorCode.INVALID_PARAM, () -> balancing.set(OPERATOR, ACME, FIXED, unheeded)))
                .hasMessageContaining("weighted");
    }

    @Test
    void checksFallbacksAgainstTheCatalogue() {
        ModelFallback fine = ModelFallback.of(FREE, "whatever/you:like@1#2");
        ModelFallback sibling = ModelFallback.of(FIXED, "n");
        assertThat(balancing
                        .set(OPERATOR, ACME, FIXED, fallbacks(fine, sibling))
                        .fallbacks())
                .containsExactly(fine, sibling);

        assertThat(refused(
                        ErrorCode.INVALID_PARAM,
                        () -> balancing.set(OPERATOR, ACME, FIXED, fallbacks(ModelFallback.of(FIXED, "m")))))
                .hasMessageContaining("its own fallback");
        assertThat(refused(
                        ErrorCode.MODEL_NOT_FOUND,
                        () -> balancing.set(OPERATOR, ACME, FIXED, fallbacks(ModelFallback.of(FIXED, "o")))))
                .hasMessageContaining("fallback fixed/o");
        assertThat(refused(
                        ErrorCode.PROVIDER_NOT_FOUND,
                        () -> balancing.set(
                                OPERATOR, ACME, FIXED, fallbacks(ModelFallback.of(new ProviderId("fix"), "m")))))
                .hasMessageContaining("there are [fixed, free]");
        assertThat(refused(ErrorCode.INVALID_PARAM, () -> balancing.set(OPERATOR, ACME, FIXED, fallbacks(fine, fine))))
                .hasMessageContaining("twice");
    }

    @Test
    void refusesAModelThatIsNotThereAndAFallbackOfAnotherType() {
        BalancingPlan unknown =
                new BalancingPlan("o", ModelType.LLM, false, BalancingStrategy.WEIGHTED, false, List.of(), List.of());
        refused(ErrorCode.MODEL_NOT_FOUND, () -> balancing.set(OPERATOR, ACME, FIXED, unknown));
        BalancingPlan otherType = new BalancingPlan(
                "m", ModelType.TEXT_EMBEDDING, false, BalancingStrategy.WEIGHTED, false, List.of(), List.of());
        assertThat(refused(ErrorCode.MODEL_TYPE_UNSUPPORTED, () -> balancing.set(OPERATOR, ACME, FIXED, otherType)))
                .hasMessageContaining("is of type llm, not text-embedding");
    }

    @Test
    void switchesOffAndKeepsTheRest() {
        addOfProvider("first");
        ModelFallback fallback = ModelFallback.of(FIXED, "n");
        ModelBalancing set =
                balancing.set(OPERATOR, ACME, FIXED, plan(true, List.of(fallback), "first:2", "__inherit__"));

        balancing.switchOff(OPERATOR, ACME, FIXED, "m", ModelType.LLM);

        ModelBalancing off = balancing
                .find(OPERATOR, ACME, FIXED, "m", ModelType.LLM)
                .orElseThrow()
                .balancing();
        assertThat(off.enabled()).isFalse();
        assertThat(off.entries()).isEqualTo(set.entries());
        assertThat(off.fallbacks()).containsExactly(fallback);
        assertThat(refused(
                        ErrorCode.INVALID_PARAM, () -> balancing.switchOff(OPERATOR, ACME, FIXED, "n", ModelType.LLM)))
                .hasMessageContaining("nothing is set");
    }

    @Test
    void removesAllOfIt() {
        balancing.set(OPERATOR, ACME, FIXED, fallbacks(ModelFallback.of(FIXED, "n")));

        assertThat(balancing.remove(OPERATOR, ACME, FIXED, "m", ModelType.LLM)).isTrue();
        assertThat(balancing.remove(OPERATOR, ACME, FIXED, "m", ModelType.LLM)).isFalse();
        assertThat(balancing.list(OPERATOR, ACME, FIXED)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void letsOnlyOwnersAndAdminsDecide(Role role) {
        Actor member = new Actor.Member(ACME, new UserId("ann"), role);
        Actor stranger = new Actor.Member(new TenantId("beta"), new UserId("bob"), Role.OWNER);
        BalancingPlan plan = fallbacks(ModelFallback.of(FIXED, "n"));

        refused(ErrorCode.ACCESS_DENIED, () -> balancing.set(stranger, ACME, FIXED, plan));
        if (Permission.MODEL_MANAGE.heldBy(role)) {
            assertThat(balancing.set(member, ACME, FIXED, plan).fallbacks()).hasSize(1);
            balancing.switchOff(member, ACME, FIXED, "m", ModelType.LLM);
            assertThat(balancing.remove(member, ACME, FIXED, "m", ModelType.LLM))
                    .isTrue();
            return;
        }
        refused(ErrorCode.ACCESS_DENIED, () -> balancing.set(member, ACME, FIXED, plan));
        refused(ErrorCode.ACCESS_DENIED, () -> balancing.switchOff(member, ACME, FIXED, "m", ModelType.LLM));
        refused(ErrorCode.ACCESS_DENIED, () -> balancing.remove(member, ACME, FIXED, "m", ModelType.LLM));
        assertThat(audited()).extracting(AuditEvent::outcome).containsOnly("access_denied");
    }
}
