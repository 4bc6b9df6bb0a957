package io.bactrian.core.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialFormSchema;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.FormType;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.core.invoke.Dialects;
import io.bactrian.core.model.ModelDialect;
import io.bactrian.core.provider.ConfigurateMethod;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CredentialManagerTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId BETA = new TenantId("beta");
    private static final ProviderId PROVIDER = new ProviderId("p");
    private static final CredentialScope SCOPE = new CredentialScope.OfProvider(PROVIDER);
    private static final Actor OPERATOR = new Actor.Operator();
    private static final UserId ALICE = new UserId("alice");

    private final MemoryConfigurationStore store = new MemoryConfigurationStore("memory", Clock.systemUTC());
    private final AccessControl access = new AccessControl(store, Clock.systemUTC());
    private final CredentialManager credentials = new CredentialManager(
            store, access, ProviderCatalog.of(List.of(() -> List.of(provider()))), dialects(), Clock.systemUTC());
    private final ApiKeyManager keys = new ApiKeyManager(store, store, access, new SecureRandom(), Clock.systemUTC());

    @BeforeEach
    void tenants() {
        store.putTenant(new TenantRecord(ACME, "Acme", true));
        store.putTenant(new TenantRecord(BETA, "Beta", true));
        store.putMember(ACME, new MemberRecord(ALICE, Role.EDITOR));
    }

    private static ProviderEntity provider() {
        return new ProviderEntity(
                PROVIDER,
                "P",
                "",
                null,
                "picky",
                "p",
                Set.of(ModelType.LLM),
                Set.of(ConfigurateMethod.PREDEFINED_MODEL),
                List.of(),
                Map.of(),
                new CredentialForm(List.of(new CredentialFormSchema(
                        "api_key", "Key", FormType.SECRET_INPUT, true, null, List.of(), 0, List.of(), null))),
                null,
                Map.of());
    }

    /** Accepts the key "good" and no other. */
    private static Dialects dialects() {
        return new Dialects(List.of(new ModelDialect() {
            @Override
            public String name() {
                return "picky";
            }

            @Override
            public void validate(ProviderEntity provider, Credentials given, Deadline deadline) {
                if (!given.secret("api_key").orElseThrow().equals(Secret.of("good"))) {
                    throw new UnauthorizedException(ErrorCode.AUTHORIZATION_ERROR, "the provider does not accept it");
                }
            }
        }));
    }

    private static Credentials key(String key) {
        return Credentials.of(Map.of("api_key", new CredentialValue.Text(key)));
    }

    @Test
    void namesCredentialsThatGetNoNameAndPutsTheFirstInForce() {
        credentials.add(OPERATOR, ACME, SCOPE, null, key("one"));
        credentials.add(OPERATOR, ACME, SCOPE, null, key("two"));

        assertThat(credentials.list(OPERATOR, ACME, SCOPE))
                .extracting(view -> view.name().value(), CredentialView::active)
                .containsExactly(tuple("API KEY 1", true), tuple("API KEY 2", false));
    }

    @Test
    void showsNoSecretInAnyListing() {
        // CRED-11
        credentials.add(OPERATOR, ACME, SCOPE, new CredentialName("main"), key("canary-secret-of-twenty-and-more"));

        assertThat(credentials.list(OPERATOR, ACME, SCOPE).toString())
                .contains("main")
                .doesNotContain("canary");
        assertThat(store.latest(10).toString()).doesNotContain("canary");
    }

    @Test
    void changesWhatWasReadAndNothingElse() {
        CredentialId id = credentials.add(OPERATOR, ACME, SCOPE, new CredentialName("main"), key("one"));
        credentials.update(OPERATOR, ACME, SCOPE, id, null, key("two"), 1);

        assertThatThrownBy(() -> credentials.update(OPERATOR, ACME, SCOPE, id, null, key("three"), 1))
                .isInstanceOfSatisfying(
                        BadRequestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PRECONDITION_FAILED));
        credentials.update(OPERATOR, ACME, SCOPE, id, null, key("four"), CredentialManager.ANY_VERSION);
        assertThat(credentials.list(OPERATOR, ACME, SCOPE))
                .extracting(CredentialView::version)
                .containsExactly(3L);
    }

    @Test
    void theMaskKeepsTheSecretWhenACredentialIsUpdated() throws Exception {
        // CRED-12
        CredentialId id = credentials.add(OPERATOR, ACME, SCOPE, new CredentialName("main"), key("stays"));

        credentials.update(OPERATOR, ACME, SCOPE, id, new CredentialName("renamed"), key(CredentialForm.UNCHANGED));

        Credentials stored = store.provider(ACME, PROVIDER)
                .orElseThrow()
                .credentials()
                .get(0)
                .open();
        assertThat(stored.secret("api_key").map(Secret::reveal)).contains("stays");
        assertThat(credentials.list(OPERATOR, ACME, SCOPE).get(0).name().value())
                .isEqualTo("renamed");
    }

    private Credentials stored(CredentialId id) throws Exception {
        return find(id).open();
    }

    private StoredCredential find(CredentialId id) {
        return store.provider(ACME, PROVIDER).orElseThrow().credentials().stream()
                .filter(credential -> credential.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void replacesValuesAndKeepsTheOldOnesForAWhile() throws Exception {
        CredentialId id = credentials.add(OPERATOR, ACME, SCOPE, new CredentialName("main"), key("old"));

        Optional<Instant> until = credentials.rotate(OPERATOR, ACME, SCOPE, id, key("new"), Duration.ofHours(1));

        assertThat(stored(id).secret("api_key").map(Secret::reveal)).contains("new");
        assertThat(find(id).previous().orElseThrow().open().secret("api_key").map(Secret::reveal))
                .contains("old");
        assertThat(until).isPresent();
        assertThat(credentials.list(OPERATOR, ACME, SCOPE).get(0).previousUntil())
                .isEqualTo(until);
        assertThat(store.latest(10))
                .extracting(event -> event.action() + " " + event.outcome())
                .contains("credential.rotate done");
    }

    @Test
    void listsNoGracePeriodThatIsOver() {
        CredentialId id = credentials.add(OPERATOR, ACME, SCOPE, null, key("old"));
        credentials.rotate(OPERATOR, ACME, SCOPE, id, key("new"), Duration.ofHours(1));

        CredentialManager later = new CredentialManager(
                store,
                access,
                ProviderCatalog.of(List.of(() -> List.of(provider()))),
                dialects(),
                Clock.offset(Clock.systemUTC(), Duration.ofHours(2)));

        assertThat(later.list(OPERATOR, ACME, SCOPE).get(0).previousUntil()).isEmpty();
    }

    @Test
    void checksTheValuesOfARotationByTheForm() {
        CredentialId id = credentials.add(OPERATOR, ACME, SCOPE, null, key("old"));

        assertThatThrownBy(() -> credentials.rotate(OPERATOR, ACME, SCOPE, id, Credentials.NONE, Duration.ofHours(1)))
                .isInstanceOfSatisfying(
                        InvokeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAM));
        assertThat(find(id).version()).isEqualTo(1);
        assertThat(store.latest(1))
                .extracting(event -> event.action() + " " + event.outcome())
                .containsExactly("credential.rotate invalid_param");
    }

    @Test
    void theMaskKeepsTheSecretWhenACredentialIsRotated() throws Exception {
        // CRED-12
        CredentialId id = credentials.add(OPERATOR, ACME, SCOPE, null, key("stays"));

        credentials.rotate(OPERATOR, ACME, SCOPE, id, key(CredentialForm.UNCHANGED), Duration.ofHours(1));

        assertThat(stored(id).secret("api_key").map(Secret::reveal)).contains("stays");
    }

    @Test
    void showsNeitherTheNewNorTheOldSecretOfARotation() {
        // CRED-11
        CredentialId id = credentials.add(OPERATOR, ACME, SCOPE, null, key("canary-old-of-twenty-and-more"));
        credentials.rotate(
                new Actor.Member(ACME, ALICE, Role.ADMIN),
                ACME,
                SCOPE,
                id,
                key("canary-new-of-twenty-and-more"),
                Duration.ofHours(1));

        assertThat(credentials.list(OPERATOR, ACME, SCOPE) + " " + credentials.listAll(OPERATOR, ACME, PROVIDER) + " "
                        + store.latest(10) + " " + store.provider(ACME, PROVIDER) + " " + find(id).previous())
                .contains("******")
                .doesNotContain("canary");
    }

    @Test
    void onlyOwnersAndAdminsOfTheTenantRotate() {
        CredentialId id = credentials.add(OPERATOR, ACME, SCOPE, null, key("old"));

        for (Actor actor :
                List.of(new Actor.Member(ACME, ALICE, Role.EDITOR), new Actor.Member(BETA, ALICE, Role.OWNER))) {
            assertThatThrownBy(() -> credentials.rotate(actor, ACME, SCOPE, id, key("new"), Duration.ofHours(1)))
                    .isInstanceOfSatisfying(
                            InvokeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ACCESS_DENIED));
        }
        assertThat(find(id).version()).isEqualTo(1);
    }

    @Test
    void anotherTenantsIdGetsTheAnswerOfAnIdThatNeverWas() {
        // CRED-15
        CredentialId theirs = credentials.add(OPERATOR, BETA, SCOPE, new CredentialName("theirs"), key("k"));

        String one = message(() -> credentials.update(OPERATOR, ACME, SCOPE, theirs, null, key("x")));
        String two = message(() -> credentials.update(OPERATOR, ACME, SCOPE, new CredentialId("none"), null, key("x")));

        assertThat(one).isEqualTo(two);
    }

    private static String message(Runnable work) {
        try {
            work.run();
        } catch (InvokeException e) {
            return e.toString();
        }
        throw new AssertionError("was not refused");
    }

    @Test
    void onlyOwnersAndAdminsOfTheTenantManageItsCredentials() {
        Actor editor = new Actor.Member(ACME, ALICE, Role.EDITOR);
        Actor foreigner = new Actor.Member(BETA, ALICE, Role.OWNER);
        Actor admin = new Actor.Member(ACME, ALICE, Role.ADMIN);

        for (Actor actor : List.of(editor, foreigner)) {
            assertThatThrownBy(() -> credentials.add(actor, ACME, SCOPE, null, key("k")))
                    .isInstanceOfSatisfying(
                            InvokeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ACCESS_DENIED));
            assertThatThrownBy(() -> credentials.validate(actor, ACME, SCOPE, key("k"), soon()))
                    .isInstanceOf(InvokeException.class);
        }
        credentials.add(admin, ACME, SCOPE, null, key("k"));
        assertThat(store.latest(10))
                .extracting(event -> event.action() + " " + event.outcome())
                .contains("credential.add access_denied", "credential.add done");
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(5));
    }

    @Test
    void asksTheProviderWhetherACredentialOpensIt() {
        CredentialId bad = credentials.add(OPERATOR, ACME, SCOPE, null, key("bad"));

        credentials.validate(OPERATOR, ACME, SCOPE, key("good"), soon());
        assertThatThrownBy(() -> credentials.validateStored(OPERATOR, ACME, SCOPE, bad, soon()))
                .isInstanceOf(UnauthorizedException.class);
    }

    @Test
    void recognisesAnApiKeyUntilItIsWithdrawn() {
        IssuedApiKey issued = keys.issue(OPERATOR, ACME, new NewApiKey("website", ALICE, null));
        String key = issued.key().reveal();

        assertThat(keys.authenticate(key)).get().satisfies(record -> assertThat(record.tenant())
                .isEqualTo(ACME));
        assertThat(keys.authenticate(key.substring(0, key.length() - 1))).isEmpty();
        assertThat(keys.authenticate(key + "x")).isEmpty();
        assertThat(keys.authenticate("")).isEmpty();

        keys.revoke(OPERATOR, ACME, issued.record().id());
        assertThat(keys.authenticate(key)).isEmpty();
        assertThatThrownBy(() -> keys.revoke(OPERATOR, ACME, issued.record().id()))
                .isInstanceOf(InvokeException.class);
    }

    @Test
    void keysThatShareTheirFirstCharactersAreDifferentKeys() {
        // CACHE-04
        String key = keys.issue(OPERATOR, ACME, new NewApiKey("one", null, null))
                .key()
                .reveal();
        String sibling = key.substring(0, key.length() - 1) + (key.endsWith("A") ? "B" : "A");

        assertThat(keys.authenticate(key)).isPresent();
        assertThat(keys.authenticate(sibling)).isEmpty();
    }

    @Test
    void aSwitchedOffTenantsKeysOpenNothing() {
        String key = keys.issue(OPERATOR, ACME, new NewApiKey("website", null, null))
                .key()
                .reveal();

        store.putTenant(new TenantRecord(ACME, "Acme", false));

        assertThat(keys.authenticate(key)).isEmpty();
    }

    @Test
    void issuesKeysToMembersOnly() {
        assertThatThrownBy(() -> keys.issue(OPERATOR, ACME, new NewApiKey("x", new UserId("mallory"), null)))
                .hasMessageContaining("member add");
        assertThatThrownBy(() -> keys.issue(OPERATOR, new TenantId("nobody"), new NewApiKey("x", null, null)))
                .hasMessageContaining("tenant add nobody");
    }
}
