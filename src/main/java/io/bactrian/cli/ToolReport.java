package io.bactrian.cli;

import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.I18nText;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterForm;
import io.bactrian.core.tool.ToolResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tools, and what comes of them, in words and as JSON. */
final class ToolReport {

    private static final int LONGEST_SUMMARY = 80;

    private ToolReport() {}

    /** The parameters by name; those that need not be given in brackets. */
    static String parameters(Tool tool) {
        return tool.entity().parameters().stream()
                .map(parameter -> parameter.required() ? parameter.name() : "[" + parameter.name() + "]")
                .collect(Collectors.joining(" "));
    }

    /** The first line of what it is for. */
    static String summary(Tool tool) {
        String line = description(tool.entity()).lines().findFirst().orElse("");
        return line.length() <= LONGEST_SUMMARY ? line : line.substring(0, LONGEST_SUMMARY - 1) + "…";
    }

    private static String description(ToolEntity entity) {
        String human = entity.description().human().english();
        return human.isEmpty() ? entity.description().llm() : human;
    }

    static Map<String, @Nullable Object> json(Tool tool) {
        ToolEntity entity = tool.entity();
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("tool", tool.address().toString());
        shown.put("name", entity.name());
        shown.put("provider", tool.address().provider());
        shown.put("type", tool.toolProviderType().text());
        shown.put("label", entity.identity().label().english());
        shown.put("labels", languages(entity.identity().label()));
        if (entity.identity().icon() != null) {
            shown.put("icon", entity.identity().icon());
        }
        shown.put("description", description(entity));
        shown.put("tags", entity.tags());
        if (!entity.version().isEmpty()) {
            shown.put("version", entity.version());
        }
        shown.put("schema", tool.functionSchema().toJava());
        shown.put(
                "form",
                entity.parameters().stream()
                        .filter(parameter -> parameter.form() != ToolParameterForm.LLM)
                        .map(ToolReport::json)
                        .toList());
        JsonObject output = entity.outputSchema();
        if (output != null) {
            shown.put("output_schema", output.toJava());
        }
        shown.put("approval", entity.approval().text());
        shown.put("retriable", entity.retriable());
        if (entity.timeout() != null) {
            shown.put("timeout", entity.timeout().toString());
        }
        return shown;
    }

    /** A text by language. */
    private static Map<String, String> languages(I18nText text) {
        Map<String, String> languages = new TreeMap<>(text.others());
        languages.put("en_US", text.english());
        return languages;
    }

    private static Map<String, @Nullable Object> json(ToolParameter parameter) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("name", parameter.name());
        shown.put("type", parameter.type().text());
        shown.put("required", parameter.required());
        shown.put("description", parameter.humanDescription().english());
        JsonValue defaultValue = parameter.defaultValue();
        if (defaultValue != null) {
            shown.put("default", defaultValue.toJava());
        }
        return shown;
    }

    static void print(Tool tool, Session session, JsonCodec json) {
        ToolEntity entity = tool.entity();
        session.print(tool.address().toString());
        description(entity).lines().forEach(line -> session.print("  " + line));
        session.print(
                "asks a person before a call of a model: " + entity.approval().text());
        session.print("may be called again after a failure: " + (entity.retriable() ? "yes" : "no"));
        if (entity.timeout() != null) {
            session.print("takes at most: " + entity.timeout());
        }
        Table table = new Table("parameter", "type", "given by", "required", "default", "description");
        for (ToolParameter parameter : entity.parameters()) {
            JsonValue defaultValue = parameter.defaultValue();
            table.row(
                    parameter.name(),
                    parameter.type(),
                    parameter.form() == ToolParameterForm.LLM ? "model" : "route",
                    parameter.required(),
                    defaultValue == null ? null : json.write(defaultValue),
                    parameter.humanDescription().english());
        }
        if (!entity.parameters().isEmpty()) {
            table.print(session, false);
        }
    }

    static Map<String, @Nullable Object> json(ToolResult result) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("text", result.text());
        shown.put(
                "json", result.json().stream().map(JsonValue::toJava).collect(Collectors.toCollection(ArrayList::new)));
        Map<String, @Nullable Object> variables = new LinkedHashMap<>();
        result.variables().forEach((name, value) -> variables.put(name, value.toJava()));
        shown.put("variables", variables);
        shown.put(
                "files", result.files().stream().map(file -> file.id().value()).toList());
        shown.put("links", result.links().stream().map(link -> link.url()).toList());
        shown.put("ms", result.meta().timeCost().toMillis());
        return shown;
    }

    static void print(ToolResult result, Session session, JsonCodec json) {
        List<String> lines = new ArrayList<>(result.text().lines().toList());
        result.json().stream()
                .map(json::write)
                .filter(written -> !lines.contains(written))
                .forEach(lines::add);
        result.variables().forEach((name, value) -> lines.add(name + ": " + json.write(value)));
        result.links().forEach(link -> lines.add("link: " + link.url()));
        result.files()
                .forEach(file -> lines.add("file " + file.id() + ": " + file.name() + ", " + file.mimeType() + ", "
                        + file.size() + " bytes"));
        // what a tool says is not to steer the terminal
        lines.forEach(line -> session.print(VisibleText.of(line.replace("\t", "    "))));
    }
}
