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

/** {@code bactrian quota} and {@code bactrian limit}. */
class RuleCommandsTest {

    @TempDir
    Path folder;

    private TestHome home;

    @BeforeEach
    void install() throws Exception {
        home = new TestHome(
                folder,
                "bactrian.budgets.house.tenant=*",
                "bactrian.budgets.house.unit=tokens",
                "bactrian.budgets.house.limit=1000000",
                "bactrian.budgets.house.period=month",
                "bactrian.limits.house.tenant=*",
                "bactrian.limits.house.requests=600");
        home.done("tenant", "add", "acme");
    }

    private static List<String> lines(String out) {
        return out.lines().map(line -> line.replaceAll(" +", " ").strip()).toList();
    }

    @Test
    void explainThemselves() {
        assertThat(home.command("quota", "set", "--help").out())
                .contains("bactrian quota set")
                .contains("--limit=AMOUNT")
                .contains("--period=PERIOD");
        assertThat(home.command("limit", "set", "--help").out())
                .contains("bactrian limit set")
                .contains("--concurrent=NUMBER")
                .contains("--api-key=ID");
    }

    @Test
    void setListAndRemoveBudgets() {
        assertThat(home.done(
                        "quota",
                        "set",
                        "team",
                        "-t",
                        "acme",
                        "--unit",
                        "money",
                        "--limit",
                        "12.50",
                        "--period",
                        "month",
                        "--zone",
                        "Europe/Berlin"))
                .isEqualTo("budget 'team' set: 12.5 USD, month");
        home.done(
                "quota",
                "set",
                "each",
                "-t",
                "acme",
                "--unit",
                "times",
                "--limit",
                "5",
                "--period",
                "24h",
                "--app",
                "*");

        List<String> listed = lines(home.done("quota", "list", "-t", "acme"));

        assertThat(listed.get(0)).isEqualTo("budget app limit used held left period resets at set by in");
        assertThat(listed.get(1))
                .startsWith("house 1000000 tokens 0 0 1000000 month ")
                .endsWith(" operator bactrian.budgets.house.*");
        assertThat(listed.get(2)).isEqualTo("each * 5 times PT24H operator");
        assertThat(listed.get(3)).startsWith("team 12.5 USD 0 0 12.5 month ").endsWith(" operator");
        assertThat(lines(home.done("quota", "list", "-t", "acme", "--app", "shop"))
                        .get(2))
                .isEqualTo("each * 5 times 0 0 5 PT24H operator");
        JsonObject team = new JsonArray(home.done("quota", "list", "-t", "acme", "--json")).getJsonObject(2);
        assertThat(team.getDouble("limit")).isEqualTo(12.5);
        assertThat(team.getDouble("left")).isEqualTo(12.5);
        assertThat(team.getString("zone")).isEqualTo("Europe/Berlin");
        assertThat(team.getString("set_by")).isEqualTo("operator");
        assertThat(team.getLong("version")).isEqualTo(1);
        assertThat(team.containsKey("resets_at")).isTrue();

        assertThat(home.done("quota", "remove", "team", "-t", "acme")).isEqualTo("budget 'team' removed");
        assertThat(lines(home.done("quota", "list", "-t", "acme"))).hasSize(3);
        assertThat(lines(home.done("quota", "list"))).as("the default tenant's").hasSize(2);
    }

    @Test
    void setListAndRemoveLimits() {
        assertThat(home.done(
                        "limit",
                        "set",
                        "l",
                        "-t",
                        "acme",
                        "--requests",
                        "100",
                        "--concurrent=8",
                        "--per",
                        "1h",
                        "--model",
                        "openai/*"))
                .isEqualTo("limit 'l' set: 100 requests per PT1H, 8 calls at once");

        assertThat(lines(home.done("limit", "list", "-t", "acme")))
                .containsExactly(
                        "limit app model api key requests tokens concurrent per set by in",
                        "house 600 PT1M operator bactrian.limits.house.*",
                        "l openai/* 100 8 PT1H operator");
        JsonObject listed = new JsonArray(home.done("limit", "list", "-t", "acme", "--json")).getJsonObject(1);
        assertThat(listed.getLong("requests")).isEqualTo(100);
        assertThat(listed.getLong("concurrent")).isEqualTo(8);
        assertThat(listed.getString("model")).isEqualTo("openai/*");

        assertThat(home.done("limit", "remove", "l", "-t", "acme")).isEqualTo("limit 'l' removed");
        assertThat(home.command("limit", "remove", "l", "-t", "acme").err())
                .contains("invalid_param: tenant 'acme' keeps no limit of that name: ./bactrian limit list");
    }

    @Test
    void sayWhatIsWrong() {
        TestHome.Ran ran = home.command("quota", "set", "b", "-t", "acme", "--unit", "euros", "--limit", "x");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err())
                .contains("invalid_param: budget 'b': unit has to be tokens, money, times or credits")
                .contains("period has to be hour, day");
        assertThat(home.command("quota", "set", "house", "--unit", "times", "--limit", "1", "--period", "day")
                        .err())
                .contains("is declared by bactrian.budgets.house.* in the settings");
        assertThat(home.command("limit", "set", "l", "-t", "nobody", "--requests", "1")
                        .err())
                .contains("tenant_not_found");
        assertThat(home.command("limit", "set", "l").err()).contains("set at least one of requests");
    }

    @Test
    void sayWhatBecomesOfAChangeToWhatAFileDeclares() throws Exception {
        Path file = home.home().config().resolve("workspaces").resolve("acme.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "limits: [{name: l, requests: 5}]\n");

        assertThat(home.done("limit", "set", "l", "-t", "acme", "--requests", "6"))
                .endsWith("; workspaces/acme.yaml declares it and is applied again at the next start");
        assertThat(lines(home.done("limit", "list", "-t", "acme")).get(2))
                .isEqualTo("l 5 PT1M operator workspaces/acme.yaml");
    }

    @Test
    void refuseWhatWouldBeGoneAtOnce() throws Exception {
        TestHome memory = new TestHome(folder.resolve("memory"), "bactrian.store.enabled=false");

        assertThat(memory.command("quota", "set", "b", "--unit", "times", "--limit", "1", "--period", "day")
                        .err())
                .contains("misconfigured: budgets and limits are kept in the database, and there is none");
    }
}
