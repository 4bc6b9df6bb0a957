package io.bactrian.json;

import org.jspecify.annotations.Nullable;

/**
 * What a server says of an error, in any of the shapes that servers of the OpenAI family use. Untrusted text.
 *
 * @param message a sentence; null if none was given
 * @param type its kind, such as {@code invalid_request_error}; null if not given
 * @param code its code, numbers as text; null if not given
 * @param param the parameter that is wrong; null if not given
 * @param innerCode the code of what led to it, as Azure gives it; null if not given
 * @param retryDelay how long to wait, such as {@code 34.4s}, as Google gives it; null if not given
 */
public record OpenAiError(
        @Nullable String message,
        @Nullable String type,
        @Nullable String code,
        @Nullable String param,
        @Nullable String innerCode,
        @Nullable String retryDelay) {

    /** An error of which only a sentence is known. */
    public static OpenAiError of(String message) {
        return new OpenAiError(message, null, null, null, null, null);
    }

    /** Whether nothing was said. */
    public boolean isEmpty() {
        return message == null && type == null && code == null && innerCode == null;
    }
}
