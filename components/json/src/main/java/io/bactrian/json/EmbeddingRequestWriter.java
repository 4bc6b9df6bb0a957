package io.bactrian.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.provider.ParameterValue;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Writes embedding requests. */
final class EmbeddingRequestWriter {

    private static final Set<String> OURS = Set.of("model", "input", "encoding_format", "messages", "stream");

    private EmbeddingRequestWriter() {}

    static byte[] write(TextEmbeddingRequest request, String model, EmbeddingWireOptions options) {
        if (request.texts().isEmpty()) {
            throw JsonWriting.invalid("input: at least one text is needed");
        }
        int size = 128 + request.texts().stream().mapToInt(String::length).sum();
        return JsonWriting.toBytes(size, out -> write(request, model, options, out));
    }

    private static void write(
            TextEmbeddingRequest request, String model, EmbeddingWireOptions options, JsonGenerator out)
            throws IOException {
        out.writeStartObject();
        out.writeStringField("model", model);
        out.writeArrayFieldStart("input");
        for (String text : request.texts()) {
            if (text.isBlank()) {
                throw JsonWriting.invalid("input: a blank text has no embedding");
            }
            out.writeString(text);
        }
        out.writeEndArray();
        if (options.base64()) {
            out.writeStringField("encoding_format", "base64");
        }
        if (!options.inputTypeField().isEmpty()) {
            boolean query = request.inputType() == TextEmbeddingRequest.InputType.QUERY;
            out.writeStringField(
                    options.inputTypeField(), query ? options.queryInputType() : options.documentInputType());
        }
        for (Map.Entry<String, ParameterValue> parameter :
                request.parameters().values().entrySet()) {
            if (OURS.contains(parameter.getKey())) {
                throw JsonWriting.invalid(parameter.getKey() + " is not a parameter of a model");
            }
            JsonWriting.write(out, parameter.getKey(), parameter.getValue());
        }
        out.writeEndObject();
    }
}
