package io.bactrian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.server.TestHome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BalanceCommandTest {

    private static final String MINI = "openai/gpt-4o-mini";

    @TempDir
    Path folder;

    private TestHome home;

    @BeforeEach
    void install() throws Exception {
        home = new TestHome(folder);
    }

    private void credentials(String... names) {
        for (String name : names) {
            home.done(List.of("sk-" + name), "credential", "add", "openai", "--name", name);
        }
    }

    private JsonObject shown(String model) {
        return new JsonObject(home.done("model", "balance", model, "--show", "--json"));
    }

    @Test
    void explainsItself() {
        assertThat(home.command("model", "balance", "--help").out())
                .contains("Usage:")
                .contains("bactrian model balance")
                .contains("--credential=NAME[:WEIGHT]")
                .contains("--fallback=PROVIDER/MODEL[=CLASS,CLASS]");
    }

    @Test
    void spreadsCallsOverCredentialsAndShowsIt() {
        credentials("a", "b");

        assertThat(home.done(
                        "model",
                        "balance",
                        MINI,
                        "--credential",
                        "a",
                        "--credential=b:3",
                        "--credential",
                        "__inherit__",
                        "--sticky",
                        "--fallback",
                        "openai/gpt-4o=context_length,rate_limited",
                        "--fallback=openai-compatible/meta-llama/llama-3.1:free@2#x"))
                .isEqualTo("model '" + MINI + "' is spread over 3 credentials, weighted, sticky; fallbacks:"
                        + " openai/gpt-4o, openai-compatible/meta-llama/llama-3.1:free@2#x");

        assertThat(home.done("model", "balance", MINI, "--show").lines().map(line -> line.replaceAll(" +", " ")
                        .strip()))
                .containsExactly(
                        MINI + " (llm): on, weighted, sticky",
                        "kind name for takes part weight after",
                        "credential a openai yes 1",
                        "credential b openai yes 3",
                        "credential __inherit__ yes 1",
                        "fallback openai/gpt-4o rate_limited, context_length",
                        "fallback openai-compatible/meta-llama/llama-3.1:free@2#x"
                                + " credential_dead, rate_limited, overloaded, transient");
        JsonObject json = shown(MINI);
        assertThat(json.getBoolean("enabled")).isTrue();
        assertThat(json.getString("strategy")).isEqualTo("weighted");
        JsonObject second = json.getJsonArray("credentials").getJsonObject(1);
        assertThat(second.getString("credential")).isEqualTo("b");
        assertThat(second.getInteger("weight")).isEqualTo(3);
        assertThat(json.getJsonArray("fallbacks").getJsonObject(0).getJsonArray("on"))
                .isEqualTo(new JsonArray(List.of("rate_limited", "context_length")));
    }

    @Test
    void replacesSwitchesOffAndRemoves() {
        credentials("a", "b", "c");
        home.done("model", "balance", MINI, "--credential", "a", "--credential", "b", "--fallback", "openai/gpt-4o");

        home.done("model", "balance", MINI, "--credential", "c", "--credential", "b", "--strategy", "power_of_two");
        assertThat(shown(MINI).getJsonArray("credentials"))
                .extracting(entry -> ((JsonObject) entry).getString("credential"))
                .containsExactly("c", "b");
        assertThat(shown(MINI).getJsonArray("fallbacks")).isEmpty();

        home.done("model", "balance", MINI, "--off");
        assertThat(shown(MINI).getBoolean("enabled")).isFalse();
        assertThat(shown(MINI).getJsonArray("credentials")).hasSize(2);

        home.done("credential", "remove", "openai", "b");
        assertThat(shown(MINI).getJsonArray("credentials")).hasSize(1);

        assertThat(home.done("model", "balance", MINI, "--remove")).contains("no longer spread");
        assertThat(home.done("model", "balance", MINI, "--remove")).contains("nothing set");
        assertThat(home.done("model", "balance", MINI, "--show")).contains("nothing is set");
        assertThat(shown(MINI).getBoolean("enabled")).isFalse();
    }

    @Test
    void namesFallbacksAloneAndModelsOfOtherTypes() {
        assertThat(home.done("model", "balance", MINI, "--fallback", "openai-compatible/a=b=overloaded"))
                .contains("is not spread; fallbacks: openai-compatible/a=b");
        home.done("model", "balance", "openai/text-embedding-3-small", "--fallback", "openai/text-embedding-3-large");
        assertThat(shown("openai/text-embedding-3-small").getString("type")).isEqualTo("text-embedding");
    }

    @Test
    void saysWhatToDoWhenItIsRefused() {
        credentials("a");
        TestHome.Ran alone = home.command("model", "balance", MINI, "--credential", "a");
        assertThat(alone.code()).isEqualTo(1);
        assertThat(alone.err()).startsWith("invalid_param: ").contains("name further credentials");

        TestHome.Ran unknown = home.command("model", "balance", MINI, "--credential", "a", "--credential", "z");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).startsWith("credential_not_found: ").contains("there are a");

        TestHome.Ran fallback = home.command("model", "balance", MINI, "--fallback", "openai/text-embedding-3-small");
        assertThat(fallback.err())
                .startsWith("model_type_unsupported: ")
                .contains("fallback openai/text-embedding-3-small");

        TestHome.Ran off = home.command("model", "balance", MINI, "--off");
        assertThat(off.err()).startsWith("invalid_param: ").contains("nothing is set");
        assertThat(home.command("model", "balance", MINI, "--show", "-t", "nobody")
                        .err())
                .startsWith("tenant_not_found: ");
    }

    @Test
    void repeatsNoSecretThatIsGivenForAName() {
        credentials("a");
        String secret = "sk-9f8e7d6c5b4a39281706f5e4d3c2b1a0";
        TestHome.Ran ran = home.command("model", "balance", MINI, "--credential", "a", "--credential", secret);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out() + ran.err()).doesNotContain(secret.substring(8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model balance",
                "model balance noslash --show",
                "model balance openai/m",
                "model balance openai/m --sticky",
                "model balance openai/m --strategy fastest --credential a",
                "model balance openai/m --show --off",
                "model balance openai/m --off --credential a",
                "model balance openai/m --show --sticky",
                "model balance openai/m --credential :3",
                "model balance openai/m --fallback noslash",
                "model balance openai/m --fallback openai/x=slow",
                "model balance openai/m --fallback openai/x=client"
            })
    void endsWithTwoWhenItIsCalledWrong(String command) {
        TestHome.Ran ran = home.command(command.split(" "));
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).startsWith("usage: ").contains("--help").doesNotContain("Exception");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void tellsThatAFileIsAppliedAgain() throws Exception {
        Path file = home.home().config().resolve("workspaces").resolve("acme.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
                balancing:
                  - {model: openai/gpt-4o-mini, fallbacks: [openai/gpt-4o]}
                """);

        assertThat(home.done("model", "balance", MINI, "--show", "--tenant", "acme"))
                .contains("off, round_robin, declared by workspaces/acme.yaml");
        assertThat(home.done("model", "balance", MINI, "--tenant", "acme", "--fallback", "openai-compatible/another"))
                .contains("workspaces/acme.yaml declares it");
        assertThat(home.done("model", "balance", MINI, "--tenant", "acme", "--off"))
                .contains("workspaces/acme.yaml declares it and is applied again at the next start");
    }
}
