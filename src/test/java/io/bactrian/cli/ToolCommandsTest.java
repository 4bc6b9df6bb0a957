package io.bactrian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.server.TestHome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tool}, as the operator types it. */
class ToolCommandsTest {

    @TempDir
    Path folder;

    private TestHome home;

    @BeforeEach
    void install() throws Exception {
        home = new TestHome(folder);
    }

    @Test
    void listsToolsWithWhatTheyTake() {
        assertThat(home.done("tool", "list")).contains("tool-builtin:calculator/", "expression", "description");

        JsonArray all = new JsonArray(home.done("tool", "list", "--json"));
        assertThat(all.size()).isGreaterThan(5);
        JsonArray calculators = new JsonArray(home.done("tool", "list", "--provider", "calculator", "--json"));
        assertThat(calculators.size()).isLessThan(all.size());
        JsonObject first = calculators.getJsonObject(0);
        assertThat(first.getString("provider")).isEqualTo("calculator");
        assertThat(first.getString("type")).isEqualTo("builtin");
        assertThat(first.getJsonObject("labels").getString("en_US")).isEqualTo(first.getString("label"));
        assertThat(first.getJsonArray("tags")).isNotNull();
        assertThat(first.getJsonObject("schema").getString("type")).isEqualTo("object");
        assertThat(first.getJsonObject("schema").getJsonObject("properties").fieldNames())
                .contains("expression");
        assertThat(home.done("tool", "list", "--provider", "none")).doesNotContain("tool-builtin");
    }

    private String calculator() {
        return new JsonArray(home.done("tool", "list", "--provider", "calculator", "--json"))
                .getJsonObject(0)
                .getString("name");
    }

    @Test
    void showsAllOfATool() {
        String name = calculator();

        assertThat(home.done("tool", "show", name))
                .contains("tool-builtin:calculator/" + name, "expression", "string", "model", "auto");
        assertThat(new JsonObject(home.done("tool", "show", "calculator/" + name, "--json")).getString("tool"))
                .isEqualTo("tool-builtin:calculator/" + name);
        TestHome.Ran none = home.command("tool", "show", "nonsense");
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.err()).startsWith("tool_not_found: ").contains("./bactrian tool list");
    }

    @Test
    void saysThatToolsOfRoutesAreKnownToTheServerAlone() {
        String where = "tools that are routes (tool-workflow:) or beans are known to the server that runs them";

        assertThat(home.command("tool", "list").err()).contains(where);
        assertThat(home.command("tool", "list", "--json").err()).isEmpty();
        assertThat(home.command("tool", "show", "search_docs").err()).contains(where);
        assertThat(home.command("tool", "call", "search_docs").err()).contains(where);
        assertThat(home.command("tool", "call", calculator()).err()).doesNotContain(where);
    }

    @Test
    void callsAToolAsARouteWould() {
        String name = calculator();

        assertThat(home.done("tool", "call", name, "--arguments", "{\"expression\":\"6*7\"}"))
                .contains("42");
        JsonObject result = new JsonObject(
                home.done(List.of("{\"expression\":", "\"1/4\"}"), "tool", "call", name, "--arguments", "-", "--json"));
        assertThat(result.getString("text")).contains("0.25");
        assertThat(result.getLong("ms")).isNotNegative();
    }

    @Test
    void saysWhatIsWrongWithACall() {
        String name = calculator();

        for (String[] command : new String[][] {
            {"tool_parameters_invalid", "tool", "call", name},
            {"tool_parameters_invalid", "tool", "call", name, "--arguments", "[1]"},
            {"invalid_param", "tool", "call", name, "--arguments", "{broken"},
            {"tool_not_found", "tool", "call", "nonsense"},
            {"tenant_not_found", "tool", "call", name, "--tenant", "nobody"},
        }) {
            TestHome.Ran ran = home.command(java.util.Arrays.copyOfRange(command, 1, command.length));
            assertThat(ran.code()).as(ran.err()).isEqualTo(1);
            assertThat(ran.err()).startsWith(command[0] + ": ");
            assertThat(ran.out()).isEmpty();
        }
        assertThat(home.command("tool", "call").code()).isEqualTo(2);
        assertThat(home.command("tool").code()).isEqualTo(2);
    }
}
