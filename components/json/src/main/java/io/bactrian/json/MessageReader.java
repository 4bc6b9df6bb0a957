package io.bactrian.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageContent;
import io.bactrian.core.model.PromptMessageContent.Kind;
import io.bactrian.core.model.PromptMessageContent.Media;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the messages of a request that a caller hands in. */
final class MessageReader {

    private MessageReader() {}

    static PromptMessage read(JsonFields message) {
        String role = message.needText("role");
        return switch (role) {
            case "system" -> new PromptMessage.System(needContent(message), message.text("name"));
            case "developer" -> new PromptMessage.Developer(needContent(message), message.text("name"));
            case "user" -> new PromptMessage.User(needContent(message), message.text("name"));
            case "assistant" -> assistant(message);
            case "tool" -> new PromptMessage.Tool(needContent(message), message.needText("tool_call_id"));
            default -> throw message.invalid("role", "is system, developer, user, assistant or tool");
        };
    }

    private static PromptMessage assistant(JsonFields message) {
        List<PromptMessage.ToolCall> calls = new ArrayList<>();
        for (JsonFields call : message.children("tool_calls")) {
            JsonFields function = call.needChild("function");
            calls.add(new PromptMessage.ToolCall(call.needText("id"), function.needText("name"), arguments(function)));
        }
        List<PromptMessageContent> content =
                message.find("content") == null ? List.of() : content(message, message.need("content"));
        String refusal = message.text("refusal");
        if (content.isEmpty() && refusal != null) {
            content = List.of(new PromptMessageContent.Text(refusal));
        }
        if (content.isEmpty() && calls.isEmpty() && message.find("content") == null) {
            throw message.invalid("content", "is missing, and so is tool_calls");
        }
        return new PromptMessage.Assistant(content, message.text("name"), calls, reasoning(message));
    }

    private static String arguments(JsonFields function) {
        JsonNode arguments = function.find("arguments");
        if (arguments == null) {
            return "";
        }
        return arguments.isTextual() ? arguments.textValue() : arguments.toString();
    }

    private static String reasoning(JsonFields message) {
        String reasoning = message.text("reasoning_content");
        return reasoning == null ? "" : reasoning;
    }

    private static List<PromptMessageContent> needContent(JsonFields message) {
        return content(message, message.need("content"));
    }

    private static List<PromptMessageContent> content(JsonFields message, JsonNode content) {
        if (content.isTextual()) {
            return List.of(new PromptMessageContent.Text(content.textValue()));
        }
        if (!content.isArray()) {
            throw message.invalid("content", "is text or a list of parts");
        }
        List<PromptMessageContent> parts = new ArrayList<>(content.size());
        for (JsonFields part : message.children("content")) {
            parts.add(part(part));
        }
        return parts;
    }

    private static PromptMessageContent part(JsonFields part) {
        String type = part.needText("type");
        return switch (type) {
            case "text" -> new PromptMessageContent.Text(part.needText("text"));
            case "refusal" -> new PromptMessageContent.Text(part.needText("refusal"));
            case "image_url" -> byUrl(part, type, Kind.IMAGE);
            case "video_url" -> byUrl(part, type, Kind.VIDEO);
            case "input_audio" -> audio(part.needChild("input_audio"));
            case "file" -> file(part.needChild("file"));
            default -> throw part.invalid("type", "is text, image_url, input_audio, video_url or file");
        };
    }

    private static Media byUrl(JsonFields part, String name, Kind kind) {
        JsonNode value = part.need(name);
        // some clients give the URL itself
        if (value.isTextual()) {
            return media(part, name, kind, value.textValue(), null, null);
        }
        JsonFields image = part.needChild(name);
        return media(image, "url", kind, image.needText("url"), null, image.text("detail"));
    }

    private static Media audio(JsonFields audio) {
        String format = audio.needText("format");
        return new Media(Kind.AUDIO, AudioFormats.toMimeType(format), null, audio.needText("data"), null, null);
    }

    private static Media file(JsonFields file) {
        if (file.find("file_id") != null) {
            throw file.invalid("file_id", "refers to a file at the provider, which is not supported: give file_data");
        }
        return media(file, "file_data", Kind.DOCUMENT, file.needText("file_data"), file.text("filename"), null);
    }

    private static Media media(
            JsonFields where, String name, Kind kind, String url, @Nullable String filename, @Nullable String detail) {
        if (!url.regionMatches(true, 0, "data:", 0, 5)) {
            if (!url.regionMatches(true, 0, "https://", 0, 8) && !url.regionMatches(true, 0, "http://", 0, 7)) {
                throw where.invalid(name, "is an http(s) URL or a data: URI");
            }
            return new Media(kind, null, url, null, filename, detail);
        }
        int comma = url.indexOf(',');
        String head = comma < 0 ? "" : url.substring(5, comma);
        // RFC 2397: [<mediatype>][;base64],<data>
        if (!head.regionMatches(true, head.length() - 7, ";base64", 0, 7) || head.length() == 7) {
            throw where.invalid(name, "is a data: URI that is not of the form data:TYPE;base64,BYTES");
        }
        String type = head.substring(0, head.length() - 7);
        return new Media(kind, type, null, url.substring(comma + 1), filename, detail);
    }
}
