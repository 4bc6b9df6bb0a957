package io.bactrian.core.tool;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.file.FileId;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonBoolean;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import java.io.Serial;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Turns what was given for a parameter into what its type says, or says why it is not that. Strict: what cannot be turned
 * without loss is refused, and nothing becomes null, an empty object or true by itself. The table of what is accepted is in the
 * README of the tool room.
 */
final class Coercion {

    /** How many digits a number may have, and how far its point may be from them: beyond, nobody means a number. */
    private static final int MOST_DIGITS = 100;

    private static final int GREATEST_EXPONENT = 308;
    private static final int MOST_FILES = 100;
    private static final int MOST_OPTIONS_TOLD = 20;
    private static final int LONGEST_PLAIN_NUMBER = 40;

    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]{0,99})(\\.[0-9]{1,99})?([eE][+-]?[0-9]{1,4})?");
    private static final Set<String> YES = Set.of("true", "yes", "y", "1");
    private static final Set<String> NO = Set.of("false", "no", "n", "0");

    private final JsonCodec codec;

    Coercion(JsonCodec codec) {
        this.codec = codec;
    }

    /** Says why a value does not fit. Without a trace: it is an answer, not an accident. */
    static final class Unfit extends RuntimeException {

        @Serial
        private static final long serialVersionUID = 1;

        Unfit(String reason) {
            super(reason, null, false, false);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * The value that a parameter gets.
     *
     * @param given what was given; never null of JSON
     * @throws Unfit if it does not fit
     */
    JsonValue coerce(ToolParameter parameter, JsonValue given) {
        if (parameter.multiple()) {
            return each(list(given), item -> option(parameter, text(item)));
        }
        return switch (parameter.type()) {
            case STRING, SECRET_INPUT, CHECKBOX ->
                parameter.options().isEmpty() ? text(given) : option(parameter, text(given));
            case SELECT, DYNAMIC_SELECT -> option(parameter, text(given));
            case BOOLEAN -> truth(given);
            case NUMBER -> number(parameter, given);
            case FILE -> file(given);
            case FILES, SYSTEM_FILES -> files(given);
            case OBJECT -> object(given);
            case APP_SELECTOR -> withMembers(object(given), "app_id");
            case MODEL_SELECTOR -> withMembers(object(given), "provider", "model", "model_type");
            case ARRAY -> list(given);
            case TOOLS -> each(list(given), item -> withMembers(object(item), "provider_id", "tool_name"));
            case ANY -> given;
            case DATE -> new JsonString(date(text(given).value()).toString());
            case DATE_RANGE -> range(given);
        };
    }

    private static JsonString text(JsonValue given) {
        if (given instanceof JsonString text) {
            return text;
        }
        if (given instanceof JsonNumber number) {
            return new JsonString(written(bounded(number.value())));
        }
        if (given instanceof JsonBoolean truth) {
            return new JsonString(Boolean.toString(truth.value()));
        }
        throw new Unfit("has to be text, not " + article(given));
    }

    /** As people write it, where that is short: 10000000000 rather than 1.0E+10. */
    private static String written(BigDecimal value) {
        long digits = (long) value.precision() + Math.abs((long) value.scale());
        return digits <= LONGEST_PLAIN_NUMBER ? value.toPlainString() : value.toString();
    }

    private static JsonString option(ToolParameter parameter, JsonString given) {
        if (parameter.options().isEmpty()) {
            return given;
        }
        for (ToolParameterOption allowed : parameter.options()) {
            if (allowed.value().equals(given.value())) {
                return given;
            }
        }
        int all = parameter.options().size();
        throw new Unfit(parameter.options().stream()
                .limit(MOST_OPTIONS_TOLD)
                .map(ToolParameterOption::value)
                .collect(Collectors.joining(
                        ", ", "has to be one of ", all > MOST_OPTIONS_TOLD ? " or others, " + all + " in all" : "")));
    }

    private static JsonBoolean truth(JsonValue given) {
        if (given instanceof JsonBoolean truth) {
            return truth;
        }
        String word = given instanceof JsonString text ? text.value().strip().toLowerCase(Locale.ROOT) : "";
        if (given instanceof JsonNumber number
                && number.isWhole()
                && number.value().abs().compareTo(BigDecimal.ONE) <= 0) {
            word = number.value().toBigInteger().toString();
        }
        if (YES.contains(word)) {
            return JsonBoolean.TRUE;
        }
        if (NO.contains(word)) {
            return JsonBoolean.FALSE;
        }
        throw new Unfit("has to be true or false");
    }

    private static JsonNumber number(ToolParameter parameter, JsonValue given) {
        BigDecimal decimal = bounded(decimal(given));
        BigDecimal value = decimal.signum() == 0 ? BigDecimal.ZERO : decimal;
        BigDecimal plain = value.stripTrailingZeros();
        Integer precision = parameter.precision();
        if (precision != null && plain.scale() > precision) {
            throw new Unfit(precision == 0 ? "has to be a whole number" : "has more than " + precision + " decimals");
        }
        if (parameter.min() != null && value.compareTo(parameter.min()) < 0) {
            throw new Unfit("has to be at least " + written(parameter.min()));
        }
        if (parameter.max() != null && value.compareTo(parameter.max()) > 0) {
            throw new Unfit("has to be at most " + written(parameter.max()));
        }
        // 5.0 is a whole number, and is written as one
        return new JsonNumber(precision != null && precision == 0 ? plain.setScale(0) : value);
    }

    private static BigDecimal decimal(JsonValue given) {
        if (given instanceof JsonNumber number) {
            return number.value();
        }
        if (given instanceof JsonString text
                && NUMBER.matcher(text.value().strip()).matches()) {
            return new BigDecimal(text.value().strip());
        }
        throw new Unfit("has to be a number, not " + article(given));
    }

    private static BigDecimal bounded(BigDecimal value) {
        long exponent = (long) value.precision() - value.scale() - 1;
        if (value.precision() > MOST_DIGITS || Math.abs(exponent) > GREATEST_EXPONENT && value.signum() != 0) {
            throw new Unfit("is no number of usable size: at most " + MOST_DIGITS + " digits, from 1e-"
                    + GREATEST_EXPONENT + " to 1e" + GREATEST_EXPONENT);
        }
        return value;
    }

    private JsonObject object(JsonValue given) {
        if (structure(given, "{") instanceof JsonObject object) {
            return object;
        }
        throw new Unfit("has to be an object, not " + article(given));
    }

    private JsonArray list(JsonValue given) {
        if (structure(given, "[") instanceof JsonArray array) {
            return array;
        }
        throw new Unfit("has to be a list, not " + article(given));
    }

    /** Models like to give structures as JSON in a text. */
    private JsonValue structure(JsonValue given, String beginning) {
        if (!(given instanceof JsonString text) || !text.value().stripLeading().startsWith(beginning)) {
            return given;
        }
        try {
            return codec.parse(text.value());
        } catch (BadRequestException e) {
            throw new Unfit("is text that looks like JSON, but " + e.getMessage());
        }
    }

    private static JsonArray each(JsonArray list, UnaryOperator<JsonValue> coerce) {
        List<JsonValue> coerced = new ArrayList<>();
        for (JsonValue item : list.elements()) {
            try {
                coerced.add(coerce.apply(item));
            } catch (Unfit e) {
                throw new Unfit("item " + coerced.size() + " " + e.reason());
            }
        }
        return new JsonArray(coerced);
    }

    private static JsonObject withMembers(JsonObject object, String... names) {
        for (String name : names) {
            if (object.findText(name).filter(text -> !text.isBlank()).isEmpty()) {
                throw new Unfit("needs the member " + name + ", a text");
            }
        }
        return object;
    }

    /** A file is named by its id, as text or as {@code {"file_id": …}}; it becomes the id as text. */
    private JsonString file(JsonValue given) {
        JsonValue one = structure(structure(given, "["), "{");
        if (one instanceof JsonArray list) {
            if (list.elements().size() != 1) {
                throw new Unfit("has to be one file, not " + list.elements().size());
            }
            one = list.elements().get(0);
        }
        String id = one instanceof JsonString text
                ? text.value()
                : one instanceof JsonObject object ? object.findText("file_id").orElse("") : "";
        try {
            return new JsonString(new FileId(id.strip()).value());
        } catch (IllegalArgumentException e) {
            throw new Unfit("has to be the id of a file");
        }
    }

    private JsonArray files(JsonValue given) {
        JsonArray list = structure(given, "[") instanceof JsonArray array ? array : new JsonArray(List.of(given));
        if (list.elements().size() > MOST_FILES) {
            throw new Unfit("has more than " + MOST_FILES + " files");
        }
        return each(list, this::file);
    }

    private static LocalDate date(String text) {
        try {
            LocalDate date = LocalDate.parse(text.strip());
            // LocalDate reads years of more than four digits too
            if (date.getYear() >= 0 && date.getYear() <= 9999) {
                return date;
            }
        } catch (DateTimeParseException e) {
            throw new Unfit("has to be a date such as 2026-01-31");
        }
        throw new Unfit("has to be a date such as 2026-01-31");
    }

    private JsonObject range(JsonValue given) {
        if (given instanceof JsonString text && !text.value().strip().startsWith("{")) {
            return JsonObject.of("start", date(text.value()).toString());
        }
        JsonObject object = object(given);
        if (!Set.of("start", "end").containsAll(object.names())) {
            throw new Unfit("has to be an object with start, end or both");
        }
        JsonObject.Builder range = JsonObject.builder();
        Optional<LocalDate> start = bound(object, "start");
        Optional<LocalDate> end = bound(object, "end");
        if (start.isPresent() && end.isPresent() && start.get().isAfter(end.get())) {
            throw new Unfit("starts after its end");
        }
        start.ifPresent(date -> range.put("start", date.toString()));
        end.ifPresent(date -> range.put("end", date.toString()));
        return range.build();
    }

    private static Optional<LocalDate> bound(JsonObject range, String name) {
        Optional<JsonValue> value = range.find(name).filter(found -> found != JsonNull.NULL);
        return value.map(found -> date(text(found).value()));
    }

    private static String article(JsonValue value) {
        return switch (value.kind()) {
            case "object", "array" -> "an " + value.kind();
            case "null" -> "null";
            default -> "a " + value.kind();
        };
    }
}
