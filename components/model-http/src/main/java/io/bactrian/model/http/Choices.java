package io.bactrian.model.http;

import io.bactrian.json.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what the pieces of a declaration have in common. Whatever is wrong becomes a problem of its node. */
final class Choices {

    private static final String LANGUAGE = "en_US";

    private Choices() {}

    /** One of a closed set; null if it is absent or wrong. */
    static <T> @Nullable T one(YamlNode node, Function<String, Optional<T>> parser, List<String> allowed) {
        Optional<String> text = node.text();
        if (text.isEmpty()) {
            return null;
        }
        Optional<T> value = parser.apply(text.get());
        if (value.isEmpty()) {
            node.problem("has to be one of " + allowed);
            return null;
        }
        return value.get();
    }

    /** As {@link #one}, for what has to be there. */
    static <T> @Nullable T need(YamlNode node, Function<String, Optional<T>> parser, List<String> allowed) {
        if (!node.present()) {
            node.problem("is required: one of " + allowed);
            return null;
        }
        return one(node, parser, allowed);
    }

    /** A list, each of a closed set; empty if absent. */
    static <T> List<T> many(YamlNode node, Function<String, Optional<T>> parser, List<String> allowed) {
        List<T> values = new ArrayList<>();
        for (YamlNode item : node.list()) {
            T value = one(item, parser, allowed);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    static List<String> texts(YamlNode node) {
        return node.list().stream().map(YamlNode::requiredText).toList();
    }

    /** Text for people: plain, or one per language, of which {@code en_US} is taken; null if absent. */
    static @Nullable String label(YamlNode node) {
        if (!node.present() || node.isScalar()) {
            return node.text().orElse(null);
        }
        node.map();
        return node.get(LANGUAGE).requiredText();
    }

    static String needLabel(YamlNode node) {
        String label = label(node);
        if (label == null || label.isBlank()) {
            node.problem("is required");
            return "";
        }
        return label;
    }

    /** A whole number; null if it is absent or wrong. */
    static @Nullable Integer wholeNumber(YamlNode node, int least) {
        if (!node.present()) {
            return null;
        }
        try {
            Integer number = node.text()
                    .filter(text -> text.length() <= 10)
                    .map(Integer::valueOf)
                    .orElse(null);
            if (number != null && number >= least) {
                return number;
            }
        } catch (NumberFormatException notWhole) {
            node.problem("has to be a whole number of at least " + least);
            return null;
        }
        node.problem("has to be a whole number of at least " + least);
        return null;
    }
}
