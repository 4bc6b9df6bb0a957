package io.bactrian.core.tool.annotation;

import io.bactrian.core.file.FileId;
import io.bactrian.core.json.JsonBoolean;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The bindings of Java types without parts. */
final class Scalars {

    /** How far the point of a number may be from its digits: beyond, nobody means a number, and it costs memory to write out. */
    private static final int GREATEST_EXPONENT = 400;

    private static final Map<Class<?>, Binding> BINDINGS = new HashMap<>();

    static {
        texts();
        BINDINGS.put(boolean.class, new OfBoolean());
        BINDINGS.put(Boolean.class, new OfBoolean());
        whole(byte.class, Byte.class, Byte.MIN_VALUE, Byte.MAX_VALUE, BigDecimal::byteValueExact);
        whole(short.class, Short.class, Short.MIN_VALUE, Short.MAX_VALUE, BigDecimal::shortValueExact);
        whole(int.class, Integer.class, Integer.MIN_VALUE, Integer.MAX_VALUE, BigDecimal::intValueExact);
        whole(long.class, Long.class, Long.MIN_VALUE, Long.MAX_VALUE, BigDecimal::longValueExact);
        BINDINGS.put(BigInteger.class, new OfNumber(true, null, null, BigDecimal::toBigIntegerExact));
        BINDINGS.put(BigDecimal.class, new OfNumber(false, null, null, value -> value));
        number(double.class, Double.class, Double.MAX_VALUE, BigDecimal::doubleValue);
        number(float.class, Float.class, Float.MAX_VALUE, BigDecimal::floatValue);
    }

    private Scalars() {}

    private static void texts() {
        OfText text = new OfText(ToolParameterType.STRING, "", "", given -> given);
        BINDINGS.put(String.class, text);
        BINDINGS.put(CharSequence.class, text);
        text(LocalDate.class, ToolParameterType.DATE, "date", "a date such as 2026-01-31", LocalDate::parse);
        text(LocalTime.class, ToolParameterType.STRING, "", "a time such as 12:30:00", LocalTime::parse);
        text(
                LocalDateTime.class,
                ToolParameterType.STRING,
                "",
                "a date and time such as 2026-01-31T12:30:00",
                LocalDateTime::parse);
        text(
                OffsetDateTime.class,
                ToolParameterType.STRING,
                "date-time",
                "a date and time such as 2026-01-31T12:30:00+01:00",
                OffsetDateTime::parse);
        text(
                Instant.class,
                ToolParameterType.STRING,
                "date-time",
                "a date and time such as 2026-01-31T12:30:00Z",
                given -> OffsetDateTime.parse(given).toInstant());
        text(UUID.class, ToolParameterType.STRING, "uuid", "a UUID", UUID::fromString);
        text(FileId.class, ToolParameterType.FILE, "", "the id of a file", FileId::new);
    }

    private static void text(
            Class<?> type, ToolParameterType declared, String format, String accepted, Function<String, ?> reader) {
        BINDINGS.put(type, new OfText(declared, format, accepted, reader));
    }

    private static void whole(
            Class<?> primitive, Class<?> boxed, long least, long greatest, Function<BigDecimal, ?> reader) {
        OfNumber binding = new OfNumber(true, BigDecimal.valueOf(least), BigDecimal.valueOf(greatest), reader);
        BINDINGS.put(primitive, binding);
        BINDINGS.put(boxed, binding);
    }

    private static void number(Class<?> primitive, Class<?> boxed, double greatest, Function<BigDecimal, ?> reader) {
        BigDecimal bound = new BigDecimal(greatest);
        OfNumber binding = new OfNumber(false, bound.negate(), bound, reader);
        BINDINGS.put(primitive, binding);
        BINDINGS.put(boxed, binding);
    }

    /** The binding of a type; empty if it is none of them. */
    static Optional<Binding> find(Class<?> type) {
        return Optional.ofNullable(BINDINGS.get(type));
    }

    /**
     * @param format the format that JSON Schema has for it; empty for none
     * @param accepted what it has to be, for messages; empty for any text
     */
    private record OfText(ToolParameterType type, String format, String accepted, Function<String, ?> reader)
            implements Binding {

        @Override
        public JsonObject schema() {
            JsonObject schema = JsonObject.of("type", "string");
            return format.isEmpty() ? schema : schema.with("format", format);
        }

        @Override
        public boolean declaresSchema() {
            return type == ToolParameterType.STRING && !format.isEmpty();
        }

        @Override
        public Object read(JsonValue value) {
            if (!(value instanceof JsonString text)) {
                throw new Unfit("has to be text");
            }
            try {
                return reader.apply(text.value());
            } catch (DateTimeException | IllegalArgumentException e) {
                throw new Unfit("has to be " + accepted);
            }
        }
    }

    private record OfBoolean() implements Binding {
        @Override
        public ToolParameterType type() {
            return ToolParameterType.BOOLEAN;
        }

        @Override
        public JsonObject schema() {
            return JsonObject.of("type", "boolean");
        }

        @Override
        public Object read(JsonValue value) {
            if (!(value instanceof JsonBoolean truth)) {
                throw new Unfit("has to be true or false");
            }
            return truth.value();
        }
    }

    private record OfNumber(
            boolean isWhole,
            @Nullable BigDecimal least,
            @Nullable BigDecimal greatest,
            Function<BigDecimal, ?> reader) implements Binding {

        @Override
        public ToolParameterType type() {
            return ToolParameterType.NUMBER;
        }

        @Override
        public JsonObject schema() {
            JsonObject schema = JsonObject.of("type", isWhole ? "integer" : "number");
            return isWhole && least != null ? schema.with("minimum", least).with("maximum", greatest) : schema;
        }

        @Override
        public void declare(ToolParameter.Builder parameter) {
            if (isWhole) {
                parameter.whole().range(least, greatest);
            }
        }

        @Override
        public Object read(JsonValue value) {
            if (!(value instanceof JsonNumber number)) {
                throw new Unfit("has to be a number");
            }
            BigDecimal given = number.value();
            long exponent = (long) given.precision() - given.scale() - 1;
            boolean fits = (given.signum() == 0 || Math.abs(exponent) <= GREATEST_EXPONENT)
                    && (least == null || given.compareTo(least) >= 0)
                    && (greatest == null || given.compareTo(greatest) <= 0);
            if (!fits) {
                throw new Unfit("is a number out of range");
            }
            try {
                return reader.apply(given);
            } catch (ArithmeticException e) {
                throw new Unfit("has to be a whole number");
            }
        }
    }
}
