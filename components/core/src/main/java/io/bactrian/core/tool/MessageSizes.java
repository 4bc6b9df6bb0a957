package io.bactrian.core.tool;

import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;

/** How large messages are, for limits and records; estimated where the exact size would mean to write them. */
final class MessageSizes {

    private MessageSizes() {}

    /** The characters of its text and JSON. */
    static long characters(ToolInvokeMessage message) {
        if (message instanceof ToolInvokeMessage.Text text) {
            return text.text().length();
        }
        if (message instanceof ToolInvokeMessage.Json json) {
            return characters(json.json());
        }
        if (message instanceof ToolInvokeMessage.Variable variable) {
            return variable.name().length() + characters(variable.value());
        }
        if (message instanceof ToolInvokeMessage.Link link) {
            return link.url().length();
        }
        if (message instanceof ToolInvokeMessage.Image image) {
            return image.url().length();
        }
        if (message instanceof ToolInvokeMessage.Log log) {
            String error = log.error();
            return log.label().length() + (error == null ? 0 : error.length()) + characters(log.data());
        }
        if (message instanceof ToolInvokeMessage.RetrieverResources found) {
            return found.context().length()
                    + found.resources().stream()
                            .mapToLong(MessageSizes::characters)
                            .sum();
        }
        return 0;
    }

    /** About how many characters a value has when it is written. */
    static long characters(JsonValue value) {
        if (value instanceof JsonString text) {
            return text.value().length() + 2L;
        }
        if (value instanceof JsonObject object) {
            long sum = 2;
            for (var member : object.members().entrySet()) {
                sum += member.getKey().length() + 4L + characters(member.getValue());
            }
            return sum;
        }
        if (value instanceof JsonArray array) {
            long sum = 2;
            for (JsonValue element : array.elements()) {
                sum += 1 + characters(element);
            }
            return sum;
        }
        return 8;
    }

    /** The bytes of the file that a message stands for; 0 for none. */
    static long fileBytes(ToolInvokeMessage message) {
        if (message instanceof ToolInvokeMessage.File file) {
            return file.file().size();
        }
        if (message instanceof ToolInvokeMessage.ImageLink file) {
            return file.file().size();
        }
        return message instanceof ToolInvokeMessage.BinaryLink file
                ? file.file().size()
                : 0;
    }
}
