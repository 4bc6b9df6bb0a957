package io.bactrian.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.model.TokenUsage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads embeddings: lists of numbers, or base64 of little-endian floats, whichever the server gives. */
final class EmbeddingReader {

    private static final int MOST_DIMENSIONS = 65_536;

    private final float[][] vectors;
    private int position;
    private @Nullable String model;
    private @Nullable TokenUsage usage;
    private @Nullable OpenAiError error;
    private float[] numbers = new float[1536];

    private EmbeddingReader(int texts) {
        vectors = new float[texts][];
    }

    static TextEmbeddingResult read(byte[] json, int offset, int length, String askedModel, int texts)
            throws OpenAiErrorReply {
        EmbeddingReader reader = new EmbeddingReader(texts);
        try (JsonParser parser = JsonMappers.factory().createParser(json, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw Malformed.answer("is not a JSON object");
            }
            reader.fields(parser);
        } catch (IOException invalid) {
            throw Malformed.json(invalid);
        }
        if (reader.error != null) {
            throw new OpenAiErrorReply(reader.error);
        }
        return reader.result(askedModel);
    }

    private void fields(JsonParser json) throws IOException {
        String message = null;
        boolean isError = false;
        while (Tokens.nextField(json)) {
            String name = json.currentName();
            JsonToken value = Tokens.next(json);
            switch (name) {
                case "data" -> data(json, value);
                case "model" -> model = Tokens.text(json, value);
                case "usage" -> usage = UsageReader.read(json);
                case "error" -> error = value == JsonToken.VALUE_NULL ? null : ErrorReader.readValue(json);
                case "object" -> isError = value == JsonToken.VALUE_STRING && Tokens.isText(json, "error");
                case "message" -> message = Tokens.text(json, value);
                default -> Tokens.skip(json);
            }
        }
        if (error == null && isError) {
            error = OpenAiError.of(message == null ? "" : message);
        }
    }

    private void data(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            throw Malformed.answer("has no list of embeddings in 'data'");
        }
        for (JsonToken item = Tokens.next(json); item != JsonToken.END_ARRAY; item = Tokens.next(json)) {
            if (item != JsonToken.START_OBJECT) {
                throw Malformed.answer("has an embedding that is not an object");
            }
            item(json);
            position++;
        }
    }

    private void item(JsonParser json) throws IOException {
        int index = position;
        float[] vector = null;
        while (Tokens.nextField(json)) {
            String name = json.currentName();
            JsonToken value = Tokens.next(json);
            switch (name) {
                case "index" -> index = value == JsonToken.VALUE_NUMBER_INT ? json.getIntValue() : index;
                case "embedding" -> vector = vector(json, value);
                default -> Tokens.skip(json);
            }
        }
        if (vector == null) {
            throw Malformed.answer("has an entry in 'data' without an embedding");
        }
        if (index < 0 || index >= vectors.length || vectors[index] != null) {
            throw Malformed.answer("has embeddings for texts that were not asked for");
        }
        vectors[index] = vector;
    }

    private float[] vector(JsonParser json, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            return decoded(json.getBinaryValue());
        }
        if (value != JsonToken.START_ARRAY) {
            throw Malformed.answer("has an embedding that is neither a list of numbers nor base64");
        }
        int length = 0;
        for (JsonToken item = Tokens.next(json); item != JsonToken.END_ARRAY; item = Tokens.next(json)) {
            if (!item.isNumeric() || length == MOST_DIMENSIONS) {
                throw Malformed.answer(
                        "has an embedding that is not a list of at most " + MOST_DIMENSIONS + " numbers");
            }
            if (length == numbers.length) {
                numbers = Arrays.copyOf(numbers, length * 2);
            }
            numbers[length++] = json.getFloatValue();
        }
        return Arrays.copyOf(numbers, length);
    }

    private static float[] decoded(byte[] bytes) {
        if (bytes.length % Float.BYTES != 0 || bytes.length / Float.BYTES > MOST_DIMENSIONS) {
            throw Malformed.answer("has an embedding whose base64 is not a list of floats");
        }
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }

    private TextEmbeddingResult result(String askedModel) {
        if (position != vectors.length) {
            throw Malformed.answer("has " + position + " embeddings for " + vectors.length + " texts");
        }
        for (float[] vector : vectors) {
            if (vector.length == 0 || vector.length != vectors[0].length) {
                throw Malformed.answer("has embeddings that are empty or of different lengths");
            }
            for (float number : vector) {
                if (!Float.isFinite(number)) {
                    throw Malformed.answer("has an embedding with numbers that are not finite");
                }
            }
        }
        return new TextEmbeddingResult(
                model == null || model.isEmpty() ? askedModel : model, List.of(vectors), usage, null);
    }
}
