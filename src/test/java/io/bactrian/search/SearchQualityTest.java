package io.bactrian.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.http.RawHttp;
import io.bactrian.server.BactrianServer;
import io.bactrian.server.TestHome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search over this repository's documentation, with the real model. */
class SearchQualityTest {

    @TempDir
    static Path folder;

    private static BactrianServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new TestHome(folder).server(false).start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private RawHttp.Answer ask(String query) throws Exception {
        return RawHttp.get(server.port(), "/search" + query);
    }

    private JsonArray results(String question, int limit) throws Exception {
        RawHttp.Answer answer = ask("?limit=" + limit + "&q=" + URLEncoder.encode(question, StandardCharsets.UTF_8));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).contains("application/json");
        return new JsonObject(answer.body()).getJsonArray("results");
    }

    @Test
    void answersBestFirstWithScoreAndSource() throws Exception {
        JsonArray results = results("How do I add a tenant?", 4);
        assertThat(results).hasSize(4);
        double before = 1;
        for (int i = 0; i < results.size(); i++) {
            JsonObject result = results.getJsonObject(i);
            assertThat(result.getInteger("rank")).isEqualTo(i + 1);
            assertThat(result.getDouble("score")).isBetween(-1.0, before);
            assertThat(result.getString("source")).endsWith(".md");
            assertThat(result.getString("text")).isNotBlank();
            before = result.getDouble("score");
        }
        assertThat(results.getJsonObject(0).getString("text")).contains("./bactrian tenant add");
    }

    @Test
    void findsWhatIsMeantWithoutSharingAWord() throws Exception {
        // question → a word of the passage it is about, which is not in the question
        Map<String, String> paraphrases = new LinkedHashMap<>();
        paraphrases.put("What if a visitor hangs up halfway before a reply?", "stream");
        paraphrases.put("Which software must be installed beforehand?", "jdk");
        for (Map.Entry<String, String> paraphrase : paraphrases.entrySet()) {
            JsonArray results = results(paraphrase.getKey(), 5);
            assertThat(results.stream()
                            .map(result ->
                                    ((JsonObject) result).getString("text").toLowerCase(Locale.ROOT)))
                    .as(paraphrase.getKey())
                    .anySatisfy(text -> {
                        assertThat(text).contains(paraphrase.getValue());
                        assertThat(sharedContentWords(paraphrase.getKey(), text))
                                .isEmpty();
                    });
        }
    }

    /** Words of at least four letters that both have; shorter ones say nothing. */
    private static Set<String> sharedContentWords(String question, String text) {
        Set<String> shared = words(question);
        shared.retainAll(words(text));
        shared.removeAll(Set.of("what", "which", "must", "before"));
        return shared;
    }

    private static Set<String> words(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^a-z]+"))
                .filter(word -> word.length() > 3)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void givesDifferentQuestionsDifferentAnswers() throws Exception {
        Set<String> firsts = new TreeSet<>();
        List<String> questions = List.of(
                "How do I add a customer of my own?",
                "What does an HTTP 429 error code mean?",
                "Which folder holds which part of the source code?",
                "How do I use it in an existing Camel project?");
        for (String question : questions) {
            firsts.add(results(question, 1).getJsonObject(0).getString("text"));
        }
        assertThat(firsts).hasSize(questions.size());
    }

    @Test
    void saysWhatIsWrongWithAQuestion() throws Exception {
        for (String query : List.of(
                "", "?q=", "?q=%20%20", "?q=a&q=b", "?q=" + "x".repeat(1_001), "?q=a&limit=0", "?q=a&limit=x")) {
            RawHttp.Answer answer = ask(query);
            assertThat(answer.status()).as(query).isEqualTo(400);
            assertThat(answer.body()).as(query).contains("invalid_param").contains("query parameter");
        }
        assertThat(ask("?q=" + "x".repeat(1_000)).status()).isEqualTo(200);
        assertThat(ask("?q=%F0%9F%90%AA+two+humps").status()).isEqualTo(200);
        assertThat(ask("?q=%zz").status()).isEqualTo(400);
    }

    @Test
    void findsItsVectorsMade() {
        List<Passage> passages = Documentation.passages();

        PassageIndex shipped =
                Documentation.index(passages, DocumentationSearch.MODEL).orElseThrow();

        assertThat(shipped.passages()).isEqualTo(passages);
        assertThat(shipped.vectors()).allSatisfy(vector -> assertThat(vector).hasSize(384));
        assertThat(folder.resolve("data/search")).doesNotExist();
    }
}
