package io.bactrian.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.file.MemoryFiles;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolArguments;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolFileMessageTransformer;
import io.bactrian.core.tool.ToolInvokeFrom;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolInvokeMeta;
import io.bactrian.core.tool.ToolLimits;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.core.tool.ToolStream;
import java.security.SecureRandom;
import java.time.Clock;
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

    private static final int LARGEST_FILE = 64;

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

    /** Whether the pieces of files are put together to files of just as many bytes; otherwise they are refused. */
    static boolean merge(List<ToolInvokeMessage.BlobChunk> pieces) {
        long start = System.nanoTime();
        Tool tool = new Tool(
                        ToolProviderType.BUILTIN,
                        ToolEntity.of("sample", "pieces", "brings pieces of files")
                                .build(),
                        (arguments, runtime) -> ToolStream.of(List.copyOf(pieces)),
                        CODEC)
                .forkToolRuntime(SampleTools.runtime(ToolInvokeFrom.WORKFLOW, JsonObject.EMPTY));
        MemoryFiles files = new MemoryFiles(Clock.systemUTC(), new SecureRandom(), LARGEST_FILE, 1 << 16, null);
        try (ToolStream stream = new ToolFileMessageTransformer(files, null)
                .invoke(tool, new ToolArguments(JsonObject.EMPTY), ToolLimits.DEFAULTS)) {
            ToolResult.Collector whole = new ToolResult.Collector();
            stream.forEachRemaining(whole::add);
            ToolInvokeMeta meta = new ToolInvokeMeta(null, Duration.ZERO, null, 0, 0, List.of());
            assertThat(whole.result(meta).files().stream()
                            .mapToLong(StoredFile::size)
                            .sum())
                    .isEqualTo(pieces.stream()
                            .mapToLong(piece -> piece.bytes().length)
                            .sum());
            return true;
        } catch (ProtocolException refused) {
            assertThat(refused.code())
                    .isIn(ErrorCode.PROTOCOL_ERROR, ErrorCode.RESPONSE_TOO_LARGE, ErrorCode.STREAM_TRUNCATED);
            return false;
        } finally {
            assertSoon(start);
        }
    }

    /** Pieces as bytes say: four of them are an id, a place, a length that is declared, and an end with a length. */
    static List<ToolInvokeMessage.BlobChunk> pieces(byte[] script) {
        List<ToolInvokeMessage.BlobChunk> pieces = new ArrayList<>();
        for (int i = 0; i + 3 < script.length; i += 4) {
            pieces.add(new ToolInvokeMessage.BlobChunk(
                    "file" + (script[i] & 3),
                    script[i + 1],
                    script[i + 2],
                    new byte[script[i + 3] & 15],
                    script[i + 3] < 0,
                    ToolInvokeMessage.Meta.NONE));
        }
        return pieces;
    }

    private static void assertSoon(long start) {
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONGEST);
    }
}
