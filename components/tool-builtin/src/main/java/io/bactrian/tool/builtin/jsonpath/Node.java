package io.bactrian.tool.builtin.jsonpath;

import io.bactrian.core.json.JsonValue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A value and where it is.
 *
 * @param value the value
 * @param parent the node above it; null for the root
 * @param name its name in the parent; null if it is an element or the root
 * @param index its place in the parent, from 0
 */
record Node(
        JsonValue value, @Nullable Node parent, @Nullable String name, int index) {

    static Node root(JsonValue value) {
        return new Node(value, null, null, 0);
    }

    Node member(String key, JsonValue child) {
        return new Node(child, this, key, 0);
    }

    Node element(int at, JsonValue child) {
        return new Node(child, this, null, at);
    }

    /** The normalised path (RFC 9535 §2.7), such as {@code $['a'][0]}. */
    String path() {
        Deque<Node> fromRoot = new ArrayDeque<>();
        for (Node node = this; node != null && node.parent != null; node = node.parent) {
            fromRoot.push(node);
        }
        StringBuilder path = new StringBuilder("$");
        for (Node node : fromRoot) {
            appendStep(path, node);
        }
        return path.toString();
    }

    private static void appendStep(StringBuilder path, Node node) {
        String key = node.name;
        if (key == null) {
            path.append('[').append(node.index).append(']');
            return;
        }
        path.append("['");
        for (int i = 0; i < key.length(); i++) {
            appendEscaped(path, key.charAt(i));
        }
        path.append("']");
    }

    private static void appendEscaped(StringBuilder path, char c) {
        switch (c) {
            case '\b' -> path.append("\\b");
            case '\t' -> path.append("\\t");
            case '\n' -> path.append("\\n");
            case '\f' -> path.append("\\f");
            case '\r' -> path.append("\\r");
            case '\'' -> path.append("\\'");
            case '\\' -> path.append("\\\\");
            default -> path.append(c < ' ' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c));
        }
    }
}
