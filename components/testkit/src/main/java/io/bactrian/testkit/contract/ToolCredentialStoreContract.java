package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static io.bactrian.testkit.contract.StoreFixture.NOBODY;
import static io.bactrian.testkit.contract.StoreFixture.refused;
import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.NewToolCredential;
import io.bactrian.core.tool.ToolCredential;
import io.bactrian.core.tool.ToolCredentialStore;
import io.bactrian.core.tool.ToolCredentialType;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.tool.ToolProviderType;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every store of credentials of tool providers has to do. A subclass gives an empty one before each test; it has the
 * tenants {@code acme} and {@code globex}.
 */
public abstract class ToolCredentialStoreContract {

    /** A moment, to the microsecond: finer parts need not be kept. */
    protected static final Instant MONDAY = Instant.parse("2026-03-02T10:11:12.123456Z");

    /** A provider. */
    protected static final ToolProviderName WEB = new ToolProviderName(ToolProviderType.BUILTIN, "web");

    private static final ToolProviderName API = new ToolProviderName(ToolProviderType.API, "web");
    private static final ToolProviderName MAIL = new ToolProviderName(ToolProviderType.MCP, "acme/mail \u00fc");
    private static final UserId ANN = new UserId("ann");

    /** For subclasses. */
    protected ToolCredentialStoreContract() {}

    /** The store under test. The same one through the whole of a test. */
    protected abstract ToolCredentialStore store();

    /** The same store as another node sees it. By default there is none, and it is {@link #store}. */
    protected ToolCredentialStore onAnotherNode() {
        return store();
    }

    private CredentialId add(TenantId tenant, ToolProviderName provider, String name, String value) {
        return store().add(tenant, provider, NewToolCredential.ofApiKey(new CredentialName(name), secret(value)));
    }

    private CredentialId addFor(UserId user, String name) {
        return store().add(
                        ACME,
                        WEB,
                        new NewToolCredential(
                                new CredentialName(name), secret("s-" + name), ToolCredentialType.API_KEY, null, user));
    }

    private CredentialId addToken(@Nullable Instant expiresAt) {
        return store().add(
                        ACME,
                        WEB,
                        new NewToolCredential(
                                new CredentialName("token"),
                                secret("t-1"),
                                ToolCredentialType.OAUTH2,
                                expiresAt,
                                null));
    }

    private List<ToolCredential> all(TenantId tenant, ToolProviderName provider) {
        return store().credentials(tenant, provider.type(), provider.provider());
    }

    private ToolCredential one(CredentialId id) {
        return store().find(ACME, WEB, id).orElseThrow();
    }

    private static String valueOf(ToolCredential credential) {
        return Suites.reveal(credential.stored());
    }

    private List<String> defaults() {
        return all(ACME, WEB).stream()
                .filter(ToolCredential::isDefault)
                .map(credential -> credential.stored().name().value())
                .toList();
    }

    @Test
    void keepsCredentialsOldestFirst() {
        CredentialId first = add(ACME, WEB, "one", "s-1");
        CredentialId second = add(ACME, WEB, "two", "s-2");

        assertThat(all(ACME, WEB))
                .extracting(credential -> credential.stored().id())
                .containsExactly(first, second);
        assertThat(all(ACME, WEB))
                .extracting(ToolCredentialStoreContract::valueOf)
                .containsExactly("s-1", "s-2");
        ToolCredential found = one(second);
        assertThat(found.stored().name().value()).isEqualTo("two");
        assertThat(found.stored().version()).isEqualTo(1);
        assertThat(found.type()).isEqualTo(ToolCredentialType.API_KEY);
        assertThat(found.expiresAt()).isEmpty();
        assertThat(found.onlyFor()).isEmpty();
        assertThat(first).isNotEqualTo(second);
    }

    @Test
    void keepsEveryKindOfValue() throws Exception {
        Map<String, CredentialValue> values = new LinkedHashMap<>();
        values.put("access_token", new CredentialValue.Hidden(Secret.of("a \u00fc \ud83d\udc2a")));
        values.put("scope", new CredentialValue.Text("read write"));
        values.put("beta", new CredentialValue.Flag(false));
        values.put("limit", new CredentialValue.Number(new java.math.BigDecimal("1.10")));
        Credentials all = Credentials.of(values);

        CredentialId id = store().add(
                        ACME,
                        WEB,
                        new NewToolCredential(
                                new CredentialName("token"), all, ToolCredentialType.OAUTH2, MONDAY, ANN));

        ToolCredential found = one(id);
        assertThat(found.stored().open()).isEqualTo(all);
        assertThat(found.stored().open().names()).containsExactlyElementsOf(values.keySet());
        assertThat(found.type()).isEqualTo(ToolCredentialType.OAUTH2);
        assertThat(found.expiresAt()).contains(MONDAY);
        assertThat(found.onlyFor()).contains(ANN);
    }

    @Test
    void keepsTenantsAndProvidersApart() {
        CredentialId id = add(ACME, WEB, "main", "s-acme");
        add(GLOBEX, WEB, "main", "s-globex");
        add(ACME, API, "main", "s-api");
        add(ACME, MAIL, "main", "s-mail");

        assertThat(all(ACME, WEB))
                .extracting(ToolCredentialStoreContract::valueOf)
                .containsExactly("s-acme");
        assertThat(all(GLOBEX, WEB))
                .extracting(ToolCredentialStoreContract::valueOf)
                .containsExactly("s-globex");
        assertThat(all(ACME, API))
                .extracting(ToolCredentialStoreContract::valueOf)
                .containsExactly("s-api");
        assertThat(all(ACME, MAIL))
                .extracting(ToolCredentialStoreContract::valueOf)
                .containsExactly("s-mail");
        assertThat(all(NOBODY, WEB)).isEmpty();
        assertThat(store().providers(ACME)).containsExactly(WEB, API, MAIL);
        assertThat(store().providers(GLOBEX)).containsExactly(WEB);
        assertThat(store().find(GLOBEX, WEB, id)).isEmpty();
        assertThat(store().find(ACME, API, id)).isEmpty();
    }

    @Test
    @DisplayName("CRED-15: another tenant's credential and one that never was get the same answer")
    void refusesToChangeWhatIsNotThere() {
        CredentialId theirs = add(GLOBEX, WEB, "main", "s-globex");

        for (CredentialId id : List.of(theirs, new CredentialId("never-was"))) {
            assertThat(List.of(
                            refused(ErrorCode.CREDENTIAL_NOT_FOUND, () -> store().update(
                                            ACME, WEB, id, 0, new CredentialName("x"), secret("s"))),
                            refused(ErrorCode.CREDENTIAL_NOT_FOUND, () -> store().remove(ACME, WEB, id)),
                            refused(ErrorCode.CREDENTIAL_NOT_FOUND, () -> store().setDefault(ACME, WEB, id))))
                    .allSatisfy(
                            error -> assertThat(error).hasMessage("there is no credential " + id + " of builtin/web"));
            assertThat(store().renew(ACME, WEB, id, 0, secret("s"), null)).isFalse();
            assertThat(store().beginRenewal(ACME, WEB, id, 1, "node", MONDAY, MONDAY.plusSeconds(60)))
                    .isFalse();
        }
        assertThat(all(GLOBEX, WEB))
                .extracting(ToolCredentialStoreContract::valueOf)
                .containsExactly("s-globex");
    }

    @Test
    void makesTheFirstThatAllMayUseTheDefault() {
        addFor(ANN, "hers");
        assertThat(defaults()).isEmpty();
        CredentialId first = add(ACME, WEB, "first", "s-1");
        CredentialId second = add(ACME, WEB, "second", "s-2");
        assertThat(defaults()).containsExactly("first");

        store().setDefault(ACME, WEB, second);
        assertThat(defaults()).containsExactly("second");
        store().setDefault(ACME, WEB, second);
        assertThat(defaults()).containsExactly("second");

        store().remove(ACME, WEB, second);
        assertThat(defaults()).as("none takes its place by itself").isEmpty();
        add(ACME, WEB, "third", "s-3");
        assertThat(defaults()).containsExactly("third");
        store().setDefault(ACME, WEB, first);
        assertThat(defaults()).containsExactly("first");
    }

    @Test
    void makesNoUsersOwnCredentialTheDefault() {
        CredentialId hers = addFor(ANN, "hers");

        assertThat(refused(ErrorCode.INVALID_PARAM, () -> store().setDefault(ACME, WEB, hers)))
                .hasMessageContaining("cannot be the default");

        assertThat(defaults()).isEmpty();
    }

    @Test
    void replacesNameAndValues() {
        CredentialId id = add(ACME, WEB, "main", "s-1");

        store().update(ACME, WEB, id, 1, new CredentialName("renamed"), secret("s-2"));

        ToolCredential found = all(ACME, WEB).get(0);
        assertThat(found.stored().id()).isEqualTo(id);
        assertThat(found.stored().name().value()).isEqualTo("renamed");
        assertThat(found.stored().version()).isEqualTo(2);
        assertThat(valueOf(found)).isEqualTo("s-2");
        assertThat(found.isDefault()).isTrue();
        assertThat(refused(ErrorCode.INVALID_PARAM, () -> store().update(
                                ACME, WEB, id, 1, new CredentialName("main"), secret("s-3"))))
                .hasMessageContaining("version 2, not 1");
        assertThat(valueOf(one(id))).isEqualTo("s-2");
    }

    @Test
    void refusesANameThatIsTaken() {
        CredentialId one = add(ACME, WEB, "one", "s-1");
        add(ACME, WEB, "two", "s-2");

        refused(ErrorCode.INVALID_PARAM, () -> add(ACME, WEB, "one", "s-3"));
        refused(ErrorCode.INVALID_PARAM, () -> store().update(
                        ACME, WEB, one, 0, new CredentialName("two"), secret("s")));

        store().update(ACME, WEB, one, 0, new CredentialName("one"), secret("s-4"));
        add(GLOBEX, WEB, "one", "s-5");
        add(ACME, MAIL, "one", "s-6");
        assertThat(all(ACME, WEB))
                .extracting(ToolCredentialStoreContract::valueOf)
                .containsExactly("s-4", "s-2");
    }

    @Test
    void refusesOneTooMany() {
        for (int i = 0; i < ToolCredentialStore.MOST; i++) {
            add(ACME, WEB, "key " + i, "s");
        }

        assertThat(refused(ErrorCode.INVALID_PARAM, () -> add(ACME, WEB, "one more", "s")))
                .hasMessageContaining("100");

        assertThat(all(ACME, WEB)).hasSize(100);
        add(ACME, MAIL, "one more", "s");
        store().remove(ACME, WEB, all(ACME, WEB).get(0).stored().id());
        add(ACME, WEB, "one more", "s");
    }

    @Test
    void forgetsWhatWasRemoved() {
        CredentialId id = add(ACME, WEB, "main", "s-1");

        store().remove(ACME, WEB, id);

        assertThat(all(ACME, WEB)).isEmpty();
        assertThat(store().find(ACME, WEB, id)).isEmpty();
        assertThat(store().providers(ACME)).isEmpty();
        refused(ErrorCode.CREDENTIAL_NOT_FOUND, () -> store().remove(ACME, WEB, id));
    }

    @Test
    void putsRenewedTokensInPlace() {
        CredentialId id = addToken(MONDAY);

        assertThat(store().renew(ACME, WEB, id, 1, secret("t-2"), MONDAY.plusSeconds(3600)))
                .isTrue();

        ToolCredential renewed = all(ACME, WEB).get(0);
        assertThat(valueOf(renewed)).isEqualTo("t-2");
        assertThat(renewed.expiresAt()).contains(MONDAY.plusSeconds(3600));
        assertThat(renewed.stored().version()).isEqualTo(2);
        assertThat(renewed.type()).isEqualTo(ToolCredentialType.OAUTH2);
        assertThat(renewed.isDefault()).isTrue();
        assertThat(store().renew(ACME, WEB, id, 1, secret("t-3"), null))
                .as("of an older token")
                .isFalse();
        assertThat(valueOf(one(id))).isEqualTo("t-2");
        assertThat(store().renew(ACME, WEB, id, 0, secret("t-4"), null)).isTrue();
        assertThat(one(id).expiresAt()).isEmpty();
    }

    @Test
    @DisplayName("Of many on several nodes who want to renew a token, one does")
    void letsOneRenew() throws InterruptedException {
        CredentialId id = addToken(MONDAY);
        Instant until = MONDAY.plusSeconds(60);

        List<Boolean> began = Suites.together(
                16,
                i -> () -> (i % 2 == 0 ? store() : onAnotherNode())
                        .beginRenewal(ACME, WEB, id, 1, "node " + i, MONDAY, until));

        assertThat(began).containsOnlyOnce(true);
        assertThat(store().beginRenewal(ACME, WEB, id, 1, "other", until.minusMillis(1), until.plusSeconds(60)))
                .isFalse();
        assertThat(store().beginRenewal(ACME, WEB, id, 1, "other", until, until.plusSeconds(60)))
                .as("whoever was killed meanwhile holds it no longer than it said")
                .isTrue();
    }

    @Test
    void letsTheNextOneRenewOnceARenewalIsOver() {
        CredentialId id = addToken(MONDAY);
        Instant until = MONDAY.plusSeconds(60);
        assertThat(store().beginRenewal(ACME, WEB, id, 1, "one", MONDAY, until)).isTrue();

        store().endRenewal(ACME, WEB, id, "another");
        assertThat(store().beginRenewal(ACME, WEB, id, 1, "two", MONDAY, until))
                .as("another's to let go of")
                .isFalse();
        store().endRenewal(ACME, WEB, id, "one");
        assertThat(store().beginRenewal(ACME, WEB, id, 1, "two", MONDAY, until)).isTrue();

        assertThat(store().renew(ACME, WEB, id, 1, secret("t-2"), MONDAY)).isTrue();
        assertThat(store().beginRenewal(ACME, WEB, id, 1, "three", MONDAY, until))
                .as("renewed already")
                .isFalse();
        assertThat(store().beginRenewal(ACME, WEB, id, 2, "three", MONDAY, until))
                .isTrue();
    }

    @Test
    void letsGoOfARenewalWhenTheCredentialIsChangedByHand() {
        CredentialId id = addToken(MONDAY);
        store().beginRenewal(ACME, WEB, id, 1, "one", MONDAY, MONDAY.plusSeconds(60));

        store().update(ACME, WEB, id, 1, new CredentialName("token"), secret("by hand"));

        assertThat(store().renew(ACME, WEB, id, 1, secret("t-2"), null)).isFalse();
        assertThat(valueOf(one(id))).isEqualTo("by hand");
        store().remove(ACME, WEB, id);
        assertThat(store().renew(ACME, WEB, id, 2, secret("t-3"), null))
                .as("gone")
                .isFalse();
        assertThat(all(ACME, WEB)).isEmpty();
    }

    @Test
    @DisplayName("Of many who renew at once, one puts its token in place")
    void letsOneOfManyPutItsTokenInPlace() throws InterruptedException {
        CredentialId id = addToken(MONDAY);

        List<Boolean> renewed = Suites.together(
                8,
                i -> () -> (i % 2 == 0 ? store() : onAnotherNode()).renew(ACME, WEB, id, 1, secret("t-by-" + i), null));

        assertThat(renewed).containsOnlyOnce(true);
        assertThat(valueOf(one(id))).isEqualTo("t-by-" + renewed.indexOf(true));
        assertThat(one(id).stored().version()).isEqualTo(2);
    }

    @Test
    void makesOneDefaultOfParallelFirstCredentials() throws InterruptedException {
        List<CredentialId> ids = Suites.together(
                8,
                i -> () -> (i % 2 == 0 ? store() : onAnotherNode())
                        .add(ACME, WEB, NewToolCredential.ofApiKey(new CredentialName("key " + i), secret("s-" + i))));

        List<ToolCredential> all = all(ACME, WEB);
        assertThat(all).extracting(credential -> credential.stored().id()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(all).filteredOn(ToolCredential::isDefault).hasSize(1);
        assertThat(all.get(0).isDefault()).isTrue();
    }

    @Test
    void letsOneOfManyTakeAName() throws InterruptedException {
        List<Boolean> added = Suites.together(8, i -> () -> {
            try {
                add(ACME, WEB, "main", "s-" + i);
                return true;
            } catch (BadRequestException taken) {
                return false;
            }
        });

        assertThat(added).containsOnlyOnce(true);
        assertThat(all(ACME, WEB)).hasSize(1);
    }
}
