package io.bactrian.tool.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.core.json.JsonObject;
import io.bactrian.json.JsonMappers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;

/**
 * The README of this room is true: its tables are what the component's metadata says, its examples run. Run with
 * {@code -Dreadme.rewrite=true} to write the tables anew.
 */
class ReadmeTest extends WorkflowTestBase {

    private static final Path README = Path.of("README.md");

    @Test
    void theOptionTableIsThatOfTheComponent() throws IOException {
        checkTable("options", table("properties", "| Option | Type | Default | What it is |"));
    }

    @Test
    void theHeaderTableIsThatOfTheComponent() throws IOException {
        checkTable("headers", table("headers", "| Header | Type | What it is |"));
    }

    @Test
    void theYamlExampleRuns() throws Exception {
        context.start();
        template.start();
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("readme.yaml", example("yaml")));

        assertThat(template.requestBody("direct:ask", Map.of("order_id", "A7"), String.class))
                .isEqualTo("order A7 has been shipped");
        assertThat(call("order_status", JsonObject.of("order_id", "A8")).text()).isEqualTo("order A8 has been shipped");
    }

    @Test
    void theJavaExampleRuns() throws Exception {
        assertThat(example("java").strip().lines().map(String::strip))
                .as("the example in the README is the route in ReadmeRoute")
                .isEqualTo(route().strip().lines().map(String::strip).toList());
        context.addRoutes(new ReadmeRoute());
        context.start();
        template.start();

        assertThat(template.requestBody("direct:ask", "A7", String.class)).isEqualTo("order A7 has been shipped");
    }

    private static void checkTable(String name, String table) throws IOException {
        String readme = Files.readString(README);
        Pattern marked =
                Pattern.compile("(<!-- " + name + ": start -->\n).*?(<!-- " + name + ": end -->)", Pattern.DOTALL);
        Matcher matcher = marked.matcher(readme);
        assertThat(matcher.find())
                .as("README.md has the markers of the %s table", name)
                .isTrue();
        String current = matcher.replaceFirst("$1" + Matcher.quoteReplacement(table) + "$2");
        if (Boolean.getBoolean("readme.rewrite")) {
            Files.writeString(README, current);
        } else {
            assertThat(readme)
                    .as("README.md is stale: run with -Dreadme.rewrite=true")
                    .isEqualTo(current);
        }
    }

    private static String table(String part, String head) throws IOException {
        StringBuilder table = new StringBuilder(head)
                .append('\n')
                .append(head.replaceAll("[^|]+", "---"))
                .append('\n');
        for (Map.Entry<String, JsonNode> entry : metadata().get(part).properties()) {
            table.append(
                            "headers".equals(part)
                                    ? header(entry.getKey(), entry.getValue())
                                    : option(entry.getKey(), entry.getValue()))
                    .append('\n');
        }
        return table.toString();
    }

    private static String option(String name, JsonNode option) {
        String shown =
                option.path("multiValue").asBoolean() ? option.get("prefix").asText() + "*" : name;
        String kind = option.get("kind").asText().equals("path") ? " (path)" : "";
        String type = option.has("enum")
                ? String.join(", ", JsonMappers.shared().convertValue(option.get("enum"), String[].class))
                : option.get("type").asText();
        String byDefault = option.path("defaultValue").asText("");
        return "| `" + shown + "`" + kind + " | " + type + " | " + byDefault + " | "
                + option.get("description").asText().replace("|", "\\|") + " |";
    }

    private static String header(String name, JsonNode header) {
        return "| `" + name + "` | " + header.get("javaType").asText().replaceAll("^.*\\.", "") + " | "
                + header.get("description").asText() + " |";
    }

    private static JsonNode metadata() throws IOException {
        try (var json =
                ReadmeTest.class.getResourceAsStream("/META-INF/io/bactrian/tool/workflow/tool-workflow.json")) {
            return JsonMappers.shared().readTree(new String(json.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static String example(String language) throws IOException {
        Matcher matcher =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
        assertThat(matcher.find())
                .as("README.md has an example in %s", language)
                .isTrue();
        return matcher.group(1);
    }

    private static String route() throws IOException {
        String source = Files.readString(Path.of("src/test/java/io/bactrian/tool/workflow/ReadmeRoute.java"));
        String configure = source.substring(source.indexOf("configure() {") + "configure() {".length());
        return configure.substring(0, configure.lastIndexOf('}', configure.lastIndexOf('}') - 1));
    }
}
