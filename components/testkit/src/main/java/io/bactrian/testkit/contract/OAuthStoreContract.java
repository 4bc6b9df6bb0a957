package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static io.bactrian.testkit.contract.StoreFixture.NOBODY;
import static io.bactrian.testkit.contract.StoreFixture.refused;
import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.OAuthState;
import io.bactrian.core.tool.OAuthStore;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.tool.ToolProviderType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every store for OAuth 2 has to do. A subclass gives an empty one before each test; it has the tenants {@code acme} and
 * {@code globex}.
 */
public abstract class OAuthStoreContract {

    /** A moment, to the microsecond: finer parts need not be kept. */
    protected static final Instant MONDAY = Instant.parse("2026-03-02T10:11:12.123456Z");

    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    private static final ToolProviderName MAIL = new ToolProviderName(ToolProviderType.BUILTIN, "mail");
    private static final ToolProviderName OTHER = new ToolProviderName(ToolProviderType.MCP, "mail");
    private static final UserId ANN = new UserId("ann");

    /** For subclasses. */
    protected OAuthStoreContract() {}

    /** The store under test. The same one through the whole of a test. */
    protected abstract OAuthStore store();

    /** The same store as another node sees it. By default there is none, and it is {@link #store}. */
    protected OAuthStore onAnotherNode() {
        return store();
    }

    private static OAuthState state(String name, TenantId tenant, @Nullable UserId user, Instant at) {
        return new OAuthState(
                ApiKeyStoreContract.sha256(name),
                tenant,
                MAIL,
                user,
                secret("verifier of " + name),
                at,
                at.plus(FIVE_MINUTES));
    }

    private Optional<OAuthState> take(String name, Instant now) {
        return onAnotherNode().takeState(ApiKeyStoreContract.sha256(name), now);
    }

    private Credentials client(OAuthStore store, TenantId tenant, ToolProviderName provider) throws Exception {
        return store.client(tenant, provider).orElseThrow().open();
    }

    @Test
    void keepsWhoATenantIsToAProvider() throws Exception {
        assertThat(store().client(ACME, MAIL)).isEmpty();
        store().putClient(ACME, MAIL, secret("c-acme"));
        store().putClient(ACME, OTHER, secret("c-other"));
        store().putClient(GLOBEX, MAIL, secret("c-globex"));

        assertThat(client(store(), ACME, MAIL)).isEqualTo(secret("c-acme"));
        assertThat(client(onAnotherNode(), ACME, OTHER)).isEqualTo(secret("c-other"));
        assertThat(client(onAnotherNode(), GLOBEX, MAIL)).isEqualTo(secret("c-globex"));
        assertThat(store().client(NOBODY, MAIL)).isEmpty();
    }

    @Test
    void replacesAndForgetsWhoATenantIs() throws Exception {
        store().putClient(ACME, MAIL, secret("c-1"));
        store().putClient(ACME, MAIL, secret("c-2"));

        assertThat(client(onAnotherNode(), ACME, MAIL)).isEqualTo(secret("c-2"));
        assertThat(store().client(ACME, MAIL).orElseThrow().version()).isEqualTo(2);
        assertThat(store().removeClient(GLOBEX, MAIL)).isFalse();
        assertThat(store().removeClient(NOBODY, MAIL)).isFalse();
        assertThat(store().removeClient(ACME, MAIL)).isTrue();
        assertThat(store().removeClient(ACME, MAIL)).isFalse();
        assertThat(onAnotherNode().client(ACME, MAIL)).isEmpty();
        store().putClient(ACME, MAIL, secret("c-3"));
        assertThat(client(store(), ACME, MAIL)).isEqualTo(secret("c-3"));
    }

    @Test
    void givesBackWhatAPersonWasSentWith() {
        store().addState(state("one", ACME, ANN, MONDAY));
        store().addState(state("two", GLOBEX, null, MONDAY));

        OAuthState taken = take("one", MONDAY.plusSeconds(60)).orElseThrow();

        assertThat(taken.tenant()).isEqualTo(ACME);
        assertThat(taken.provider()).isEqualTo(MAIL);
        assertThat(taken.user()).isEqualTo(ANN);
        assertThat(taken.request()).isEqualTo(secret("verifier of one"));
        assertThat(taken.createdAt()).isEqualTo(MONDAY);
        assertThat(taken.expiresAt()).isEqualTo(MONDAY.plus(FIVE_MINUTES));
        assertThat(take("two", MONDAY).orElseThrow().user()).isNull();
        assertThat(take("never", MONDAY)).isEmpty();
    }

    @Test
    void givesItOnce() {
        store().addState(state("one", ACME, ANN, MONDAY));

        assertThat(take("one", MONDAY)).isPresent();
        assertThat(take("one", MONDAY)).isEmpty();
        assertThat(store().takeState(ApiKeyStoreContract.sha256("one"), MONDAY)).isEmpty();
    }

    @Test
    @DisplayName("Of many who come back with the same on several nodes, one gets in")
    void letsOneOfManyIn() throws InterruptedException {
        for (int round = 0; round < 3; round++) {
            String name = "round " + round;
            store().addState(state(name, ACME, ANN, MONDAY));

            List<Boolean> in = Suites.together(
                    16,
                    i -> () -> (i % 2 == 0 ? store() : onAnotherNode())
                            .takeState(ApiKeyStoreContract.sha256(name), MONDAY)
                            .isPresent());

            assertThat(in).containsOnlyOnce(true);
        }
    }

    @Test
    void givesNobodyWhatHasExpired() {
        store().addState(state("late", ACME, ANN, MONDAY));
        store().addState(state("in time", ACME, ANN, MONDAY));

        assertThat(take("late", MONDAY.plus(FIVE_MINUTES))).isEmpty();
        assertThat(take("late", MONDAY)).as("it is gone").isEmpty();
        assertThat(take("in time", MONDAY.plus(FIVE_MINUTES).minusMillis(1))).isPresent();
    }

    @Test
    void remembersSoManyAndNoMore() {
        for (int i = 0; i < OAuthStore.MOST_STATES; i++) {
            store().addState(state("s" + i, ACME, null, MONDAY));
        }

        refused(ErrorCode.INVALID_PARAM, () -> store().addState(state("one more", ACME, null, MONDAY.plusSeconds(60))));

        store().addState(state("theirs", GLOBEX, null, MONDAY));
        store().addState(state("later", ACME, null, MONDAY.plus(FIVE_MINUTES)));
        assertThat(take("later", MONDAY.plus(FIVE_MINUTES))).isPresent();
    }
}
