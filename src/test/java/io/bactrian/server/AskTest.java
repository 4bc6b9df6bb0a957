package io.bactrian.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.http.RawHttp;
import io.bactrian.json.JsonMappers;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.RecordedRequest;
import io.bactrian.testkit.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.spi.InflightRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /ask} of the whole server, with a language model and without. */
class AskTest {

    private static final String JSON = "Content-Type: application/json";
    private static final String TEXT = "Content-Type: text/plain";

    private final FaultServer provider = FaultServer.start();
    private BactrianServer server;

    @AfterEach
    void stop() throws Exception {
        server.close();
        provider.close();
    }

    private void start(TestHome home) throws Exception {
        server = home.server(false);
        server.start();
    }

    private RawHttp.Answer ask(String path, String body, String... headers) throws Exception {
        return RawHttp.post(server.port(), path, body, headers);
    }

    private static JsonNode json(RawHttp.Answer answer) throws Exception {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return JsonMappers.strict().readTree(answer.body());
    }

    private TestHome homeWithAModel(Path folder) throws IOException {
        return new TestHome(
                folder,
                "bactrian.egress.allow=127.0.0.1:" + provider.port(),
                "bactrian.credentials.main.provider=openai-compatible",
                "bactrian.credentials.main.base_url=" + provider.url("/v1"),
                "bactrian.default-model.llm=openai-compatible/llama3.2");
    }

    @Test
    void answersWithTheNearestToolAndSaysSoWithoutAModel(@TempDir Path folder) throws Exception {
        start(new TestHome(folder));

        JsonNode sum = json(ask("/ask", "{\"question\":\"What is 17 * 23?\"}", JSON));
        assertThat(sum.path("status").asText()).isEqualTo("answered");
        assertThat(sum.path("answer").asText())
                .startsWith("391")
                .contains("No language model is set up")
                .contains("tool-builtin:calculator/evaluate");
        JsonNode call = sum.path("steps").get(0).path("calls").get(0);
        assertThat(call.path("outcome").asText()).isEqualTo("success");
        assertThat(call.path("arguments").asText()).isEqualTo("{\"expression\":\"17 * 23\"}");

        JsonNode documentation = json(ask("/ask", "How do I add a tenant?", TEXT));
        assertThat(documentation.path("answer").asText())
                .contains("./bactrian tenant add")
                .contains("tool-workflow:search_docs");

        RawHttp.Answer unanswered = ask("/ask", "Who painted the Mona Lisa?", TEXT);
        assertThat(unanswered.status()).isEqualTo(404);
        assertThat(unanswered.body()).contains("tool_not_found").contains("bactrian.default-model.llm");
    }

    @Test
    void searchesWhereNoToolIsNear(@TempDir Path folder) throws Exception {
        start(new TestHome(folder));

        for (String question : new String[] {
            "Can several nodes share one database?",
            "Does it work with Ollama?",
            "How do I limit spending?",
            "What is a Kamelet?"
        }) {
            JsonNode found = json(ask("/ask", question, TEXT));
            assertThat(found.path("answer").asText())
                    .as(question)
                    .contains("No tool is near the question", "tool-workflow:search_docs");
        }
        for (String question : new String[] {"hello", "Tell me a joke", "How tall is Mount Everest?"}) {
            assertThat(ask("/ask", question, TEXT).status()).as(question).isEqualTo(404);
        }
    }

    @Test
    void tellsAnAnswerOfNoModelAsAStreamToo(@TempDir Path folder) throws Exception {
        start(new TestHome(folder));

        RawHttp.Answer answer = ask("/ask?stream=true", "What is 17 * 23?", TEXT);

        assertThat(answer.header("Content-Type").orElse("")).startsWith("text/event-stream");
        assertThat(answer.body())
                .contains("event: tool_start\n", "event: tool_end\n", "event: text\ndata: {\"text\":\"391")
                .contains("event: end\ndata: {\"status\":\"answered\"");
    }

    @Test
    void refusesWhatIsNoQuestion(@TempDir Path folder) throws Exception {
        start(new TestHome(folder));
        for (String body : new String[] {
            "",
            "{broken",
            "[]",
            "{\"question\":1}",
            "{\"question\":\"a\",\"tools\":[]}",
            "{\"question\":\"a\",\"conversation\":\"\"}"
        }) {
            RawHttp.Answer refused = ask("/ask", body, JSON);
            assertThat(refused.status()).as(body).isBetween(400, 404);
        }
        assertThat(ask("/ask?stream=perhaps", "What is 1+1?", TEXT).body()).contains("true or false");
        assertThat(ask("/ask", "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", JSON)
                        .body())
                .contains("default_model_not_set");
    }

    @Test
    void hasTheLanguageModelChooseAndTellsItAsItHappens(@TempDir Path folder) throws Exception {
        start(new TestHome(
                folder,
                "bactrian.egress.allow=127.0.0.1:" + provider.port(),
                "bactrian.credentials.main.provider=openai-compatible",
                "bactrian.credentials.main.base_url=" + provider.url("/v1"),
                "bactrian.default-model.llm=openai-compatible/llama3.2"));
        provider.handle(request -> request.bodyText().contains("\"role\":\"tool\"")
                ? Reply.sse(
                        "{\"id\":\"c2\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"It is 391.\"}}]}",
                        "{\"id\":\"c2\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
                        "[DONE]")
                : Reply.sse(
                        "{\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\","
                                + "\"type\":\"function\",\"function\":{\"name\":\"evaluate\",\"arguments\":\"{\\\"expression\\\":\\\"17*23\\\"}\"}}]}}]}",
                        "{\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}",
                        "[DONE]"));

        RawHttp.Answer answer = ask("/ask?stream=true", "{\"question\":\"What is 17 * 23?\"}", JSON);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .contains("event: tool_start\ndata: {\"id\":\"call_1\",\"tool\":\"evaluate\"")
                .contains("event: tool_end\n")
                .contains("event: text\ndata: {\"text\":\"It is 391.\"}")
                .contains("event: end\ndata: {\"status\":\"answered\",\"answer\":\"It is 391.\"")
                .doesNotContain("event: error");
        RecordedRequest first = provider.takeRequest(Duration.ofSeconds(10));
        assertThat(first.bodyText())
                .contains("\"name\":\"evaluate\"")
                .contains("\"name\":\"search_docs\"")
                .contains("What is 17 * 23?");
        assertThat(provider.takeRequest(Duration.ofSeconds(10)).bodyText())
                .contains("\"tool_call_id\":\"call_1\"")
                .contains("391");
    }

    @Test
    void givesALinkToAFileThatAToolMade(@TempDir Path folder) throws Exception {
        TestHome home = homeWithAModel(folder);
        Files.writeString(home.home().root().resolve("routes").resolve("chart.yaml"), """
                - route:
                    from:
                      uri: tool-workflow:chart
                      parameters:
                        description: Draws a chart
                      steps:
                        - setHeader: {name: CamelFileName, constant: chart.csv}
                        - setHeader: {name: Content-Type, constant: text/csv}
                        - setBody: {constant: "a,b"}
                        - convertBodyTo: {type: "byte[]"}
                """);
        start(home);
        provider.handle(request -> request.bodyText().contains("\"role\":\"tool\"")
                ? Reply.json(
                        200,
                        "{\"id\":\"c2\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Drawn.\"},"
                                + "\"finish_reason\":\"stop\"}]}")
                : Reply.json(
                        200,
                        "{\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,"
                                + "\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"chart\",\"arguments\":\"{}\"}}]},"
                                + "\"finish_reason\":\"tool_calls\"}]}"));

        JsonNode file = json(ask("/ask", "Draw a chart", TEXT)).at("/steps/0/calls/0/files/0");

        assertThat(file.path("name").asText()).isEqualTo("chart.csv");
        RawHttp.Answer shown = RawHttp.get(server.port(), file.path("url").asText());
        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.body()).isEqualTo("a,b");
    }

    @Test
    void takesConversationAndStreamFromTheChatShapeToo(@TempDir Path folder) throws Exception {
        start(new TestHome(
                folder,
                "bactrian.egress.allow=127.0.0.1:" + provider.port(),
                "bactrian.credentials.main.provider=openai-compatible",
                "bactrian.credentials.main.base_url=" + provider.url("/v1"),
                "bactrian.default-model.llm=openai-compatible/llama3.2"));
        provider.handle(request -> Reply.sse(
                "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Noted.\"},\"finish_reason\":\"stop\"}]}",
                "[DONE]"));

        for (String said : new String[] {"I am Ann", "Who am I?"}) {
            RawHttp.Answer answer = ask(
                    "/ask",
                    "{\"messages\":[{\"role\":\"user\",\"content\":\"" + said
                            + "\"}],\"stream\":true,\"conversation\":\"7\"}",
                    JSON);
            assertThat(answer.body()).contains("event: end\n");
        }

        provider.takeRequest(Duration.ofSeconds(10));
        assertThat(provider.takeRequest(Duration.ofSeconds(10)).bodyText()).contains("I am Ann", "Who am I?");
        assertThat(ask("/ask", "{\"messages\":[],\"stream\":\"yes\"}", JSON).status())
                .isEqualTo(400);
        assertThat(ask("/ask", "{\"messages\":[],\"conversation\":7}", JSON).body())
                .contains("conversation is a text");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void takesAnAgentForATool(boolean streams, @TempDir Path folder) throws Exception {
        TestHome home = homeWithAModel(folder);
        Files.writeString(home.home().root().resolve("routes").resolve("clerk.yaml"), """
                - route:
                    from:
                      uri: tool-workflow:clerk
                      parameters:
                        description: Asks the clerk
                        parameter.question: string,required
                      steps:
                        - setBody: {variable: question}
                        - to: {uri: "agent:clerk", parameters: {tools: evaluate, stream: %s}}
                """.replace(
                        "%s", Boolean.toString(streams)));
        start(home);
        provider.handle(request -> {
            String asked = request.bodyText();
            boolean clerk = !asked.contains("\"name\":\"clerk\"");
            boolean told = asked.contains("\"role\":\"tool\"");
            String call = clerk
                    ? call("evaluate", "{\\\"expression\\\":\\\"6*7\\\"}")
                    : call("clerk", "{\\\"question\\\":\\\"six times seven?\\\"}");
            return answer(told ? "\"content\":\"" + (clerk ? "It is 42." : "Done.") + "\"" : call, asked);
        });

        JsonNode result = json(ask("/ask", "Ask the clerk", TEXT));

        assertThat(result.path("answer").asText()).isEqualTo("Done.");
        JsonNode call = result.at("/steps/0/calls/0");
        assertThat(call.path("outcome").asText()).as(call.toString()).isEqualTo("success");
        assertThat(call.path("observation").asText()).contains("It is 42.");
    }

    @Test
    void stopsWhenTheClientLeaves(@TempDir Path folder) throws Exception {
        TestHome home = homeWithAModel(folder);
        Files.writeString(home.home().root().resolve("routes").resolve("slow.yaml"), """
                - route:
                    from:
                      uri: tool-workflow:slow
                      parameters:
                        description: Takes very long
                      steps:
                        - delay: {constant: 600000}
                """);
        start(home);
        provider.handle(request -> answer(call("slow", "{}"), request.bodyText()));
        InflightRepository inflight = server.camelContext().getInflightRepository();

        try (RawHttp client = new RawHttp(server.port())) {
            client.write(RawHttp.head(server.port(), "POST", "/ask", "wait", TEXT) + "wait");
            // the route that asks, and the tool
            await().until(() -> inflight.size() == 2 && inflight.size("ask") == 1);
        }

        // the tool's own exchange is at a step that no interrupt ends, and goes no further
        await().until(() -> inflight.size("ask") == 0);
    }

    private static String call(String tool, String arguments) {
        return "\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"" + tool
                + "\",\"arguments\":\"" + arguments + "\"}}]";
    }

    /** An answer in the form that was asked for. */
    private static Reply answer(String said, String asked) {
        String reason = said.contains("tool_calls") ? "tool_calls" : "stop";
        return asked.contains("\"stream\":true")
                ? Reply.sse(
                        "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{" + said
                                + "},\"finish_reason\":\"" + reason + "\"}]}",
                        "[DONE]")
                : Reply.json(
                        200,
                        "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                                + said + "},\"finish_reason\":\"" + reason + "\"}]}");
    }
}
