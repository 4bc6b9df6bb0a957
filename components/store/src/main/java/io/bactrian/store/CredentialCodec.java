package io.bactrian.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a credential as JSON, each with its type: {@code {"api_key":{"secret":"…"},"stream":{"flag":false}}}.
 * What is secret is written with the value, so that a form that changes later cannot have it read as something else.
 */
final class CredentialCodec {

    private static final JsonFactory JSON = JsonFactory.builder().build();

    private CredentialCodec() {}

    static byte[] encode(Credentials credentials) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            for (Map.Entry<String, CredentialValue> entry : credentials.values().entrySet()) {
                out.writeObjectFieldStart(entry.getKey());
                write(out, entry.getValue());
                out.writeEndObject();
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator out, CredentialValue value) throws IOException {
        if (value instanceof CredentialValue.Hidden hidden) {
            out.writeStringField("secret", hidden.secret().reveal());
        } else if (value instanceof CredentialValue.Flag flag) {
            out.writeBooleanField("flag", flag.on());
        } else if (value instanceof CredentialValue.Number number) {
            // as text: a JSON number may lose its scale
            out.writeStringField("number", number.number().toString());
        } else {
            out.writeStringField("text", value.shown());
        }
    }

    /** @throws IOException if these are no credentials; the message quotes none of the bytes */
    static Credentials decode(byte[] json) throws IOException {
        Map<String, CredentialValue> values = new LinkedHashMap<>();
        try (JsonParser in = JSON.createParser(json)) {
            expect(in.nextToken(), JsonToken.START_OBJECT);
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                expect(in.nextToken(), JsonToken.START_OBJECT);
                expect(in.nextToken(), JsonToken.FIELD_NAME);
                values.put(name, read(in));
                expect(in.nextToken(), JsonToken.END_OBJECT);
            }
            expect(in.currentToken(), JsonToken.END_OBJECT);
            return Credentials.of(values);
        } catch (IOException | IllegalArgumentException e) {
            // no cause: a parser's message may quote what it read
            throw new IOException("not the JSON of a credential");
        }
    }

    private static CredentialValue read(JsonParser in) throws IOException {
        String type = in.currentName();
        JsonToken value = in.nextToken();
        if ("flag".equals(type)) {
            return new CredentialValue.Flag(in.getBooleanValue());
        }
        expect(value, JsonToken.VALUE_STRING);
        String text = in.getText();
        return switch (type) {
            case "secret" -> new CredentialValue.Hidden(Secret.of(text));
            case "number" -> new CredentialValue.Number(new BigDecimal(text));
            case "text" -> new CredentialValue.Text(text);
            default -> throw new IOException("a type of value that this version does not know");
        };
    }

    private static void expect(@Nullable JsonToken token, JsonToken expected) throws IOException {
        if (token != expected) {
            throw new IOException("not the JSON of a credential");
        }
    }
}
