package io.bactrian.json;

/**
 * How a server departs from the OpenAI shape of an embedding request.
 *
 * @param base64 whether vectors are asked for as base64, a third of the bytes of decimal numbers
 * @param inputTypeField the field that tells queries from documents; empty if there is none, as with OpenAI
 * @param queryInputType its value for queries
 * @param documentInputType its value for documents
 */
public record EmbeddingWireOptions(
        boolean base64, String inputTypeField, String queryInputType, String documentInputType) {

    /** The shape as OpenAI documents it. */
    public static final EmbeddingWireOptions OPENAI = new EmbeddingWireOptions(true, "", "query", "document");
}
