package io.bactrian.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.http.RawHttp;
import io.bactrian.testkit.Reply;
import io.bactrian.testkit.ScriptedAuthorizationServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person says yes to a provider: begun by a command, finished by the server, used and renewed by calls. */
class ToolAuthorizationEndToEndTest {

    private static final String SECRET = "canary-client-secret-of-more-than-twenty";

    @TempDir
    private Path folder;

    private final ScriptedAuthorizationServer provider = new ScriptedAuthorizationServer("acme-client", SECRET);
    private TestHome home;
    private BactrianServer server;

    @BeforeEach
    void install() throws Exception {
        home = new TestHome(
                folder,
                "test.authorization-server=" + provider.server().url(""),
                "bactrian.egress.allow=127.0.0.1:" + provider.port());
        home.done("tenant", "add", "acme");
        home.done(
                List.of(SECRET),
                "tool",
                "oauth-client",
                "set",
                "mail",
                "--set",
                "client_id=acme-client",
                "--from-stdin",
                "client_secret",
                "--tenant",
                "acme");
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        provider.close();
    }

    private String begun(String... more) {
        List<String> command = new ArrayList<>(List.of("tool", "authorize", "mail", "--tenant", "acme"));
        command.addAll(List.of(more));
        return home.done(command.toArray(String[]::new));
    }

    private String opens() {
        return home.done("tool", "call", "mail_opened_by", "--tenant", "acme");
    }

    @Test
    void takesInAPersonWhoComesBackToTheServer() throws Exception {
        server = home.server(false).start();
        String back = "http://127.0.0.1:" + server.port() + "/oauth/callback";
        String query = provider.consent(begun("--redirect-uri", back, "--name", "main"));

        RawHttp.Answer answer = get("/oauth/callback?" + query);

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body())
                .contains("builtin/mail is authorized for tenant 'acme'")
                .doesNotContain("access-", "code-");
        assertThat(answer.header("content-type")).contains("text/plain; charset=utf-8");
        assertThat(answer.header("cache-control")).contains("no-store");
        assertThat(answer.header("referrer-policy")).contains("no-referrer");
        assertThat(opens()).startsWith("access-");
        JsonObject listed = new JsonArray(home.done("tool", "credential", "list", "mail", "--tenant", "acme", "--json"))
                .getJsonObject(0);
        assertThat(listed.getString("name")).isEqualTo("main");
        assertThat(listed.getString("type")).isEqualTo("oauth2");
        assertThat(listed.getString("expires")).isNotEmpty();
        assertThat(listed.toString()).doesNotContain("access-", "refresh-");
    }

    private RawHttp.Answer get(String path) throws Exception {
        return RawHttp.get(server.port(), path);
    }

    @Test
    @DisplayName(
            "MCP-11, MCP-12: whoever comes back with nothing, with what is made up, or a second time, gets nothing")
    void refusesWhoeverBringsNothingAlong() throws Exception {
        server = home.server(false).start();
        String query = provider.consent(begun());
        assertThat(get("/oauth/callback?" + query).status()).isEqualTo(200);

        for (String wrong : List.of(
                "",
                "?",
                "?code=x",
                "?state=x&code=y",
                "?state=" + "A".repeat(43) + "&code=y",
                "?state=" + "A".repeat(43) + "&state=" + "B".repeat(43) + "&code=y",
                "?" + query)) {
            RawHttp.Answer answer = get("/oauth/callback" + wrong);
            assertThat(answer.status()).as(wrong).isEqualTo(400);
            assertThat(answer.body()).startsWith("invalid_param: ").doesNotContain("<", "code-");
        }
        RawHttp.Answer no =
                get("/oauth/callback?" + provider.consent(begun()).replaceAll("code=.*", "error=access_denied"));
        assertThat(no.status()).isEqualTo(403);
        assertThat(no.body()).startsWith("access_denied: ");
        RawHttp.Answer posted = RawHttp.post(server.port(), "/oauth/callback?" + query, "x");
        assertThat(posted.status()).isEqualTo(405);
        assertThat(new JsonArray(home.done("tool", "credential", "list", "--tenant", "acme", "--json")))
                .hasSize(1);
    }

    @Test
    void finishesWhereNoServerCanBeReached() {
        String query = provider.consent(begun());

        assertThat(home.done(
                        "tool",
                        "authorize",
                        "mail",
                        "--answer",
                        "https://elsewhere.example/cb?" + query,
                        "--tenant",
                        "acme"))
                .contains("holds the tokens of builtin/mail for tenant 'acme'");

        assertThat(opens()).startsWith("access-");
        assertThat(home.command("tool", "authorize", "mail", "--answer", "nonsense", "--tenant", "acme")
                        .code())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("Calls of several processes race for a token whose refresh token rotates: it is exchanged once")
    void renewsATokenOnceForSeveralProcesses() throws Exception {
        provider.expiresIn(1);
        home.done("tool", "authorize", "mail", "--answer", "?" + provider.consent(begun()), "--tenant", "acme");
        provider.expiresIn(3600);
        // a token that is valid for less than a minute is renewed before it is used
        List<String> tokens = together(6, this::opens);

        assertThat(new HashSet<>(tokens)).hasSize(1);
        assertThat(provider.refreshes()).isEqualTo(1);
        assertThat(provider.reuses()).isZero();
        assertThat(opens()).isEqualTo(tokens.get(0));
    }

    private static <T> List<T> together(int threads, Callable<T> work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(pool.submit(() -> {
                    start.await(60, TimeUnit.SECONDS);
                    return work.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(one.get(180, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void saysWhatToDoWhenAConsentIsWithdrawn() {
        provider.expiresIn(0);
        home.done("tool", "authorize", "mail", "--answer", "?" + provider.consent(begun()), "--tenant", "acme");
        provider.before(request -> Reply.json(400, "{\"error\":\"invalid_grant\"}"));

        TestHome.Ran ran = home.command("tool", "call", "mail_opened_by", "--tenant", "acme");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).startsWith("authorization_error: ").contains("./bactrian tool authorize builtin/mail");
    }

    @Test
    void keepsWhoATenantIsToItself() {
        assertThat(home.done("tool", "oauth-client", "show", "mail", "--tenant", "acme"))
                .contains("acme-client", "client_secret_basic", "****")
                .doesNotContain("canary");
        home.done("tool", "oauth-client", "set", "mail", "--set", "issuer=https://login.example", "--tenant", "acme");
        assertThat(home.done("tool", "oauth-client", "show", "mail", "--tenant", "acme", "--json"))
                .contains("https://login.example", "acme-client")
                .doesNotContain("canary");
        home.done("tool", "oauth-client", "remove", "mail", "--tenant", "acme");
        assertThat(home.command("tool", "oauth-client", "show", "mail", "--tenant", "acme")
                        .code())
                .isEqualTo(1);
        assertThat(home.command("tool", "authorize", "mail", "--tenant", "acme").err())
                .startsWith("misconfigured: ")
                .contains("./bactrian tool oauth-client set builtin/mail --tenant acme");
        assertThat(home.command("tool", "oauth-client", "set", "mail", "--set", "client_id=x", "--tenant", "acme")
                        .code())
                .isEqualTo(2);
        assertThat(home.command(
                                "tool",
                                "oauth-client",
                                "set",
                                "mail",
                                "--set",
                                "client_secret=" + SECRET,
                                "--tenant",
                                "acme")
                        .err())
                .startsWith("usage: ")
                .doesNotContain("canary");
        home.done("tool", "oauth-client", "set", "mail", "--set", "client_id=x", "--public", "--tenant", "acme");
        assertThat(home.command(
                                "tool",
                                "oauth-client",
                                "set",
                                "calculator",
                                "--set",
                                "client_id=x",
                                "--public",
                                "--tenant",
                                "acme")
                        .err())
                .contains("not opened by OAuth 2");
    }
}
