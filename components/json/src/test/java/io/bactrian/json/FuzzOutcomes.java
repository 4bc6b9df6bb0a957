package io.bactrian.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What may come of any input at all: a value, or an error of ours, soon. Anything else fails. */
final class FuzzOutcomes {

    // on a machine that does much else; what is not bounded takes minutes
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final Map<ToolParameterType, Tool> TOOLS = Stream.of(ToolParameterType.values())
            .collect(Collectors.toMap(type -> type, type -> SampleTools.of(SampleTools.parameter(type))));

    private static final JsonCodec CODEC = ToolJson.codec();

    private FuzzOutcomes() {}

    /** The value of a text, which is the same when it is written and read again; empty if it is refused. */
    static Optional<JsonValue> parse(String json) {
        long start = System.nanoTime();
        try {
            JsonValue value = CODEC.parse(json);
            assertThat(CODEC.parse(CODEC.write(value))).isEqualTo(value);
            return Optional.of(value);
        } catch (BadRequestException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_PARAM);
            return Optional.empty();
        } finally {
            assertSoon(start);
        }
    }

    /** Whether a value is bound to a parameter of that type, which it is again once it was coerced. */
    static boolean bind(ToolParameterType type, JsonValue given) {
        return bind(TOOLS.get(type), given);
    }

    /** As {@link #bind(ToolParameterType, JsonValue)}, for a parameter with a schema of its own; false if that is refused too. */
    static boolean bind(ToolParameterType type, JsonObject schema, JsonValue given) {
        long start = System.nanoTime();
        try {
            Tool tool = SampleTools.of(
                    ToolParameter.llm("x", type, "a value").options("a", "b").schema(schema));
            CODEC.schema(tool.functionSchema());
            return bind(tool, given);
        } catch (MisconfiguredException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.MISCONFIGURED);
            return false;
        } finally {
            assertSoon(start);
        }
    }

    private static boolean bind(Tool tool, JsonValue given) {
        long start = System.nanoTime();
        try {
            JsonObject values = tool.bind(JsonObject.of("x", given), JsonObject.EMPTY, true)
                    .arguments()
                    .values();
            assertThat(tool.bind(values, JsonObject.EMPTY, true).arguments().values())
                    .as("binding twice is binding once")
                    .isEqualTo(values);
            return values.has("x");
        } catch (BadRequestException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.TOOL_PARAMETERS_INVALID);
            assertThat(refused.getMessage()).hasSizeLessThan(10_000);
            return false;
        } finally {
            assertSoon(start);
        }
    }

    /** Whether a schema is one that is compiled, and then checks values. */
    static boolean check(JsonObject schema, JsonValue value) {
        long start = System.nanoTime();
        try {
            JsonCodec.Check check = CODEC.schema(schema);
            List<String> problems = new ArrayList<>(check.problems(value));
            problems.addAll(check.problems(schema));
            assertThat(problems).allMatch(problem -> problem.startsWith("$"));
            return true;
        } catch (MisconfiguredException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.MISCONFIGURED);
            return false;
        } finally {
            assertSoon(start);
        }
    }

    private static void assertSoon(long start) {
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONGEST);
    }
}
