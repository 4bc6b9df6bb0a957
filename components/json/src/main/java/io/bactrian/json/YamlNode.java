package io.bactrian.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A piece of a YAML file (1.2, core schema) that knows its line. Reading never throws: what is wrong goes to the
 * {@link YamlProblems}, so that all of it is told at once. Bounded: 1 Mi characters, 10 aliases, no custom tags, no
 * duplicate keys.
 */
public final class YamlNode {

    private static final int MOST_CHARACTERS = 1 << 20;
    private static final int MOST_ALIASES = 10;
    private static final Set<Tag> PLAIN = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.MAP, Tag.SEQ);

    private final YamlProblems problems;
    private final String path;
    private final int line;
    private final @Nullable Node node;

    private YamlNode(YamlProblems problems, String path, int line, @Nullable Node node) {
        this.problems = problems;
        this.path = path;
        this.line = line;
        this.node = node;
    }

    /** The content of a file. */
    public static YamlNode parse(String text, YamlProblems problems) {
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(MOST_CHARACTERS)
                .setMaxAliasesForCollections(MOST_ALIASES)
                .setAllowDuplicateKeys(false)
                .setAllowRecursiveKeys(false)
                .setLabel(problems.file())
                .build();
        try {
            Node root = new Compose(settings).composeString(text).orElse(null);
            return new YamlNode(problems, "", root == null ? 1 : line(root), root);
        } catch (MarkedYamlEngineException e) {
            int at = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            problems.add(at, "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            problems.add(1, "not YAML, or larger than " + MOST_CHARACTERS + " characters");
        }
        return new YamlNode(problems, "", 1, null);
    }

    /** The line it begins on, from 1. */
    public int line() {
        return line;
    }

    /** The file it is from. */
    public String file() {
        return problems.file();
    }

    /** Where it is, as {@code models[2].pricing}; empty for the whole file. */
    public String path() {
        return path;
    }

    /** Whether there is something. */
    public boolean present() {
        return node != null && !Tag.NULL.equals(node.getTag());
    }

    /** Takes down something that is wrong here, with its remedy. */
    public void problem(String message) {
        problems.add(line, path.isEmpty() ? message : path + ": " + message);
    }

    /** The entries of a mapping, in order; a problem if it is something else. Each key once. */
    public Map<String, YamlNode> map() {
        if (!present()) {
            return Map.of();
        }
        if (!(node instanceof MappingNode mapping)) {
            problem("has to be a mapping of names to values");
            return Map.of();
        }
        Map<String, YamlNode> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(line(tuple.getKeyNode()), "names have to be plain text");
                continue;
            }
            YamlNode value = child(key.getValue(), tuple.getValueNode());
            if (entries.putIfAbsent(key.getValue(), value) != null) {
                problems.add(line(key), "'" + key.getValue() + "' stands there twice");
            }
        }
        return Collections.unmodifiableMap(entries);
    }

    /** As {@link #map()}; names other than these are problems. */
    public Map<String, YamlNode> map(Set<String> known) {
        Map<String, YamlNode> entries = map();
        entries.forEach((name, value) -> {
            if (!known.contains(name)) {
                value.unknown(known);
            }
        });
        return entries;
    }

    private void unknown(Set<String> known) {
        problem("unknown name; known here are " + known.stream().sorted().collect(Collectors.joining(", ")));
    }

    /** The entry of that name; a node that is not {@link #present} if there is none. */
    public YamlNode get(String name) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(name)) {
                    return child(name, tuple.getValueNode());
                }
            }
        }
        return new YamlNode(problems, path.isEmpty() ? name : path + "." + name, line, null);
    }

    /** The items of a list; a problem if it is something else. Nothing there is an empty list. */
    public List<YamlNode> list() {
        if (!present()) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            problem("has to be a list");
            return List.of();
        }
        List<YamlNode> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            items.add(checked(new YamlNode(problems, path + "[" + items.size() + "]", line(item), item)));
        }
        return items;
    }

    /** The text of a scalar of any kind; empty if nothing is there; a problem if it is no scalar. */
    public Optional<String> text() {
        if (!present()) {
            return Optional.empty();
        }
        if (!(node instanceof ScalarNode scalar)) {
            problem("has to be text");
            return Optional.empty();
        }
        return Optional.of(scalar.getValue());
    }

    /** The text, which has to be there and not blank. */
    public String requiredText() {
        String text = text().orElse("");
        if (text.isBlank()) {
            problem("is required");
        }
        return text;
    }

    /** A truth value; empty if nothing is there; a problem if it is something else. */
    public Optional<Boolean> flag() {
        if (!present()) {
            return Optional.empty();
        }
        if (!isBoolean()) {
            problem("has to be true or false");
            return Optional.empty();
        }
        return text().map(Boolean::parseBoolean);
    }

    /** A number; empty if nothing is there; a problem if it is something else. */
    public Optional<BigDecimal> number() {
        if (!present()) {
            return Optional.empty();
        }
        try {
            return text().map(BigDecimal::new);
        } catch (NumberFormatException e) {
            problem("has to be a number");
            return Optional.empty();
        }
    }

    /** Whether it is an unquoted {@code true} or {@code false}. */
    public boolean isBoolean() {
        return node != null && Tag.BOOL.equals(node.getTag());
    }

    /** Whether it is an unquoted number. */
    public boolean isNumber() {
        return node != null && (Tag.INT.equals(node.getTag()) || Tag.FLOAT.equals(node.getTag()));
    }

    /** Whether it is text or another single value. */
    public boolean isScalar() {
        return node instanceof ScalarNode;
    }

    private YamlNode child(String name, Node value) {
        return checked(new YamlNode(problems, path.isEmpty() ? name : path + "." + name, line(value), value));
    }

    private static YamlNode checked(YamlNode child) {
        if (child.node != null && !PLAIN.contains(child.node.getTag())) {
            child.problem("custom tags are not read");
        }
        return child;
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }
}
