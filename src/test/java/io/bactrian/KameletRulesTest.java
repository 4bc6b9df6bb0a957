package io.bactrian;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The Kamelets keep the rules of the Kamelet catalogue, and each rule is shown to notice when it is broken. */
class KameletRulesTest {

    private static final String CHAT = "model-chat-action.kamelet.yaml";

    private Map<String, JsonNode> kamelets = Map.of();

    @BeforeEach
    void read() throws IOException {
        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        Map<String, JsonNode> read = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder())) {
            for (Path file : files.toList()) {
                read.put(file.getFileName().toString(), yaml.readTree(file.toFile()));
            }
        }
        kamelets = read;
    }

    @Test
    void keepEveryRuleOfTheCatalogue() {
        assertThat(kamelets).containsKeys(CHAT, "model-embedding-action.kamelet.yaml");
        assertThat(kamelets.keySet()).allMatch(file -> file.endsWith(".kamelet.yaml"));
        assertThat(KameletRules.problems(kamelets)).isEmpty();
    }

    @Test
    void namesNoModelByDefault() {
        kamelets.forEach((file, kamelet) -> {
            assertThat(kamelet.at("/spec/definition/properties/model/default").asText())
                    .as(file)
                    .isEmpty();
            assertThat(kamelet.at("/spec/template").toString()).as(file).doesNotContain("gpt-", "minilm");
        });
    }

    @Test
    void dependOnWhatTheyNeed() {
        kamelets.forEach((file, kamelet) -> assertThat(kamelet.at("/spec/dependencies"))
                .as(file)
                .extracting(JsonNode::asText)
                .anyMatch(dependency -> dependency.equals("camel:kamelet"))
                .anyMatch(dependency -> dependency.startsWith("mvn:io.bactrian:bactrian-engine:"))
                .anyMatch(dependency -> dependency.startsWith("mvn:io.bactrian:bactrian-" + scheme(kamelet) + ":")));
    }

    /** The scheme that a Kamelet is from, or calls: what it needs is the room of that name. */
    private static String scheme(JsonNode kamelet) {
        String from = kamelet.at("/spec/template/from/uri").asText();
        String uri = from.startsWith("kamelet:")
                ? kamelet.at("/spec/template/from/steps/1/to/uri").asText()
                : from;
        return uri.split(":", 2)[0];
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("breaches")
    void noticesABrokenRule(String rule, Consumer<ObjectNode> breach) {
        ObjectNode chat = kamelets.get(CHAT).deepCopy();
        breach.accept(chat);

        assertThat(KameletRules.problems(CHAT, chat)).anyMatch(problem -> problem.contains(rule));
    }

    @Test
    void noticesAFileOfAnotherName() {
        assertThat(KameletRules.problems("chat-action.kamelet.yaml", kamelets.get(CHAT)))
                .anyMatch(problem -> problem.contains("called like the Kamelet"));
    }

    @Test
    void noticesTwoKameletsOfOneTitleDescriptionOrOfTwoVersions() {
        ObjectNode twin = kamelets.get(CHAT).deepCopy();
        object(twin, "/metadata/annotations").put("camel.apache.org/catalog.version", "9");

        List<String> problems = KameletRules.problems(Map.of(CHAT, kamelets.get(CHAT), "twin.kamelet.yaml", twin));

        assertThat(problems)
                .anyMatch(problem -> problem.contains("same /spec/definition/title"))
                .anyMatch(problem -> problem.contains("same /spec/definition/description"))
                .anyMatch(problem -> problem.contains("more than one catalog version"));
    }

    static Stream<Arguments> breaches() {
        String annotations = "/metadata/annotations";
        String definition = "/spec/definition";
        String model = definition + "/properties/model";
        return Stream.of(
                breach("the label kamelet.type", k -> object(k, "/metadata/labels")
                        .removeAll()),
                breach("name ends in its type", k -> object(k, "/metadata/labels")
                        .put("camel.apache.org/kamelet.type", "sink")),
                breach("annotation kamelet.group", k -> object(k, annotations)
                        .remove("camel.apache.org/kamelet.group")),
                breach("the provider is", k -> object(k, annotations).put("camel.apache.org/provider", "Acme")),
                breach("the icon is SVG", k -> object(k, annotations).put("camel.apache.org/kamelet.icon", "icon.png")),
                breach("the title ends in its type", k -> object(k, definition).put("title", "Model Chat")),
                breach("the title's words", k -> object(k, definition).put("title", "Model chat Action")),
                breach("there is a description", k -> object(k, definition).remove("description")),
                breach("there is a definition", k -> object(k, "/spec").remove("definition")),
                breach("there is a template", k -> object(k, "/spec").remove("template")),
                breach(
                        "required nothing is declared",
                        k -> object(k, definition).putArray("required").add("nothing")),
                breach("required model is listed once", k -> object(k, definition)
                        .putArray("required")
                        .add("model")
                        .add("model")),
                breach("property model has a type", k -> object(k, model).remove("type")),
                breach("property model's title are", k -> object(k, model).put("title", "model name")),
                breach("article", k -> object(k, model).put("title", "The Model")),
                breach("property model has a description", k -> object(k, model).remove("description")),
                breach("is a password", k -> object(k, model).put("format", "password")),
                breach("bears no descriptor", k -> object(k, model)
                        .putArray("x-descriptors")
                        .add("urn:alm:descriptor:com.tectonic.ui:password")),
                breach("kamelet endpoint takes itself", k -> object(k, definition + "/properties")
                        .putObject("timeout")),
                breach("parameter model is used and declared", k -> object(k, definition + "/properties")
                        .remove("model")),
                breach("parameter spare is declared and used", k -> object(k, definition + "/properties")
                        .putObject("spare")),
                breach("text property model has a default", k -> object(k, model)
                        .remove("default")),
                breach("text property model is used in RAW", k -> object(k, "/spec/template/from/steps/1/to/parameters")
                        .put("modelName", "{{model}}")),
                breach("there are dependencies", k -> object(k, "/spec").putArray("dependencies")),
                breach("dependency bactrian-model", k -> ((ArrayNode) k.at("/spec/dependencies"))
                        .add("bactrian-model")),
                breach("from kamelet:source", k -> object(k, "/spec/template/from")
                        .put("uri", "direct:in")),
                breach("the first step removes", k -> ((ArrayNode) k.at("/spec/template/from/steps")).remove(0)),
                breach("no step takes its address", k -> ((ArrayNode) k.at("/spec/template/from/steps"))
                        .addObject()
                        .put("toD", "${header.to}")));
    }

    private static Arguments breach(String rule, Consumer<ObjectNode> change) {
        return Arguments.of(rule, change);
    }

    private static ObjectNode object(JsonNode kamelet, String pointer) {
        return (ObjectNode) kamelet.at(pointer);
    }

    /** Beside the module. Surefire says where that is; run from elsewhere, the working directory is the module or above. */
    private static Path folder() {
        Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        Path beside = module.resolveSibling("kamelets");
        return Files.isDirectory(beside) ? beside : module.resolve("kamelets");
    }
}
