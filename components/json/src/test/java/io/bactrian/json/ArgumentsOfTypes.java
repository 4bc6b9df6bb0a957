package io.bactrian.json;

import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonBoolean;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.ToolParameterType;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Random arguments: half of them of about the right shape for a type, half of any. */
final class ArgumentsOfTypes {

    private static final List<String> WORDS = List.of("hello", "yes", "5", "", "no", "TRUE", "maybe");

    private final SplittableRandom random;
    private final RandomJson json;

    ArgumentsOfTypes(SplittableRandom random) {
        this.random = random;
        this.json = new RandomJson(random);
    }

    JsonValue of(ToolParameterType type) {
        if (random.nextBoolean()) {
            return json.value();
        }
        JsonValue value = shaped(type);
        // models like to give structures as JSON in a text
        return random.nextInt(4) == 0 ? new JsonString(ToolJson.codec().write(value)) : value;
    }

    private JsonValue shaped(ToolParameterType type) {
        return switch (type) {
            case STRING, SECRET_INPUT, CHECKBOX, DYNAMIC_SELECT -> new JsonString(json.text());
            case SELECT -> new JsonString(WORDS.get(random.nextInt(WORDS.size())));
            case BOOLEAN ->
                random.nextBoolean()
                        ? JsonBoolean.of(random.nextBoolean())
                        : new JsonString(WORDS.get(random.nextInt(WORDS.size())));
            case NUMBER ->
                random.nextBoolean()
                        ? new JsonNumber(json.number())
                        : new JsonString(json.number().toString());
            case FILE -> file();
            case FILES, SYSTEM_FILES -> list(this::file);
            case OBJECT -> json.object();
            case APP_SELECTOR -> members("app_id");
            case MODEL_SELECTOR -> members("provider", "model", "model_type");
            case ARRAY -> list(() -> new JsonString(json.text()));
            case TOOLS -> list(() -> members("provider_id", "tool_name"));
            case ANY -> json.value();
            case DATE -> date();
            case DATE_RANGE -> members(this::date, "start", "end");
        };
    }

    private JsonValue file() {
        return random.nextBoolean()
                ? new JsonString(SampleTools.FILE_ID)
                : JsonObject.of("file_id", SampleTools.FILE_ID);
    }

    private JsonString date() {
        return new JsonString(
                random.nextInt(5) == 0
                        ? "2026-02-30"
                        : LocalDate.ofEpochDay(random.nextInt(40_000)).toString());
    }

    private JsonObject members(String... names) {
        return members(() -> new JsonString(json.text()), names);
    }

    private JsonObject members(Supplier<JsonValue> value, String... names) {
        JsonObject.Builder object = JsonObject.builder();
        for (String name : names) {
            if (random.nextInt(8) > 0) {
                object.put(name, value.get());
            }
        }
        return object.build();
    }

    private JsonArray list(Supplier<JsonValue> item) {
        List<JsonValue> items = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            items.add(item.get());
        }
        return new JsonArray(items);
    }
}
