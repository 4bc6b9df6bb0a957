package io.bactrian.tool.builtin.web;

import io.bactrian.core.file.MimeTypes;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an answer says that it is.
 *
 * @param type such as {@code text/html}, in lower case; {@link MimeTypes#UNKNOWN} if nobody said
 * @param charset the name of its character set, as given; empty if none is
 */
record MediaType(String type, Optional<String> charset) {

    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset\\s*=\\s*\"?([A-Za-z0-9][A-Za-z0-9_:.+-]{0,39})\"?", Pattern.CASE_INSENSITIVE);

    private static final Set<String> HTML = Set.of("text/html", "application/xhtml+xml");

    private static final Set<String> TEXTUAL = Set.of(
            "application/json",
            "application/ld+json",
            "application/xml",
            "application/javascript",
            "application/ecmascript",
            "application/yaml",
            "application/x-yaml",
            "application/toml",
            "application/sql",
            "application/graphql",
            "application/x-ndjson",
            "application/x-sh",
            "application/rtf");

    /** What a {@code Content-Type} says. */
    static MediaType of(Optional<String> header) {
        String value = header.orElse("").strip();
        int end = value.indexOf(';');
        String type = (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        Matcher charset = CHARSET.matcher(value);
        return new MediaType(
                type.isEmpty() || type.indexOf('/') < 1 ? MimeTypes.UNKNOWN : type,
                charset.find() ? Optional.of(charset.group(1)) : Optional.empty());
    }

    boolean isUnknown() {
        return type.equals(MimeTypes.UNKNOWN);
    }

    boolean isHtml() {
        return HTML.contains(type);
    }

    /** Whether it is meant to be read as characters. */
    boolean isText() {
        return type.startsWith("text/")
                || TEXTUAL.contains(type)
                || type.endsWith("+json")
                || type.endsWith("+xml") && !type.startsWith("image/");
    }
}
