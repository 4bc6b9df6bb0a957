package io.bactrian.core.json;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.MisconfiguredException;
import java.util.List;

/** Reads and writes JSON text, and checks values against JSON Schemas; the core has no parser of its own. Thread-safe. */
public interface JsonCodec {

    /**
     * Reads one value. Names given twice, more than {@link JsonValue#DEEPEST} levels, texts and documents beyond the bounds, a
     * byte order mark, lone surrogates and anything after the value are errors.
     *
     * @throws BadRequestException with {@code invalid_param}, saying where and what is wrong; never quoting the text
     */
    JsonValue parse(String json);

    /** Writes a value, compact. Numbers are written in plain or scientific notation that reads back as the same number. */
    String write(JsonValue value);

    /**
     * Makes a check of a JSON Schema (2020-12, or the draft that it names). References within the schema are followed, others
     * are refused.
     *
     * @throws MisconfiguredException if it is no schema, has a reference to elsewhere, or a pattern that could take
     *     exponential time
     */
    Check schema(JsonObject schema);

    /** A schema, compiled. Thread-safe. */
    @FunctionalInterface
    interface Check {

        /** What is wrong with a value, each with its path, at most ten; none if it fits. Never quotes the value. */
        List<String> problems(JsonValue value);
    }
}
