package io.bactrian.core.model;

import org.jspecify.annotations.Nullable;

/** One part of a message. */
public sealed interface PromptMessageContent {

    /**
     * Text.
     *
     * @param data the text
     */
    record Text(String data) implements PromptMessageContent {}

    /**
     * An image, audio, video or document: by reference, which only the provider follows (SSRF-15), or by value.
     *
     * @param kind what it is
     * @param mimeType its media type; null if unknown, which only a reference may be
     * @param url where the provider finds it; null if given by value
     * @param base64 its bytes; null if given by reference
     * @param filename a name for it; null for none
     * @param detail for images, how closely to look: {@code low}, {@code high}, {@code auto}; null for the provider's default
     */
    record Media(
            Kind kind,
            @Nullable String mimeType,
            @Nullable String url,
            @Nullable String base64,
            @Nullable String filename,
            @Nullable String detail)
            implements PromptMessageContent {

        /** @throws IllegalArgumentException unless exactly one of url and base64 is given, the latter with a type */
        public Media {
            if ((url == null) == (base64 == null)) {
                throw new IllegalArgumentException("media is given either by url or by base64");
            }
            if (base64 != null && mimeType == null) {
                throw new IllegalArgumentException("media given by base64 needs its mimeType");
            }
        }

        /** An image that the provider fetches. */
        public static Media imageUrl(String url) {
            return new Media(Kind.IMAGE, null, url, null, null, null);
        }

        /** The reference, or the bytes as a {@code data:} URI (RFC 2397). */
        public String data() {
            return url != null ? url : "data:" + mimeType + ";base64," + base64;
        }
    }

    /** What media is. */
    enum Kind {
        IMAGE,
        AUDIO,
        VIDEO,
        DOCUMENT
    }
}
