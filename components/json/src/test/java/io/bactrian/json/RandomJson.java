package io.bactrian.json;

import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonBoolean;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Random values of JSON, of every kind, with what is likely to go wrong more often than chance would have it. */
final class RandomJson {

    private static final int DEEPEST = 5;
    private static final List<String> AWKWARD = List.of(
            "",
            " ",
            "\u0000",
            "\"",
            "\\",
            "/",
            "\\u0041",
            "\n\r\t\b\f",
            "\u2028\u2029",
            "\u202e",
            "\ufeff",
            "é",
            "e\u0301",
            "ß",
            "İ",
            Character.toString(0x1f42b),
            Character.toString(0x10ffff),
            "null",
            "true",
            "1",
            "1e5",
            "{}",
            "[]",
            "{\"a\":1}",
            "[1,2]",
            "${x}",
            "{{x}}",
            "$simple{body}",
            "'; DROP TABLE x; --",
            "*)(uid=*",
            "%{(#a=1)}",
            "__proto__",
            "2026-02-30",
            "2026-02-28",
            "-0",
            "NaN",
            "yes",
            "0123456789abcdef0123456789abcdef");
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "1",
            "-1",
            "0.1",
            "5.0",
            "1e2",
            "1E+30",
            "1e-30",
            "9007199254740993",
            "9223372036854775807",
            "-9223372036854775808",
            "18446744073709551616",
            "1.7976931348623157e308",
            "4.9e-324",
            "0e-300");

    private final SplittableRandom random;

    RandomJson(SplittableRandom random) {
        this.random = random;
    }

    JsonValue value() {
        return value(0);
    }

    JsonObject object() {
        return object(0);
    }

    private JsonValue value(int depth) {
        return switch (random.nextInt(depth < DEEPEST ? 8 : 6)) {
            case 0 -> JsonNull.NULL;
            case 1 -> JsonBoolean.of(random.nextBoolean());
            case 2, 3 -> new JsonNumber(number());
            case 4, 5 -> new JsonString(text());
            case 6 -> array(depth);
            default -> object(depth);
        };
    }

    private JsonArray array(int depth) {
        List<JsonValue> elements = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            elements.add(value(depth + 1));
        }
        return new JsonArray(elements);
    }

    private JsonObject object(int depth) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            members.put(text(), value(depth + 1));
        }
        return new JsonObject(members);
    }

    BigDecimal number() {
        if (random.nextInt(3) == 0) {
            return new BigDecimal(NUMBERS.get(random.nextInt(NUMBERS.size())));
        }
        byte[] digits = new byte[1 + random.nextInt(40)];
        random.nextBytes(digits);
        return new BigDecimal(new BigInteger(digits), random.nextInt(-150, 150));
    }

    String text() {
        if (random.nextInt(3) == 0) {
            return AWKWARD.get(random.nextInt(AWKWARD.size()));
        }
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            int code = random.nextInt(random.nextBoolean() ? 0x80 : Character.MAX_CODE_POINT + 1);
            if (code < Character.MIN_SURROGATE || code > Character.MAX_SURROGATE) {
                text.appendCodePoint(code);
            }
        }
        return text.toString();
    }
}
