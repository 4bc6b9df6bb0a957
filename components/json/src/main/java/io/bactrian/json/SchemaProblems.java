package io.bactrian.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import io.bactrian.core.error.SafeText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a value, in words: the path and the rule, which the schema's author wrote; never the value. What was wrong
 * with each alternative of an {@code anyOf} or {@code oneOf} is told together.
 */
final class SchemaProblems {

    /** What is told if the budget did not suffice. */
    static final String TOO_MUCH = "$ cannot be checked: it takes too many steps, so it is too large for its schema";

    private static final String FITS_NONE = "fits none of the alternatives";
    private static final int MOST_LOOKED_AT = 1_000;
    private static final int MOST_ALTERNATIVES = 4;
    private static final int LONGEST_RULE = 200;
    private static final int MOST_SHOWN = 50;
    private static final String SEE_SCHEMA = "(see the schema)";

    // keywords after which the next step of a path into the schema is a name or a number
    private static final Set<String> STEPS_BY_NAME =
            Set.of("properties", "patternProperties", "dependentSchemas", "allOf", "prefixItems");
    // keywords that lead to a part of the value
    private static final Set<String> STEPS_INTO = Set.of(
            "properties",
            "patternProperties",
            "additionalProperties",
            "unevaluatedProperties",
            "items",
            "prefixItems",
            "additionalItems",
            "unevaluatedItems",
            "contains");

    private SchemaProblems() {}

    static List<String> of(List<Error> errors, int most) {
        Map<String, Set<String>> alternatives = new LinkedHashMap<>();
        Set<String> problems = new LinkedHashSet<>();
        for (Error error : errors.subList(0, Math.min(errors.size(), MOST_LOOKED_AT))) {
            List<Object> location = steps(error.getInstanceLocation());
            int depth = Math.min(alternativesAt(steps(error.getEvaluationPath())), location.size());
            String path = path(depth < 0 ? location : location.subList(0, depth));
            if (depth < 0) {
                problems.add("$" + path + " " + rule(error));
                continue;
            }
            String group = "$" + path + " " + FITS_NONE;
            problems.add(group);
            String inside = path(location.subList(depth, location.size()));
            alternatives
                    .computeIfAbsent(group, unused -> new LinkedHashSet<>())
                    .add((inside.isEmpty() ? "" : inside + " ") + rule(error));
        }
        return problems.stream()
                .limit(most)
                .map(problem -> told(problem, alternatives.get(problem)))
                .toList();
    }

    private static String told(String problem, @Nullable Set<String> alternatives) {
        return alternatives == null
                ? problem
                : problem
                        + alternatives.stream().limit(MOST_ALTERNATIVES).collect(Collectors.joining(" / ", " (", ")"));
    }

    /** The steps of a path, which the validator keeps as a chain from its end. */
    private static List<Object> steps(@Nullable NodePath path) {
        List<Object> steps = new ArrayList<>();
        for (NodePath at = path; at != null && at.getParent() != null; at = at.getParent()) {
            steps.add(at.getElement(-1));
        }
        Collections.reverse(steps);
        return steps;
    }

    /** How many steps into the value an anyOf or oneOf applies whose alternatives an error is one of; negative for none. */
    private static int alternativesAt(List<Object> evaluation) {
        int into = 0;
        int last = evaluation.size() - 1;
        for (int i = 0; i < last; i++) {
            String word = String.valueOf(evaluation.get(i));
            if (word.equals("anyOf") || word.equals("oneOf")) {
                return into;
            }
            into += STEPS_INTO.contains(word) ? 1 : 0;
            boolean numbered = word.equals("items") && evaluation.get(i + 1) instanceof Integer;
            i += STEPS_BY_NAME.contains(word) || numbered ? 1 : 0;
        }
        return -1;
    }

    private static String path(List<Object> steps) {
        StringBuilder path = new StringBuilder();
        for (Object step : steps) {
            path.append(step instanceof Integer index ? "[" + index + "]" : JsonPaths.member(String.valueOf(step)));
        }
        return path.toString();
    }

    private static String rule(Error error) {
        JsonNode word = error.getSchemaNode();
        String keyword = String.valueOf(error.getKeyword());
        return switch (keyword) {
            case "type" -> "has to be " + types(word);
            case "required", "dependentRequired", "dependencies" -> "needs the member " + property(error);
            case "additionalProperties", "unevaluatedProperties" ->
                "has a member that is not allowed: " + property(error);
            case "propertyNames" -> "has a member whose name is not allowed";
            case "additionalItems", "unevaluatedItems" -> "has more items than are allowed";
            case "enum" -> "has to be one of " + shown(word);
            case "const" -> "has to be " + shown(word);
            case "minimum" -> "has to be at least " + shown(word);
            case "maximum" -> "has to be at most " + shown(word);
            case "exclusiveMinimum" -> "has to be more than " + shown(word);
            case "exclusiveMaximum" -> "has to be less than " + shown(word);
            case "multipleOf" -> "has to be a multiple of " + shown(word);
            case "minLength" -> "has to have at least " + shown(word) + " characters";
            case "maxLength" -> "has to have at most " + shown(word) + " characters";
            case "minItems" -> "has to have at least " + shown(word) + " items";
            case "maxItems" -> "has to have at most " + shown(word) + " items";
            case "minProperties" -> "has to have at least " + shown(word) + " members";
            case "maxProperties" -> "has to have at most " + shown(word) + " members";
            case "uniqueItems" -> "has an item twice";
            case "contains", "minContains", "maxContains" ->
                "has too few or too many items of a kind that is asked for";
            case "pattern" -> "has to match the regular expression " + shown(word);
            case "format" -> "has to be in the format " + shown(word);
            case "not" -> "is of a kind that is not allowed";
            case "oneOf" ->
                "oneOf".equals(error.getMessageKey()) ? FITS_NONE : "fits more than one of the alternatives";
            case "anyOf" -> FITS_NONE;
            case "false" -> "is not allowed";
            default -> "does not fit the rule " + JsonPaths.quoted(keyword);
        };
    }

    private static String property(Error error) {
        String name = error.getProperty();
        return name == null ? "(unnamed)" : JsonPaths.quoted(name);
    }

    private static String types(@Nullable JsonNode word) {
        if (word == null || !word.isArray()) {
            return shown(word);
        }
        return StreamSupport.stream(word.spliterator(), false)
                .map(SchemaProblems::shown)
                .collect(Collectors.joining(" or "));
    }

    /** What the schema's author wrote, if it is short and harmless. */
    private static String shown(@Nullable JsonNode word) {
        if (word == null || word.isObject() || word.size() > MOST_SHOWN) {
            return SEE_SCHEMA;
        }
        List<String> parts = new ArrayList<>();
        for (JsonNode one : word.isArray() ? word : List.of(word)) {
            parts.add(
                    one.isTextual()
                            ? one.textValue()
                            : one.isContainerNode() ? (one.isArray() ? "a list" : "an object") : one.toString());
        }
        String text = String.join(", ", parts);
        return text.length() <= LONGEST_RULE && SafeText.showable(text) ? text : SEE_SCHEMA;
    }
}
