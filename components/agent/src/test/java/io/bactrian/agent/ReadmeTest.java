package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.ToolProviderFactory;
import io.bactrian.json.JsonMappers;
import io.bactrian.support.BactrianEngine;
import io.bactrian.testkit.ScriptedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The README of this room is true: its tables are what the component's metadata says, its examples and the Kamelet run, with the
 * engine that a project adds. Run with {@code -Dreadme.rewrite=true} to write the tables anew.
 */
class ReadmeTest {

    private static final Path README = Path.of("README.md");

    private final ScriptedModel model = ScriptedModel.insteadOf("openai");
    private final TestTools tools = new TestTools();
    private DefaultCamelContext context;
    private ProducerTemplate template;

    @BeforeEach
    void startContext() {
        tools.text("shop", "order_status", (order, runtime) -> "Order " + order + " is on its way.");
        tools.text("shop", "refund", (order, runtime) -> "Order " + order + " is paid back.");
        context = new DefaultCamelContext();
        context.getShutdownStrategy().setTimeout(5);
        context.getRegistry().bind("model", model);
        ToolProviderFactory factory = environment -> List.of(tools);
        context.getRegistry().bind("tools", ToolProviderFactory.class, factory);
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stopContext() throws IOException {
        context.close();
    }

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
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("readme.yaml", example("yaml")));
        model.call("order_status", "{\"what\":\"42\"}").reply("It is on its way.");

        assertThat(template.requestBody("direct:helpdesk", "Where is order 42?", String.class))
                .isEqualTo("It is on its way.");
        assertThat(model.lastAsked().text()).contains("Order 42 is on its way.");
    }

    @Test
    void theJavaExampleRuns() throws Exception {
        assertThat(example("java").strip().lines().map(String::strip))
                .as("the example in the README is the route in ReadmeRoute")
                .isEqualTo(route().strip().lines().map(String::strip).toList());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:tell-a-person").setHeader("told", simple("${header.CamelAgentApprovals}"));
            }
        });
        context.addRoutes(new ReadmeRoute());
        model.call("refund", "{\"what\":\"42\"}").reply("It is paid back.");

        String waiting = template.requestBody("direct:helpdesk", "Refund order 42.", String.class);
        assertThat(waiting)
                .startsWith("A person has to approve before this goes on:")
                .contains("tool-builtin:shop/refund");
        assertThat(tools.callsOf("refund")).isEmpty();
        String id = waiting.substring(waiting.lastIndexOf(' ') + 1);
        BactrianEngine engine = BactrianEngine.of(context);
        engine.approvals()
                .decide(
                        TenantId.DEFAULT,
                        id,
                        Approval.Status.APPROVED,
                        "boss",
                        engine.clock().instant());

        assertThat(template.requestBody("direct:helpdesk", Map.of("approval", id), String.class))
                .isEqualTo("It is paid back.");
        assertThat(tools.callsOf("refund")).hasSize(1);
        assertThat(template.requestBody("direct:helpdesk", "And order 43?", String.class))
                .as("the script has no more answers")
                .isEqualTo("Please try again later.");
    }

    @Test
    void theKameletRuns() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask")
                        .setHeader(AgentConstants.STATUS, constant("of an earlier run"))
                        .to(
                                "kamelet:agent-action?agent=helpdesk&model=openai/gpt-4o-mini&tools=shop/*&ask=refund"
                                        + "&systemMessage=RAW(Be brief & kind.)&maxIterations=3&tokenBudget=5000&runTimeout=30s");
            }
        });
        model.call("order_status", "{\"what\":\"42\"}")
                .reply("It is on its way.")
                .call("refund", "{}");

        AgentResult result = template.requestBody("direct:ask", "Where is order 42?", AgentResult.class);
        assertThat(result.text()).isEqualTo("It is on its way.");
        assertThat(((LlmRequest) model.asked().get(0).request())
                        .messages()
                        .get(0)
                        .text())
                .isEqualTo("Be brief & kind.");
        AgentResult waiting = template.requestBody("direct:ask", "Refund it.", AgentResult.class);
        assertThat(waiting.status()).isEqualTo(AgentResult.Status.PENDING);
    }

    @Test
    void theKameletNeedsNothingButAQuestion() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to("kamelet:agent-action?model=openai/gpt-4o-mini");
            }
        });
        model.reply("Good day.");

        assertThat(template.requestBody("direct:ask", "hello", String.class)).isEqualTo("Good day.");
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
        try (var json = ReadmeTest.class.getResourceAsStream("/META-INF/io/bactrian/agent/agent.json")) {
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
        String source = Files.readString(Path.of("src/test/java/io/bactrian/agent/ReadmeRoute.java"));
        String configure = source.substring(source.indexOf("configure() {") + "configure() {".length());
        return configure.substring(0, configure.lastIndexOf('}', configure.lastIndexOf('}') - 1));
    }
}
