package io.bactrian.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.provider.ParameterValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the writers share. */
final class JsonWriting {

    private static final int MOST_DIGITS = 40;

    private JsonWriting() {}

    /** Writes one value. */
    interface Content {
        void write(JsonGenerator out) throws IOException;
    }

    /** The JSON as UTF-8. Half of a surrogate pair has none and stays escaped: models part pairs between two pieces. */
    static byte[] toBytes(int expectedSize, Content content) {
        Collected bytes = new Collected(expectedSize);
        try (JsonGenerator out = JsonMappers.factory().createGenerator(bytes)) {
            out.enable(JsonGenerator.Feature.COMBINE_UNICODE_SURROGATES_IN_UTF8);
            content.write(out);
        } catch (IOException unwritable) {
            throw invalid("it cannot be written as JSON");
        }
        return bytes.toByteArray();
    }

    /** The generator gathers some kilobytes before it writes: what is no longer is copied once, to its exact size. */
    private static final class Collected extends OutputStream {

        private final int expectedSize;
        private byte @Nullable [] only;
        private @Nullable ByteArrayOutputStream more;

        Collected(int expectedSize) {
            this.expectedSize = expectedSize;
        }

        @Override
        public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            byte[] first = only;
            if (first == null && more == null) {
                only = Arrays.copyOfRange(from, offset, offset + length);
                return;
            }
            ByteArrayOutputStream all = more;
            if (all == null) {
                all = new ByteArrayOutputStream(Math.max(expectedSize, 4 * length));
                all.writeBytes(Objects.requireNonNull(first));
                only = null;
                more = all;
            }
            all.write(from, offset, length);
        }

        byte[] toByteArray() {
            byte[] whole = only;
            return whole != null ? whole : more == null ? new byte[0] : more.toByteArray();
        }
    }

    /** Copies JSON text that came from outside; text that is not exactly one JSON value could add fields of its own. */
    static void writeJson(JsonGenerator out, String where, String json) throws IOException {
        check(where, json, false);
        out.writeRawValue(json.strip());
    }

    /** As {@link #writeJson}, for what has to be an object. */
    static void writeJsonObject(JsonGenerator out, String where, String json) throws IOException {
        check(where, json, true);
        out.writeRawValue(json.strip());
    }

    private static void check(String where, String json, boolean object) {
        try (JsonParser parser = JsonMappers.factory().createParser(json)) {
            JsonToken first = parser.nextToken();
            if (first == null || object && first != JsonToken.START_OBJECT) {
                throw invalid(where + " is not a JSON " + (object ? "object" : "value"));
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw invalid(where + " is more than one JSON value");
            }
        } catch (IOException notJson) {
            throw invalid(where + " is not valid JSON" + Malformed.place(notJson));
        }
    }

    static void write(JsonGenerator out, String name, ParameterValue value) throws IOException {
        out.writeFieldName(name);
        if (value instanceof ParameterValue.Number number) {
            writeNumber(out, number.number());
        } else if (value instanceof ParameterValue.Flag flag) {
            out.writeBoolean(flag.on());
        } else if (value instanceof ParameterValue.Text text) {
            out.writeString(text.text());
        } else if (value instanceof ParameterValue.Json json) {
            writeJson(out, name, json.json());
        }
    }

    static void writeNumber(JsonGenerator out, BigDecimal number) throws IOException {
        out.writeNumber(numberText(number));
    }

    /** Plain where that is short: {@code 1E+2} is a float to servers that want a whole number. */
    static String numberText(BigDecimal number) {
        long digits = (long) number.precision() + Math.abs((long) number.scale());
        return digits <= MOST_DIGITS ? number.toPlainString() : number.toString();
    }

    static BadRequestException invalid(String problem) {
        return new BadRequestException(ErrorCode.INVALID_PARAM, problem);
    }
}
