package io.bactrian.json;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The names of audio formats in the OpenAI shape, and their media types. */
final class AudioFormats {

    private AudioFormats() {}

    static String ofMimeType(@Nullable String mimeType) {
        String type = mimeType == null ? "" : mimeType.toLowerCase(Locale.ROOT);
        int end = type.indexOf(';');
        String essence = (end < 0 ? type : type.substring(0, end)).strip();
        return switch (essence) {
            case "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave" -> "wav";
            case "audio/mpeg", "audio/mp3" -> "mp3";
            default -> {
                if (!essence.startsWith("audio/")) {
                    throw JsonWriting.invalid("audio needs a mimeType such as audio/wav or audio/mpeg");
                }
                yield essence.substring("audio/".length());
            }
        };
    }

    static String toMimeType(String format) {
        return "mp3".equals(format) ? "audio/mpeg" : "audio/" + format;
    }
}
