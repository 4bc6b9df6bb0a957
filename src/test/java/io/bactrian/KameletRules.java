package io.bactrian;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules that the Kamelet catalogue's own validator holds its Kamelets to, and some of ours. */
final class KameletRules {

    static final String PROVIDER = "Bactrian";

    private static final String FILE_SUFFIX = ".kamelet.yaml";
    private static final String ANNOTATION = "camel.apache.org/";
    private static final List<String> ANNOTATIONS = List.of(
            "kamelet.support.level",
            "catalog.version",
            "kamelet.icon",
            "provider",
            "kamelet.group",
            "kamelet.namespace");
    private static final Set<String> KINDS = Set.of("source", "sink", "action");
    private static final Set<String> TYPES = Set.of("string", "integer", "number", "boolean");
    private static final String CREDENTIALS_GROUP = "urn:camel:group:credentials";
    private static final String OUTDATED_DESCRIPTOR = "urn:alm:descriptor:com.tectonic.ui:";
    private static final Pattern TITLE = Pattern.compile("[A-Z0-9][\\w./-]*( [A-Z0-9][\\w./-]*)*");
    private static final Pattern ARTICLE = Pattern.compile("(The|A|An) .*");
    private static final Pattern DEPENDENCY =
            Pattern.compile("camel:[a-z0-9-]+|mvn:[\\w.-]+:[\\w.-]+:[\\w.-]+|github:apache/.+");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([\\w.-]+)(?::[^}]*)?}}");

    /** Options of a kamelet: endpoint: a property of such a name never reaches the template. */
    private static final Set<String> TAKEN = Set.of(
            "block",
            "bridgeErrorHandler",
            "exceptionHandler",
            "exchangePattern",
            "failIfNoConsumers",
            "lazyStartProducer",
            "location",
            "noErrorHandler",
            "routeId",
            "templateId",
            "timeout");

    private final String file;
    private final JsonNode kamelet;
    private final List<String> problems = new ArrayList<>();

    private KameletRules(String file, JsonNode kamelet) {
        this.file = file;
        this.kamelet = kamelet;
    }

    /** What is wrong with all of these Kamelets, which are given by file name; empty if nothing is. */
    static List<String> problems(Map<String, JsonNode> kamelets) {
        List<String> problems = new ArrayList<>();
        kamelets.forEach((file, kamelet) -> problems.addAll(problems(file, kamelet)));
        unique(kamelets, "/spec/definition/title", problems);
        unique(kamelets, "/spec/definition/description", problems);
        Set<String> versions = new TreeSet<>();
        kamelets.values()
                .forEach(kamelet -> versions.add(kamelet.at("/metadata/annotations")
                        .path(ANNOTATION + "catalog.version")
                        .asText()));
        if (versions.size() != 1) {
            problems.add("there is more than one catalog version: " + versions);
        }
        return problems;
    }

    /** What is wrong with one Kamelet by itself. */
    static List<String> problems(String file, JsonNode kamelet) {
        KameletRules rules = new KameletRules(file, kamelet);
        rules.checkHead();
        rules.checkDefinition();
        rules.checkParameters();
        rules.checkDependencies();
        rules.checkTemplate();
        return rules.problems;
    }

    private static void unique(Map<String, JsonNode> kamelets, String pointer, List<String> problems) {
        Map<String, String> seen = new LinkedHashMap<>();
        kamelets.forEach((file, kamelet) -> {
            String other = seen.putIfAbsent(kamelet.at(pointer).asText(), file);
            if (other != null) {
                problems.add(file + ": has the same " + pointer + " as " + other);
            }
        });
    }

    private void checkHead() {
        require("Kamelet".equals(kamelet.path("kind").asText()), "kind is Kamelet");
        require("camel.apache.org/v1".equals(kamelet.path("apiVersion").asText()), "apiVersion is camel.apache.org/v1");
        String name = kamelet.at("/metadata/name").asText();
        require(file.equals(name + FILE_SUFFIX), "the file is called like the Kamelet");
        String kind =
                kamelet.at("/metadata/labels").path(ANNOTATION + "kamelet.type").asText();
        require(KINDS.contains(kind), "the label kamelet.type is one of " + KINDS);
        require(name.endsWith("-" + kind), "the name ends in its type");
        JsonNode annotations = kamelet.at("/metadata/annotations");
        for (String annotation : ANNOTATIONS) {
            require(
                    !annotations.path(ANNOTATION + annotation).asText().isBlank(),
                    "annotation " + annotation + " is there");
        }
        require(annotations.path(ANNOTATION + "provider").asText().equals(PROVIDER), "the provider is " + PROVIDER);
        require(
                annotations.path(ANNOTATION + "kamelet.icon").asText().startsWith("data:image/svg+xml;base64,"),
                "the icon is SVG in base64");
        String title = definition().path("title").asText();
        require(
                !kind.isEmpty() && title.endsWith(" " + Character.toUpperCase(kind.charAt(0)) + kind.substring(1)),
                "the title ends in its type");
    }

    private void checkDefinition() {
        require(definition().isObject(), "there is a definition");
        require(TITLE.matcher(definition().path("title").asText()).matches(), "the title's words are capitalized");
        require(!definition().path("description").asText().isBlank(), "there is a description");
        require("object".equals(definition().path("type").asText()), "the definition's type is object");
        Set<String> required = new HashSet<>();
        for (JsonNode name : definition().path("required")) {
            require(required.add(name.asText()), "required " + name.asText() + " is listed once");
            require(properties().has(name.asText()), "required " + name.asText() + " is declared");
        }
        properties().properties().forEach(entry -> checkProperty(entry.getKey(), entry.getValue()));
    }

    private void checkProperty(String name, JsonNode property) {
        String title = property.path("title").asText();
        require(TYPES.contains(property.path("type").asText()), "property " + name + " has a type");
        require(TITLE.matcher(title).matches(), "the words of property " + name + "'s title are capitalized");
        require(!ARTICLE.matcher(title).matches(), "property " + name + "'s title does not begin with an article");
        require(!property.path("description").asText().isBlank(), "property " + name + " has a description");
        require(!TAKEN.contains(name), "property " + name + " is not an option that the kamelet endpoint takes itself");
        Set<String> descriptors = new HashSet<>();
        property.path("x-descriptors").forEach(descriptor -> descriptors.add(descriptor.asText()));
        require(
                !"password".equals(property.path("format").asText()) || descriptors.contains(CREDENTIALS_GROUP),
                "property " + name + " is a password and bears " + CREDENTIALS_GROUP);
        require(
                descriptors.stream().noneMatch(descriptor -> descriptor.startsWith(OUTDATED_DESCRIPTOR)),
                "property " + name + " bears no descriptor of " + OUTDATED_DESCRIPTOR);
    }

    private void checkParameters() {
        Set<String> used = new TreeSet<>();
        Matcher matcher = PLACEHOLDER.matcher(template().toString());
        while (matcher.find()) {
            used.add(matcher.group(1));
        }
        Set<String> declared = new TreeSet<>();
        properties().fieldNames().forEachRemaining(declared::add);
        for (String name : used) {
            require(declared.contains(name), "parameter " + name + " is used and declared");
        }
        for (String name : declared) {
            require(used.contains(name), "parameter " + name + " is declared and used");
        }
        properties().properties().forEach(entry -> checkText(entry.getKey(), entry.getValue()));
    }

    /** Text from outside keeps to its place in the URI, and no environment variable of its name stands in for it. */
    private void checkText(String name, JsonNode property) {
        boolean free = "string".equals(property.path("type").asText()) && !property.has("enum");
        if (!free || definition().path("required").toString().contains('"' + name + '"')) {
            return;
        }
        require(property.has("default"), "text property " + name + " has a default");
        require(
                !property.path("default").asText().isEmpty()
                        || template().toString().contains("RAW({{" + name + "}})"),
                "text property " + name + " is used in RAW(...)");
    }

    private void checkDependencies() {
        require(!kamelet.at("/spec/dependencies").isEmpty(), "there are dependencies");
        for (JsonNode dependency : kamelet.at("/spec/dependencies")) {
            require(
                    DEPENDENCY.matcher(dependency.asText()).matches(),
                    "dependency " + dependency.asText() + " is camel:, mvn:group:artifact:version or github:apache/");
        }
    }

    private void checkTemplate() {
        require(template().isObject(), "there is a template");
        String kind =
                kamelet.at("/metadata/labels").path(ANNOTATION + "kamelet.type").asText();
        String from = template().at("/from/uri").asText();
        if (kind.equals("source")) {
            require(template().toString().contains("\"kamelet:sink\""), "a source routes to kamelet:sink");
            return;
        }
        require(from.equals("kamelet:source"), "a sink or action is from kamelet:source");
        JsonNode steps = template().at("/from/steps");
        require(
                steps.path(0).at("/removeHeaders/pattern").asText().startsWith("Camel"),
                "the first step removes the headers that could say what is called");
        require(
                !template()
                        .toString()
                        .matches(".*\"(toD|recipientList|routingSlip|dynamicRouter|enrich|pollEnrich)\".*"),
                "no step takes its address from a message");
    }

    private JsonNode definition() {
        return kamelet.at("/spec/definition");
    }

    private JsonNode properties() {
        return definition().path("properties");
    }

    private JsonNode template() {
        return kamelet.at("/spec/template");
    }

    private void require(boolean held, String rule) {
        if (!held) {
            problems.add(file + ": " + rule);
        }
    }
}
