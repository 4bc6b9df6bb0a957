package io.bactrian.tool.builtin.data;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkLength;
import static io.bactrian.tool.builtin.support.ArgumentChecks.quoted;
import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonBoolean;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads YAML (1.2, core schema) as values of JSON. Bounded: characters, levels, aliases, and the values that aliases blow up to.
 * Tags of any class are refused: nothing is made but text, numbers, truth values, lists and maps. Used once.
 */
final class YamlReader {

    private static final int LONGEST = 1_000_000;
    private static final int MOST_ALIASES = 50;
    private static final int MOST_VALUES = 100_000;
    private static final int LONGEST_NUMBER = 100;

    private final String parameter;
    private int values;

    private YamlReader(String parameter) {
        this.parameter = parameter;
    }

    /** @throws BadRequestException naming the line and what is wrong there */
    static JsonValue read(String parameter, String yaml) {
        checkLength(parameter, yaml, LONGEST);
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(LONGEST)
                .setMaxAliasesForCollections(MOST_ALIASES)
                .setAllowDuplicateKeys(false)
                .setAllowRecursiveKeys(false)
                .setSchema(new CoreSchema())
                .setLabel(parameter)
                .build();
        try {
            checkDepth(parameter, new Parse(settings).parseString(yaml));
            return new Compose(settings)
                    .composeString(yaml)
                    .map(root -> new YamlReader(parameter).value(root, 0))
                    .orElseThrow(() -> refused(parameter, "is empty"));
        } catch (MarkedYamlEngineException wrong) {
            String line = wrong.getProblemMark()
                    .map(mark -> " at line " + (mark.getLine() + 1))
                    .orElse("");
            throw refused(parameter, "is no YAML" + line + ": " + wrong.getProblem());
        } catch (YamlEngineException wrong) {
            throw refused(parameter, "is no YAML that can be read: " + wrong.getMessage());
        }
    }

    /** Nodes are composed by recursion, events are not: what is too deep has to be told by these. */
    private static void checkDepth(String parameter, Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            if (event instanceof CollectionStartEvent) {
                depth++;
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
            if (depth > JsonValue.DEEPEST) {
                throw refused(parameter, "is nested more than " + JsonValue.DEEPEST + " deep");
            }
        }
    }

    private BadRequestException wrong(Node node, String problem) {
        String line = node.getStartMark()
                .map(mark -> "line " + (mark.getLine() + 1) + ": ")
                .orElse("");
        return refused(parameter, line + problem);
    }

    private JsonValue value(Node node, int depth) {
        if (depth > JsonValue.DEEPEST) {
            throw wrong(node, "nested more than " + JsonValue.DEEPEST + " deep, or part of itself");
        }
        if (++values > MOST_VALUES) {
            throw wrong(node, "more than " + MOST_VALUES + " values; aliases count as what they stand for");
        }
        if (node instanceof MappingNode mapping && mapping.getTag().equals(Tag.MAP)) {
            return object(mapping, depth);
        }
        if (node instanceof SequenceNode sequence && sequence.getTag().equals(Tag.SEQ)) {
            List<JsonValue> elements = new ArrayList<>();
            for (Node element : sequence.getValue()) {
                elements.add(value(element, depth + 1));
            }
            return new JsonArray(elements);
        }
        if (node instanceof ScalarNode scalar) {
            return scalar(scalar);
        }
        throw wrong(node, "tags such as " + quoted(node.getTag().getValue()) + " are not read");
    }

    private JsonObject object(MappingNode mapping, int depth) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw wrong(tuple.getKeyNode(), "a name has to be text; JSON has no other names");
            }
            if (members.put(key.getValue(), value(tuple.getValueNode(), depth + 1)) != null) {
                throw wrong(key, "the name " + quoted(key.getValue()) + " is there twice");
            }
        }
        return new JsonObject(members);
    }

    private JsonValue scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.STR)) {
            return new JsonString(text);
        }
        if (tag.equals(Tag.NULL)) {
            return JsonNull.NULL;
        }
        if (tag.equals(Tag.BOOL)) {
            return JsonBoolean.of(text.toLowerCase(Locale.ROOT).equals("true"));
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return new JsonNumber(number(scalar, text.toLowerCase(Locale.ROOT)));
        }
        throw wrong(scalar, "tags such as " + quoted(tag.getValue()) + " are not read");
    }

    private BigDecimal number(ScalarNode scalar, String text) {
        if (text.length() > LONGEST_NUMBER) {
            throw wrong(scalar, "a number of more than " + LONGEST_NUMBER + " characters");
        }
        try {
            if (text.startsWith("0x")) {
                return new BigDecimal(new BigInteger(text.substring(2), 16));
            }
            if (text.startsWith("0o")) {
                return new BigDecimal(new BigInteger(text.substring(2), 8));
            }
            BigDecimal number = new BigDecimal(text);
            if (Math.abs((long) number.scale()) > 400) {
                throw wrong(scalar, "a number beyond all measure");
            }
            return number;
        } catch (NumberFormatException infinite) {
            throw wrong(scalar, quoted(text) + " is no number that JSON has");
        }
    }
}
