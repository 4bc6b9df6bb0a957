package io.bactrian.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.ToolParameterType;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Mutated JSON, random arguments and mutated schemas: each ends in a value or in an error of ours, and soon. */
class ToolFuzzTest {

    private static final int ROUNDS = 30_000;
    private static final int SCHEMA_ROUNDS = 2_000;

    private static final List<String> TOKENS = List.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "\\",
            "\\u",
            "\\ud800",
            "\\udc2b",
            "e",
            "E+",
            "-",
            ".",
            "0",
            "9",
            "null",
            "true",
            "NaN",
            "1e999999999",
            "\ufeff",
            "\u0000",
            "\u202e",
            "/*",
            "{}",
            "[]",
            "\"\"",
            "{\"a\":",
            "[[[[[[[[",
            " ",
            "\n",
            "é",
            "\ud83d");

    static final List<String> SCHEMAS = List.of(
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"^(a+)+$\"}},\"required\":[\"a\"]}",
            "{\"$ref\":\"#/$defs/n\",\"$defs\":{\"n\":{\"anyOf\":[{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/n\"}},{\"type\":\"null\"}]}}}",
            "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"items\":[{\"const\":1},{\"enum\":[1,\"a\"]}],\"additionalItems\":false}",
            "{\"oneOf\":[{\"type\":\"integer\",\"multipleOf\":3},{\"minimum\":1.5,\"exclusiveMaximum\":9}],\"not\":{\"const\":7}}",
            "{\"patternProperties\":{\"^x\":{\"format\":\"date\"}},\"additionalProperties\":{\"$ref\":\"#\"},\"propertyNames\":{\"maxLength\":5}}",
            "{\"if\":{\"required\":[\"a\"]},\"then\":{\"unevaluatedProperties\":false},\"else\":{\"dependentRequired\":{\"b\":[\"c\"]}},\"$anchor\":\"q\"}",
            "{\"prefixItems\":[{\"$ref\":\"#q\"}],\"contains\":{\"type\":[\"string\",\"null\"]},\"uniqueItems\":true,\"$defs\":{\"q\":{\"$anchor\":\"q\"}}}");

    private final long seed = Long.getLong("bactrian.fuzz.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    @DisplayName("PARSE-05: of 30,000 mutated texts each is read as what the text says, or refused; nothing breaks")
    void readsOrRefusesMutatedJson() {
        int read = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String json = mutated(ToolJson.codec().write(new RandomJson(random).value()));
            read += outcome(json, () -> FuzzOutcomes.parse(json).isPresent()) ? 1 : 0;
        }
        assertThat(read)
                .as("the mutations are neither too wild nor too tame; seed " + seed)
                .isBetween(ROUNDS / 20, ROUNDS * 19 / 20);
    }

    @Test
    @DisplayName(
            "PARSE-01: 30,000 random arguments of every type are bound as its type says or refused; nothing breaks")
    void bindsOrRefusesRandomArguments() {
        ArgumentsOfTypes arguments = new ArgumentsOfTypes(random);
        int bound = 0;
        for (int i = 0; i < ROUNDS; i++) {
            ToolParameterType type = ToolParameterType.values()[i % ToolParameterType.values().length];
            JsonValue given = arguments.of(type);
            bound += outcome(type + " " + SampleTools.text(given), () -> FuzzOutcomes.bind(type, given)) ? 1 : 0;
        }
        assertThat(bound).as("seed " + seed).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
    }

    @Test
    @DisplayName("PARSE-01: 2,000 mutated schemas check random values or are refused; nothing breaks, nothing hangs")
    void compilesOrRefusesMutatedSchemas() {
        int compiled = 0;
        for (int i = 0; i < SCHEMA_ROUNDS; i++) {
            String schema = SCHEMAS.get(random.nextInt(SCHEMAS.size()));
            String mutated = random.nextBoolean() ? mutated(schema) : spliced(schema);
            compiled += outcome(mutated, () -> check(mutated)) ? 1 : 0;
        }
        assertThat(compiled).as("seed " + seed).isGreaterThan(SCHEMA_ROUNDS / 50);
    }

    @Test
    @DisplayName(
            "30,000 times the pieces of files, in any order and some of them wrong, make files of all bytes or are refused")
    void putsPiecesTogetherOrRefusesThem() {
        int whole = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] script = script();
            whole += outcome(Arrays.toString(script), () -> FuzzOutcomes.merge(FuzzOutcomes.pieces(script))) ? 1 : 0;
        }
        assertThat(whole).as("seed " + seed).isBetween(ROUNDS / 20, ROUNDS * 19 / 20);
    }

    /** The pieces of a file or two, shuffled, and in half of the cases one byte of them changed. */
    private byte[] script() {
        List<byte[]> pieces = new ArrayList<>();
        for (int file = random.nextInt(1, 3); file > 0; file--) {
            int count = random.nextInt(1, 5);
            int[] lengths = random.ints(count, 0, 16).toArray();
            for (int i = 0; i < count; i++) {
                int end = i == count - 1 ? 0x80 : 0;
                int total = Arrays.stream(lengths).sum();
                pieces.add(new byte[] {(byte) file, (byte) i, (byte) total, (byte) (lengths[i] | end)});
            }
        }
        ByteArrayOutputStream script = new ByteArrayOutputStream();
        while (!pieces.isEmpty()) {
            script.writeBytes(pieces.remove(random.nextInt(pieces.size())));
        }
        byte[] bytes = script.toByteArray();
        if (random.nextBoolean()) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private boolean check(String json) {
        ToolParameterType type = ToolParameterType.values()[random.nextInt(ToolParameterType.values().length)];
        JsonValue value = new ArgumentsOfTypes(random).of(type);
        return FuzzOutcomes.parse(json)
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .filter(schema -> FuzzOutcomes.check(schema, value) | FuzzOutcomes.bind(type, schema, value))
                .isPresent();
    }

    private boolean outcome(String input, BooleanSupplier tried) {
        try {
            return tried.getAsBoolean();
        } catch (RuntimeException | Error crash) {
            return fail("seed " + seed + ": " + input, crash);
        }
    }

    /** One schema put into another one. */
    private String spliced(String schema) {
        String other = SCHEMAS.get(random.nextInt(SCHEMAS.size()));
        int at = schema.indexOf('{', random.nextInt(schema.length()));
        int end = at < 0 ? -1 : schema.indexOf('}', at);
        return end < 0 ? schema : schema.substring(0, at) + other + schema.substring(end + 1);
    }

    private String mutated(String json) {
        StringBuilder text = new StringBuilder(json);
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, TOKENS.get(random.nextInt(TOKENS.size())));
                case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(1, 4)));
                case 2 -> text.setLength(at);
                default -> text.append(json, 0, random.nextInt(json.length() + 1));
            }
        }
        return text.toString();
    }
}
