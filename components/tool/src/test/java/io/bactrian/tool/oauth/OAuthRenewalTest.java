package io.bactrian.tool.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tool.ToolCredential;
import io.bactrian.core.tool.ToolCredentialStore;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.json.ToolJson;
import io.bactrian.testkit.Reply;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OAuthRenewalTest extends OAuthFixture {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<OAuthRenewal> nodes = new ArrayList<>();
    private OAuthRenewal renewal;

    @BeforeEach
    void open() {
        oauth.putClient(ACME, MAIL, OAuthClient.FORM.check(client(CLIENT_ID, CLIENT_SECRET)));
        renewal = node(store);
    }

    @AfterEach
    void close() {
        nodes.forEach(OAuthRenewal::close);
    }

    /** Another node that shares the store. */
    private OAuthRenewal node(ToolCredentialStore shared) {
        OAuthRenewal node = new OAuthRenewal(
                shared, oauth, egress, ToolJson.codec(), () -> UUID.randomUUID().toString(), clock);
        nodes.add(node);
        return node;
    }

    private ToolCredential renewed(OAuthRenewal node, ToolCredential credential, Duration patience) {
        return node.renew(ACME, entity(), ToolProviderType.BUILTIN, credential, Deadline.in(patience));
    }

    private ToolCredential renewed(CredentialId id) {
        return renewed(renewal, credential(id), PATIENCE);
    }

    private CredentialId expired() {
        return stored("access-0", provider.newRefreshToken(), MONDAY.minusSeconds(1));
    }

    private CredentialId expiringSoon() {
        return stored("access-0", provider.newRefreshToken(), MONDAY.plusSeconds(30));
    }

    @Test
    void exchangesTheRefreshTokenForNewTokens() {
        CredentialId id = expired();
        String before = secret(credential(id), OAuthTokens.REFRESH_TOKEN);

        ToolCredential renewed = renewed(id);

        assertThat(secret(renewed, OAuthTokens.ACCESS_TOKEN))
                .startsWith("access-")
                .isNotEqualTo("access-0");
        assertThat(secret(renewed, OAuthTokens.REFRESH_TOKEN))
                .startsWith("refresh-")
                .isNotEqualTo(before);
        assertThat(renewed.expiresAt()).contains(MONDAY.plusSeconds(3600));
        assertThat(renewed.stored().id()).isEqualTo(id);
        assertThat(renewed.stored().name()).isEqualTo(new CredentialName("main"));
        assertThat(renewed.stored().version()).isEqualTo(2);
        assertThat(renewed.isDefault()).isTrue();
        assertThat(secret(credential(id), OAuthTokens.ACCESS_TOKEN))
                .isEqualTo(secret(renewed, OAuthTokens.ACCESS_TOKEN));
        assertThat(renewed(renewal, renewed, PATIENCE).stored().version())
                .as("nothing is to be renewed")
                .isEqualTo(2);
        assertThat(provider.refreshes()).isEqualTo(1);
    }

    @Test
    @DisplayName("RFC 6749 section 6: an answer without a refresh token leaves the one before in force")
    void keepsTheRefreshTokenIfThereIsNoOther() {
        provider.rotating(false);
        CredentialId id = expired();
        String before = secret(credential(id), OAuthTokens.REFRESH_TOKEN);

        ToolCredential renewed = renewed(id);
        clock.advance(Duration.ofHours(2));
        renewed(id);

        assertThat(secret(renewed, OAuthTokens.REFRESH_TOKEN)).isEqualTo(before);
        assertThat(secret(credential(id), OAuthTokens.REFRESH_TOKEN)).isEqualTo(before);
        assertThat(provider.refreshes()).isEqualTo(2);
    }

    private <T> List<T> together(int threads, java.util.function.IntFunction<java.util.concurrent.Callable<T>> work)
            throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                java.util.concurrent.Callable<T> own = work.apply(i);
                running.add(pool.submit(() -> {
                    start.await(60, TimeUnit.SECONDS);
                    return own.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(one.get(120, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    @DisplayName(
            "Fifty calls on three nodes race for a token whose refresh token rotates: it is exchanged once each time")
    void usesNoRefreshTokenTwice() throws Exception {
        List<OAuthRenewal> all = List.of(renewal, node(store), node(store));
        CredentialId id = expired();

        for (int round = 1; round <= 5; round++) {
            ToolCredential stale = credential(id);
            List<String> tokens =
                    together(50, i -> () -> secret(renewed(all.get(i % 3), stale, PATIENCE), OAuthTokens.ACCESS_TOKEN));

            assertThat(tokens).hasSize(50).containsOnly(secret(credential(id), OAuthTokens.ACCESS_TOKEN));
            assertThat(provider.refreshes()).isEqualTo(round);
            clock.advance(Duration.ofHours(2));
        }
        assertThat(provider.reuses()).isZero();
    }

    @Test
    @DisplayName("A call that is in a hurry, or gone, does not break off the exchange that it began")
    void finishesAnExchangeForACallerInAHurry() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        provider.before(request -> {
            awaitQuietly(gate);
            return null;
        });
        CredentialId id = expired();

        refused(ErrorCode.DEADLINE_EXCEEDED, () -> renewed(renewal, credential(id), Duration.ofMillis(50)));
        Thread gone = new Thread(() -> {
            Thread.currentThread().interrupt();
            refused(ErrorCode.CANCELLED, () -> renewed(id));
        });
        gone.start();
        gone.join(30_000);
        assertThat(credential(id).stored().version()).isEqualTo(1);
        gate.countDown();

        await().atMost(PATIENCE).until(() -> credential(id).stored().version() == 2);
        assertThat(provider.refreshes()).isEqualTo(1);
        assertThat(provider.reuses()).isZero();
    }

    private static void awaitQuietly(CountDownLatch gate) {
        try {
            gate.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void usesATokenThatIsStillValidWhileItCannotBeRenewed() {
        provider.before(request -> Reply.status(503));
        CredentialId id = expiringSoon();

        ToolCredential same = renewed(id);

        assertThat(secret(same, OAuthTokens.ACCESS_TOKEN)).isEqualTo("access-0");
        clock.advance(Duration.ofSeconds(30));
        refused(ErrorCode.SERVER_UNAVAILABLE, () -> renewed(id));
        provider.before(request -> null);
        assertThat(renewed(id).stored().version())
                .as("it was let go of at once")
                .isEqualTo(2);
    }

    @Test
    void usesATokenThatIsStillValidWhileAnotherNodeRenewsIt() {
        CredentialId id = expiringSoon();
        store.beginRenewal(ACME, MAIL, id, 1, "another node", MONDAY, MONDAY.plusSeconds(60));

        assertThat(secret(renewed(id), OAuthTokens.ACCESS_TOKEN)).isEqualTo("access-0");

        assertThat(provider.refreshes()).isZero();
    }

    @Test
    @DisplayName("A node that was killed while it renewed holds the token no longer than it said")
    void takesOverFromANodeThatWasKilled() throws Exception {
        CredentialId id = expired();
        store.beginRenewal(ACME, MAIL, id, 1, "killed", MONDAY, MONDAY.plusSeconds(60));
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<ToolCredential> waiting = pool.submit(() -> renewed(id));
            refused(ErrorCode.DEADLINE_EXCEEDED, () -> renewed(renewal, credential(id), Duration.ofMillis(300)));
            assertThat(provider.refreshes()).isZero();

            clock.advance(Duration.ofSeconds(61));

            assertThat(waiting.get(30, TimeUnit.SECONDS).stored().version()).isEqualTo(2);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void takesWhatAnotherNodeHasPutThereMeanwhile() throws Exception {
        CredentialId id = expired();
        store.beginRenewal(ACME, MAIL, id, 1, "another node", MONDAY, MONDAY.plusSeconds(60));
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<ToolCredential> waiting = pool.submit(() -> renewed(id));

            store.renew(ACME, MAIL, id, 1, client("x", "y"), MONDAY.plusSeconds(3600));

            assertThat(waiting.get(30, TimeUnit.SECONDS).stored().version()).isEqualTo(2);
            assertThat(provider.refreshes()).isZero();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    @DisplayName("What the provider refuses for good it is not asked again at each call; new tokens end that")
    void asksAProviderThatRefusesOnceAMinute() {
        CredentialId id = stored("access-0", "refresh-of-nobody", MONDAY.minusSeconds(1));

        for (int i = 0; i < 5; i++) {
            assertThat(refused(ErrorCode.AUTHORIZATION_ERROR, () -> renewed(id)))
                    .hasMessageContaining("invalid_grant")
                    .hasMessageContaining("./bactrian tool authorize builtin/mail");
        }
        assertThat(provider.server().requests()).hasSize(1);
        clock.advance(Duration.ofMinutes(1));
        refused(ErrorCode.AUTHORIZATION_ERROR, () -> renewed(id));
        assertThat(provider.server().requests()).hasSize(2);

        store.renew(
                ACME,
                MAIL,
                id,
                0,
                io.bactrian.core.credential.Credentials.of(java.util.Map.of(
                        OAuthTokens.ACCESS_TOKEN,
                        new io.bactrian.core.credential.CredentialValue.Hidden(
                                io.bactrian.core.credential.Secret.of("access-1")),
                        OAuthTokens.REFRESH_TOKEN,
                        new io.bactrian.core.credential.CredentialValue.Hidden(
                                io.bactrian.core.credential.Secret.of(provider.newRefreshToken())))),
                MONDAY);
        assertThat(renewed(id).stored().version()).isEqualTo(3);
    }

    @Test
    void leavesAProviderAloneForAsLongAsItAsks() {
        provider.before(request -> Reply.json(429, "{}").header("Retry-After", "90"));
        CredentialId id = expired();

        assertThat(refused(ErrorCode.RATE_LIMITED, () -> renewed(id)).retryAfter())
                .contains(Duration.ofSeconds(90));
        refused(ErrorCode.RATE_LIMITED, () -> renewed(id));
        assertThat(provider.server().requests()).hasSize(1);

        provider.before(request -> null);
        clock.advance(Duration.ofSeconds(90));
        assertThat(renewed(id).stored().version()).isEqualTo(2);
    }

    @Test
    @DisplayName("MCP-01: a refresh token is sent to no other token endpoint than the one it is from")
    void sendsARefreshTokenNowhereElse() {
        CredentialId id = expired();

        InvokeException refusal = refused(
                ErrorCode.AUTHORIZATION_ERROR,
                () -> renewal.renew(
                        ACME,
                        entity(
                                provider.authorizationEndpoint(),
                                provider.server().url("/other-token")),
                        ToolProviderType.BUILTIN,
                        credential(id),
                        Deadline.in(PATIENCE)));

        assertThat(refusal).hasMessageContaining("another token endpoint");
        assertThat(provider.server().requests()).isEmpty();
    }

    @Test
    void saysWhatIsMissing() {
        CredentialId id = stored("access-0", null, MONDAY.minusSeconds(1));
        assertThat(refused(ErrorCode.AUTHORIZATION_ERROR, () -> renewed(id)))
                .hasMessageContaining("no refresh token")
                .hasMessageContaining("./bactrian tool authorize builtin/mail --tenant acme");

        oauth.removeClient(ACME, MAIL);
        store.remove(ACME, MAIL, id);
        CredentialId other = expired();
        assertThat(refused(ErrorCode.MISCONFIGURED, () -> renewed(other)))
                .hasMessageContaining("./bactrian tool oauth-client set builtin/mail --tenant acme");

        ToolCredential gone = credential(other);
        store.remove(ACME, MAIL, other);
        refused(ErrorCode.CREDENTIAL_NOT_FOUND, () -> renewed(renewal, gone, PATIENCE));
        assertThat(provider.server().requests()).isEmpty();
    }

    @Test
    void tellsAWrongClientFromAWrongToken() {
        oauth.putClient(ACME, MAIL, OAuthClient.FORM.check(client(CLIENT_ID, "wrong")));

        assertThat(refused(ErrorCode.MISCONFIGURED, () -> renewed(expired())))
                .hasMessageContaining("invalid_client")
                .hasMessageContaining("./bactrian tool oauth-client set");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
                    200|text/html|<html>hello</html>|PROTOCOL_ERROR
                    200|application/json|[]|PROTOCOL_ERROR
                    200|application/json|{}|PROTOCOL_ERROR
                    200|application/json|{"access_token":""}|PROTOCOL_ERROR
                    200|application/json|{"access_token":"a\\nb"}|PROTOCOL_ERROR
                    200|application/json|{"access_token":"a","token_type":"mac"}|PROTOCOL_ERROR
                    200|application/json|{"access_token":"a","expires_in":-1}|PROTOCOL_ERROR
                    200|application/json|{"access_token":"a","expires_in":"soon"}|PROTOCOL_ERROR
                    200|application/json|{"access_token":"a","expires_in":true}|PROTOCOL_ERROR
                    200|application/json|{"error":"invalid_grant"}|AUTHORIZATION_ERROR
                    200|application/json|{"error":"canary <script>"}|AUTHORIZATION_ERROR
                    302|text/plain|elsewhere|PROTOCOL_ERROR
                    400|application/json|{"error":"unauthorized_client"}|MISCONFIGURED
                    403|text/plain|no|AUTHORIZATION_ERROR
                    500|application/json|{"error":"server_error"}|SERVER_UNAVAILABLE
                    """)
    @DisplayName("STR-10, UP-10: whatever a token endpoint answers becomes an error of its kind, and nothing is stored")
    void refusesWhatHoldsNoTokens(int status, String type, String body, ErrorCode code) {
        provider.before(request -> Reply.body(status, type, body.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        CredentialId id = expired();

        refused(code, () -> renewed(id));

        assertThat(credential(id).stored().version()).isEqualTo(1);
        assertThat(store.beginRenewal(ACME, MAIL, id, 1, "next", MONDAY, MONDAY.plusSeconds(1)))
                .as("it was let go of")
                .isTrue();
    }

    @Test
    void readsNoEndlessAnswer() {
        provider.before(request -> Reply.repeating(200, "application/json", new byte[1024], 1_000_000));

        refused(ErrorCode.RESPONSE_TOO_LARGE, () -> renewed(expired()));
    }

    @Test
    void readsTimesAsTheyAreWritten() {
        provider.before(
                request -> Reply.json(200, "{\"access_token\":\"a\",\"expires_in\":\"120\",\"refresh_token\":\"r\"}"));
        assertThat(renewed(expired()).expiresAt()).contains(MONDAY.plusSeconds(120));
    }

    @Test
    void takesATokenThatNeverExpires() {
        provider.before(request -> Reply.json(200, "{\"access_token\":\"a\"}"));
        CredentialId id = expired();

        ToolCredential renewed = renewed(id);

        assertThat(renewed.expiresAt()).isEmpty();
        assertThat(secret(renewed, OAuthTokens.ACCESS_TOKEN)).isEqualTo("a");
    }

    /** A store whose renewals fail so many times, as when the database goes away in the very moment. */
    private ToolCredentialStore failing(AtomicInteger failures) {
        return (ToolCredentialStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ToolCredentialStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("renew") && failures.getAndDecrement() > 0) {
                        throw new UnavailableException(ErrorCode.STORE_UNAVAILABLE, "the database does not answer");
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void triesAgainToStoreTokens() {
        OAuthRenewal node = node(failing(new AtomicInteger(2)));
        CredentialId id = expired();

        assertThat(renewed(node, credential(id), PATIENCE).stored().version()).isEqualTo(2);

        assertThat(provider.refreshes()).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "Tokens that cannot be stored are used all the same, and stored with the next call: nobody gets them twice")
    void losesNoTokensThatCannotBeStored() {
        AtomicInteger failures = new AtomicInteger(1_000);
        OAuthRenewal node = node(failing(failures));
        CredentialId id = expired();

        ToolCredential used = renewed(node, credential(id), PATIENCE);
        assertThat(secret(used, OAuthTokens.ACCESS_TOKEN)).startsWith("access-").isNotEqualTo("access-0");
        assertThat(credential(id).stored().version()).isEqualTo(1);
        failures.set(0);
        ToolCredential again = renewed(node, credential(id), PATIENCE);

        assertThat(secret(again, OAuthTokens.ACCESS_TOKEN)).isEqualTo(secret(used, OAuthTokens.ACCESS_TOKEN));
        assertThat(credential(id).stored().version()).isEqualTo(2);
        assertThat(provider.refreshes()).isEqualTo(1);
        assertThat(provider.reuses()).isZero();
    }

    @Test
    void printsNoSecret() {
        CredentialId id = expired();
        ToolCredential renewed = renewed(id);

        assertThat(renewed.toString() + OAuthClient.of(client(CLIENT_ID, CLIENT_SECRET)))
                .doesNotContain("canary", "access-", "refresh-");
    }
}
