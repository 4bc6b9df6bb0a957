package io.bactrian.model.http;

import io.bactrian.core.credential.Credentials;
import io.bactrian.core.provider.ProviderEntity;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a server departs from what OpenAI documents. Said in the provider's declaration under {@code quirks}, or by a
 * field of the same name in the credentials, where servers behind one declaration differ.
 */
enum Quirk {
    /** The name of the limit of output tokens. */
    MAX_TOKENS_FIELD("max_tokens", "max_tokens", "max_completion_tokens"),
    /** Whether streams may be asked for usage by {@code stream_options}. */
    STREAM_OPTIONS("true", "true", "false"),
    /** Whether the role {@code developer} is known. */
    DEVELOPER_ROLE("false", "true", "false"),
    /** The word for "must call a tool". */
    REQUIRED_TOOL_CHOICE("required", "required", "any"),
    /** Whether {@code response_format} takes a JSON Schema. */
    JSON_SCHEMA("true", "true", "false"),
    /** Whether tools may carry {@code strict}. */
    STRICT_TOOLS("true", "true", "false"),
    /** The field in which reasoning is given back with an assistant's message. */
    REASONING_FIELD("none", "none", "reasoning_content", "reasoning"),
    /** How vectors are asked for. */
    EMBEDDING_ENCODING("float", "float", "base64"),
    /** The field that tells queries from documents. */
    EMBEDDING_INPUT_TYPE("none", "none", "input_type"),
    /** What is asked to see whether a credential opens the server. */
    VALIDATE_WITH("models", "models", "chat");

    private final String otherwise;
    private final List<String> allowed;

    Quirk(String otherwise, String... allowed) {
        this.otherwise = otherwise;
        this.allowed = List.of(allowed);
    }

    /** The name in declarations and credentials. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The values it may have. */
    List<String> allowed() {
        return allowed;
    }

    /** The quirk of that name. */
    static Optional<Quirk> of(String text) {
        return Arrays.stream(values())
                .filter(quirk -> quirk.text().equals(text))
                .findFirst();
    }

    /** Its value: the credentials', else the declaration's, else what most servers do. */
    String of(ProviderEntity provider, Credentials credentials) {
        return credentials
                .text(text())
                .filter(allowed::contains)
                .or(() -> Optional.ofNullable(provider.quirks().get(text())).filter(allowed::contains))
                .orElse(otherwise);
    }

    boolean on(ProviderEntity provider, Credentials credentials) {
        return Boolean.parseBoolean(of(provider, credentials));
    }
}
