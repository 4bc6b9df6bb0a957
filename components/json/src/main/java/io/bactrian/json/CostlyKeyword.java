package io.bactrian.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordType;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;
import java.util.List;

/**
 * A keyword whose check looks at all of a text, a list or its own words in one step, and pays for it from the budget of the {@link SchemaRun}:
 * otherwise five thousand of them over one long text would be five thousand steps.
 */
record CostlyKeyword(KeywordType keyword, Cost cost) implements Keyword {

    // about as long as a step elsewhere takes
    static final int CHARACTERS_A_STEP = 64;
    private static final int WORDS_A_STEP = 8;
    private static final int STATES_A_STEP = 10;

    /** The keywords that pay. Formats pay themselves. */
    static final List<CostlyKeyword> ALL = List.of(
            new CostlyKeyword(KeywordType.UNIQUE_ITEMS, (word, parent) -> CostlyKeyword::size),
            new CostlyKeyword(KeywordType.ENUM, (word, parent) -> CostlyKeyword::size),
            new CostlyKeyword(KeywordType.CONST, (word, parent) -> CostlyKeyword::size),
            new CostlyKeyword(KeywordType.MIN_LENGTH, (word, parent) -> CostlyKeyword::size),
            new CostlyKeyword(KeywordType.MAX_LENGTH, (word, parent) -> CostlyKeyword::size),
            new CostlyKeyword(KeywordType.PROPERTIES, CostlyKeyword::words),
            new CostlyKeyword(KeywordType.REQUIRED, CostlyKeyword::words),
            new CostlyKeyword(KeywordType.DEPENDENT_REQUIRED, CostlyKeyword::words),
            new CostlyKeyword(KeywordType.DEPENDENT_SCHEMAS, CostlyKeyword::words),
            new CostlyKeyword(KeywordType.DEPENDENCIES, CostlyKeyword::words),
            new CostlyKeyword(KeywordType.PATTERN, CostlyKeyword::pattern),
            new CostlyKeyword(KeywordType.PATTERN_PROPERTIES, CostlyKeyword::names),
            new CostlyKeyword(KeywordType.ADDITIONAL_PROPERTIES, CostlyKeyword::names));

    /** What a check costs, by the keyword's own value and the schema that it stands in. */
    @FunctionalInterface
    interface Cost {
        Steps of(JsonNode word, JsonNode parent);
    }

    /** What a check costs, by the value checked. */
    @FunctionalInterface
    interface Steps {
        long of(JsonNode instance);
    }

    @Override
    public String getValue() {
        return keyword.getValue();
    }

    @Override
    public KeywordValidator newValidator(SchemaLocation location, JsonNode word, Schema parent, SchemaContext context) {
        KeywordValidator validator = keyword.newValidator(location, word, parent, context);
        return new Paying(validator, cost.of(word, parent.getSchemaNode()));
    }

    private static long size(JsonNode instance) {
        if (instance.isTextual()) {
            return instance.textValue().length() / CHARACTERS_A_STEP;
        }
        long steps = 0;
        for (JsonNode child : instance) {
            steps += 1 + size(child);
        }
        return steps;
    }

    private static Steps words(JsonNode word, JsonNode parent) {
        int steps = word.size() / WORDS_A_STEP;
        return instance -> instance.isObject() ? steps : 0;
    }

    private static Steps pattern(JsonNode word, JsonNode parent) {
        long states = states(word.asText());
        return instance -> instance.isTextual() ? steps(instance.textValue().length(), states) : 0;
    }

    private static Steps names(JsonNode word, JsonNode parent) {
        long states = 1;
        for (String name : (Iterable<String>) parent.path("patternProperties")::fieldNames) {
            states += states(name);
        }
        long all = states;
        return instance -> steps(namesOf(instance), all);
    }

    private static long namesOf(JsonNode instance) {
        long characters = 0;
        for (String name : (Iterable<String>) instance::fieldNames) {
            characters += name.length();
        }
        return characters;
    }

    /** What an expression of so many states costs over so many characters. */
    static long steps(long characters, long states) {
        return characters * states / STATES_A_STEP;
    }

    private static long states(String pattern) {
        return EcmaPattern.translate(pattern).size();
    }

    private record Paying(KeywordValidator validator, Steps steps) implements KeywordValidator {

        @Override
        public void validate(ExecutionContext context, JsonNode instance, JsonNode root, NodePath location) {
            SchemaRun.spend(context, steps.of(instance));
            validator.validate(context, instance, root, location);
        }

        @Override
        public void preloadSchema() {
            validator.preloadSchema();
        }

        @Override
        public String getKeyword() {
            return validator.getKeyword();
        }

        @Override
        public SchemaLocation getSchemaLocation() {
            return validator.getSchemaLocation();
        }
    }
}
