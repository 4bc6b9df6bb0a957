package io.bactrian.json;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.tool.ToolParameterType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * PARSE-01, PARSE-05: the same as {@link ToolFuzzTest}, led by coverage: looks for inputs that break it until its time is over.
 * One method at a time, by the Maven profile {@code fuzz}.
 */
class ToolJazzerTest {

    private static final List<String> TEXTS = List.of(
            "null",
            "{\"a\":[1,-2.50e-3,\"\\u00e9\\ud83d\\udc2b\",true,{}]}",
            "[[[[[[[]]]]]]]",
            "{\"a\":1,\"a\":2}",
            "\"\\ud800\"",
            "1e400",
            "0e999999999",
            "\ufeff1",
            "[1] x",
            "{\"file_id\":\"" + SampleTools.FILE_ID + "\"}",
            "\"2026-01-31\"",
            "\"[1,2]\"",
            "{\"start\":\"2026-01-31\",\"end\":\"2026-02-01\"}",
            "\" Yes \"",
            "\"7.0\"",
            "[{\"provider_id\":\"p\",\"tool_name\":\"t\"}]");

    static Stream<String> texts() {
        return TEXTS.stream();
    }

    static Stream<Arguments> arguments() {
        return Stream.of(ToolParameterType.values()).flatMap(type -> texts().map(text -> Arguments.of(type, text)));
    }

    static Stream<Arguments> schemas() {
        return ToolFuzzTest.SCHEMAS.stream().flatMap(schema -> texts().map(text -> Arguments.of(schema, text)));
    }

    @MethodSource("texts")
    @FuzzTest(maxDuration = "2m")
    void readsOrRefuses(@NotNull String json) {
        FuzzOutcomes.parse(json);
    }

    @MethodSource("arguments")
    @FuzzTest(maxDuration = "2m")
    void bindsOrRefuses(@NotNull ToolParameterType type, @NotNull String json) {
        FuzzOutcomes.parse(json).ifPresent(value -> FuzzOutcomes.bind(type, value));
        FuzzOutcomes.bind(type, new JsonString(json));
    }

    @FuzzTest(maxDuration = "2m")
    void putsPiecesTogetherOrRefusesThem(byte @NotNull [] script) {
        FuzzOutcomes.merge(FuzzOutcomes.pieces(script));
    }

    @MethodSource("schemas")
    @FuzzTest(maxDuration = "2m")
    void compilesOrRefuses(@NotNull String schema, @NotNull String json) {
        FuzzOutcomes.parse(schema)
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .ifPresent(object ->
                        FuzzOutcomes.check(object, FuzzOutcomes.parse(json).orElse(object)));
    }
}
