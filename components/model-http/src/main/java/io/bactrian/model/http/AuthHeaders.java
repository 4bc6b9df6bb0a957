package io.bactrian.model.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.egress.OutboundHeaders;
import io.bactrian.json.JsonMappers;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The headers that credentials stand for. Nothing else ever goes out with a call (HDR-05, HDR-06). */
final class AuthHeaders {

    private AuthHeaders() {}

    static OutboundHeaders of(Credentials credentials) {
        OutboundHeaders.Builder headers = OutboundHeaders.builder();
        key(credentials).ifPresent(key -> authorize(headers, credentials, key));
        credentials
                .text("organization")
                .filter(value -> !value.isBlank())
                .ifPresent(value -> headers.with("OpenAI-Organization", value.strip()));
        credentials
                .text("project")
                .filter(value -> !value.isBlank())
                .ifPresent(value -> headers.with("OpenAI-Project", value.strip()));
        // whatever an operator puts into a header may be a key, so none of it is shown
        extra(credentials).forEach((name, value) -> headers.secret(name, Secret.of(value)));
        return headers.build();
    }

    /** The key; text where a source of plain properties did not know that the field is secret. */
    private static Optional<Secret> key(Credentials credentials) {
        return credentials.secret("api_key").or(() -> credentials
                .text("api_key")
                .filter(text -> !text.isBlank())
                .map(Secret::of));
    }

    private static void authorize(OutboundHeaders.Builder headers, Credentials credentials, Secret key) {
        String style = credentials.text("auth_style").orElse("bearer");
        switch (style) {
            case "bearer" -> headers.bearer(key);
            case "header" -> {
                String name = credentials
                        .text("auth_header")
                        .filter(text -> !text.isBlank())
                        .orElse("api-key");
                headers.secret(name.strip(), key);
            }
            case "none" -> {}
            default ->
                throw new MisconfiguredException(
                        ErrorCode.MISCONFIGURED, "auth_style is bearer, header or none; another value is set");
        }
    }

    /** {@code {"Name":"value"}}, or {@code Name: value} parted by semicolons or line breaks. */
    static Map<String, String> extra(Credentials credentials) {
        Optional<String> given = credentials
                .find("extra_headers")
                .map(value -> value instanceof CredentialValue.Hidden hidden
                        ? hidden.secret().reveal()
                        : value.shown());
        String text = given.map(String::strip).orElse("");
        if (text.isEmpty()) {
            return Map.of();
        }
        return text.startsWith("{") ? fromJson(text) : fromLines(text);
    }

    private static Map<String, String> fromJson(String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, JsonNode> field :
                    JsonMappers.strict().readTree(text).properties()) {
                if (!field.getValue().isValueNode() || field.getValue().asText().isEmpty()) {
                    throw wrong();
                }
                headers.put(field.getKey(), field.getValue().asText());
            }
        } catch (IOException notJson) {
            throw wrong();
        }
        return headers;
    }

    private static Map<String, String> fromLines(String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : text.split("[;\r\n]+", -1)) {
            if (line.isBlank()) {
                continue;
            }
            int colon = line.indexOf(':');
            String value = colon < 0 ? "" : line.substring(colon + 1).strip();
            if (colon < 1 || value.isEmpty()) {
                throw wrong();
            }
            headers.put(line.substring(0, colon).strip(), value);
        }
        return headers;
    }

    private static MisconfiguredException wrong() {
        return new MisconfiguredException(
                ErrorCode.MISCONFIGURED,
                "extra_headers is a JSON object of names and texts, or 'Name: value' parted by semicolons");
    }
}
