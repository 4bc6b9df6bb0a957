package io.bactrian.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.FloatNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolJsonWritingTest {

    private static final int SEEDS = 10_000;

    private final JsonCodec codec = ToolJson.codec();

    @Test
    void writesCompactAndInOrder() {
        JsonObject value = JsonObject.builder()
                .put("b", List.of(1, "x\"\\\n\u0001é", true))
                .put("a", null)
                .put("empty", JsonObject.EMPTY)
                .put("none", List.of())
                .build();

        assertThat(codec.write(value))
                .isEqualTo("{\"b\":[1,\"x\\\"\\\\\\n\\u0001é\",true],\"a\":null,\"empty\":{},\"none\":[]}");
    }

    @ParameterizedTest
    @CsvSource({
        "100, 100",
        "1E+2, 100",
        "5.0, 5.0",
        "1E+20, 100000000000000000000",
        "1E+308, 1E+308",
        "1E-300, 1E-300",
        "-0.001, -0.001",
        "1E+1000000, 1E+1000000",
        "1.5E-1000000, 1.5E-1000000"
    })
    @DisplayName("PARSE-02: numbers are written plain where that is short, and never written out a million digits long")
    void writesNumbers(BigDecimal number, String json) {
        assertThat(codec.write(new JsonNumber(number))).isEqualTo(json);
    }

    @Test
    void escapesHalfPairsWhichHaveNoUtf8() {
        String text = "a" + (char) 0xd800 + Character.toString(0x1f42b) + (char) 0xdfff + "\"";

        String json = codec.write(JsonObject.of(text, text));

        String escaped = "a\\ud800" + Character.toString(0x1f42b) + "\\udfff\\\"";
        assertThat(json).isEqualTo("{\"" + escaped + "\":\"" + escaped + "\"}");
    }

    @Test
    void refusesToWriteDeeperThanItReads() {
        JsonValue deep = JsonNumber.of(1);
        for (int i = 0; i < 64; i++) {
            deep = new JsonArray(List.of(deep));
        }
        JsonValue deepest = deep;
        JsonValue tooDeep = new JsonArray(List.of(deep));

        assertThat(codec.parse(codec.write(deepest))).isEqualTo(deepest);
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> codec.write(tooDeep))
                .withMessageContaining("64");
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> ToolJson.toNode(tooDeep))
                .withMessageContaining("64");
    }

    @Test
    @DisplayName("PARSE-09: what is written reads back as the same, for 10,000 random values")
    void readsBackWhatItWrote() {
        long first = Long.getLong("bactrian.fuzz.seed", System.nanoTime());
        for (long seed = first; seed < first + SEEDS; seed++) {
            JsonValue value = new RandomJson(new SplittableRandom(seed)).value();
            String json = codec.write(value);
            assertThat(codec.parse(json)).as("seed " + seed + ": " + json).isEqualTo(value);
            assertThat(codec.write(codec.parse(json))).as("seed " + seed).isEqualTo(json);
        }
    }

    @Test
    @DisplayName("PARSE-09: Jackson's trees of 10,000 random values come back as the same, and say what the text says")
    void comesBackFromTrees() throws JsonProcessingException {
        long first = Long.getLong("bactrian.fuzz.seed", System.nanoTime());
        for (long seed = first; seed < first + SEEDS; seed++) {
            JsonValue value = new RandomJson(new SplittableRandom(seed)).value();
            assertThat(ToolJson.fromNode(ToolJson.toNode(value)))
                    .as("seed " + seed)
                    .isEqualTo(value);
            JsonNode read = JsonMappers.strict().readTree(codec.write(value));
            assertThat(ToolJson.fromNode(read)).as("seed " + seed).isEqualTo(value);
        }
    }

    @Test
    void makesTheNodesThatJacksonsParserMakes() throws JsonProcessingException {
        String json =
                "{\"i\":1,\"l\":12345678901,\"b\":123456789012345678901234567890,\"d\":0.10,\"t\":\"x\",\"n\":null}";

        assertThat(ToolJson.toNode(codec.parse(json)))
                .isEqualTo(JsonMappers.strict().readTree(json));
        assertThat(ToolJson.toNode(codec.parse("0.10")).decimalValue()).isEqualTo(new BigDecimal("0.10"));
    }

    @Test
    void takesNodesThatNoParserMakes() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("bytes", BinaryNode.valueOf(new byte[] {1, 2, 3}));
        node.set("float", FloatNode.valueOf(0.1f));
        node.set("double", DoubleNode.valueOf(0.1));
        node.put("big", BigInteger.TWO.pow(100));
        node.putPOJO("java", List.of("a", 1));

        assertThat(ToolJson.fromNode(node))
                .isEqualTo(JsonObject.builder()
                        .put("bytes", new JsonString("AQID"))
                        .put("float", new BigDecimal("0.1"))
                        .put("double", new BigDecimal("0.1"))
                        .put("big", BigInteger.TWO.pow(100))
                        .put("java", List.of("a", 1))
                        .build());
    }

    @Test
    void refusesNodesThatHaveNoPlaceInJson() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.putArray("list").add(1).add(DoubleNode.valueOf(Double.NaN));
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> ToolJson.fromNode(node))
                .withMessage("$.list[1] is not a finite number, as JSON needs");

        ObjectNode java = JsonNodeFactory.instance.objectNode();
        java.putPOJO("a b", new Thread("CANARY"));
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> ToolJson.fromNode(java))
                .withMessage("$['a b'] holds a Java object that is no value of JSON");
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> ToolJson.fromNode(MissingNode.getInstance()))
                .withMessage("$ has no value");
    }
}
