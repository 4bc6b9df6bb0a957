package io.bactrian.tool;

import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialFormSchema;
import io.bactrian.core.credential.FormType;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.I18nText;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolArguments;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolFunction;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderEntity;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.ToolRuntime;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.json.ToolJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Tools for tests. The builtin provider {@code demo} needs no credential, the API {@code weather} does; both have a tool
 * {@code lookup}. Each call is kept; what comes of it can be replaced by the test.
 */
final class ScriptedTools {

    static final List<String> ODD_NAMES = List.of(
            "a/b/c",
            "what:now",
            "@cf/tool",
            "a b",
            "a#b",
            "a+b",
            "a&b=c",
            "a%b",
            "100%",
            "a,b;c",
            "[x]{y}<z>",
            "ünï/çødé-模型",
            "(x)!$'*",
            "https://example.org/tool",
            "a.b.c",
            "İstanbul-ı",
            "*");

    static final String WITH_QUESTION_MARK = "what?now=1&x";

    final List<Call> calls = new CopyOnWriteArrayList<>();
    final List<ScriptedStream> streams = new CopyOnWriteArrayList<>();
    /** Makes what the tool {@code live} answers with. */
    volatile Function<ToolArguments, ToolStream> stream =
            arguments -> streamed("you ", "said ", arguments.text("text"));
    /** What every tool throws instead of answering; null for nothing. */
    volatile Function<ToolArguments, RuntimeException> failure;

    private final ToolProviderController demo =
            provider(ToolProviderType.BUILTIN, ToolProviderEntity.of("demo", "Tools for tests"), demoTools());
    private final ToolProviderController weather = provider(
            ToolProviderType.API, weatherEntity(), List.of(forecast(), lookup(ToolProviderType.API, "weather")));

    private final ToolProviderController odd = provider(
            ToolProviderType.MCP,
            ToolProviderEntity.of("odd", "Tools with odd names"),
            Stream.concat(ODD_NAMES.stream(), Stream.of(WITH_QUESTION_MARK))
                    .map(this::odd)
                    .toList());

    /** A call as it got to a tool. */
    record Call(String tool, ToolArguments arguments, ToolRuntime runtime) {}

    List<ToolProviderSource> sources() {
        return List.of(source(demo), source(weather), source(odd));
    }

    Call lastCall() {
        return calls.get(calls.size() - 1);
    }

    ScriptedStream streamed(String... texts) {
        ScriptedStream stream = ScriptedStream.of(texts);
        streams.add(stream);
        return stream;
    }

    private List<Tool> demoTools() {
        return List.of(
                tool(
                        ToolEntity.of("demo", "echo", "Says it again")
                                .parameter(text("text").required()),
                        (arguments, runtime) -> ToolStream.ofText("you said: " + arguments.text("text"))),
                tool(
                        ToolEntity.of("demo", "live", "Says it word by word")
                                .parameter(text("text").required()),
                        (arguments, runtime) -> stream.apply(arguments)),
                tool(
                        ToolEntity.of("demo", "add", "Adds")
                                .parameter(number("a").required())
                                .parameter(number("b").required())
                                .parameter(ToolParameter.llm("round", ToolParameterType.BOOLEAN, "rounds")),
                        ScriptedTools::add),
                tool(
                        ToolEntity.of("demo", "greet", "Greets")
                                .parameter(text("name").required())
                                .parameter(ToolParameter.form("greeting", ToolParameterType.STRING, "how")
                                        .defaultValue("Hello"))
                                .parameter(ToolParameter.form("pin", ToolParameterType.SECRET_INPUT, "a secret")),
                        (arguments, runtime) ->
                                ToolStream.ofText(arguments.text("greeting") + ", " + arguments.text("name") + "!")),
                tool(
                        ToolEntity.of("demo", "keep", "Keeps an object")
                                .parameter(ToolParameter.llm("data", ToolParameterType.OBJECT, "what")
                                        .required()),
                        (arguments, runtime) -> ToolStream.of(new ToolInvokeMessage.Json(
                                arguments.findObject("data").orElseThrow()))),
                tool(
                        ToolEntity.of("demo", "sum", "Adds a list")
                                .parameter(ToolParameter.llm("items", ToolParameterType.ARRAY, "numbers")
                                        .required()),
                        (arguments, runtime) -> ToolStream.ofText(
                                String.valueOf(arguments.list("items").size()))),
                tool(
                        ToolEntity.of("demo", "paint", "Makes a picture and a text"),
                        (arguments, runtime) -> ToolStream.of(
                                new ToolInvokeMessage.Blob(
                                        "a picture".getBytes(StandardCharsets.UTF_8),
                                        new ToolInvokeMessage.Meta("image/png", "cat.png")),
                                new ToolInvokeMessage.Blob(
                                        "a text".getBytes(StandardCharsets.UTF_8),
                                        new ToolInvokeMessage.Meta("text/plain", "cat.txt")))),
                tool(
                        ToolEntity.of("demo", "vary", "Gives variables"),
                        (arguments, runtime) -> ToolStream.of(
                                new ToolInvokeMessage.Variable("word", JsonValue.of("a"), true),
                                new ToolInvokeMessage.Variable("word", JsonValue.of("b"), true))),
                tool(
                        ToolEntity.of("demo", "rows", "Gives several structures"),
                        (arguments, runtime) -> ToolStream.of(
                                new ToolInvokeMessage.Json(JsonObject.of("n", 1)),
                                new ToolInvokeMessage.Json(JsonObject.of("n", 2)))),
                tool(
                        ToolEntity.of("demo", "hush", "Says nothing").approval(ToolApproval.ASK),
                        (arguments, runtime) -> ToolStream.of()),
                tool(
                        ToolEntity.of("demo", "never", "Is denied").approval(ToolApproval.DENY),
                        (arguments, runtime) -> ToolStream.of()),
                lookup(ToolProviderType.BUILTIN, "demo"));
    }

    private static ToolStream add(ToolArguments arguments, ToolRuntime runtime) {
        var sum = arguments.number("a").add(arguments.number("b"));
        return ToolStream.of(
                new ToolInvokeMessage.Text(sum.toPlainString()),
                new ToolInvokeMessage.Json(JsonObject.of("sum", sum), true));
    }

    private Tool forecast() {
        return tool(
                ToolProviderType.API,
                ToolEntity.of("weather", "forecast", "Tells the weather")
                        .parameter(text("city").required()),
                (arguments, runtime) -> ToolStream.ofText("rain in " + arguments.text("city")));
    }

    private Tool lookup(ToolProviderType type, String provider) {
        return tool(
                type,
                ToolEntity.of(provider, "lookup", "Looks up"),
                (arguments, runtime) -> ToolStream.ofText("found by " + provider));
    }

    private Tool odd(String name) {
        return tool(
                ToolProviderType.MCP,
                ToolEntity.of("odd", name, "Has an odd name"),
                (arguments, runtime) -> ToolStream.ofText("called"));
    }

    private Tool tool(ToolEntity.Builder entity, ToolFunction function) {
        return tool(ToolProviderType.BUILTIN, entity, function);
    }

    private Tool tool(ToolProviderType type, ToolEntity.Builder entity, ToolFunction function) {
        ToolEntity declared = entity.build();
        return new Tool(
                type,
                declared,
                (arguments, runtime) -> {
                    calls.add(new Call(declared.name(), arguments, runtime));
                    if (failure != null) {
                        throw failure.apply(arguments);
                    }
                    return function.invoke(arguments, runtime);
                },
                ToolJson.codec());
    }

    private static ToolParameter.Builder text(String name) {
        return ToolParameter.llm(name, ToolParameterType.STRING, "a text");
    }

    private static ToolParameter.Builder number(String name) {
        return ToolParameter.llm(name, ToolParameterType.NUMBER, "a number");
    }

    private static ToolProviderEntity weatherEntity() {
        CredentialFormSchema key = new CredentialFormSchema(
                "api_key", "API key", FormType.SECRET_INPUT, true, null, List.of(), 0, List.of(), null);
        return new ToolProviderEntity(
                "",
                "weather",
                I18nText.of("Weather"),
                I18nText.of("An API for tests"),
                null,
                List.of(),
                new CredentialForm(List.of(key)),
                null);
    }

    private static ToolProviderController provider(ToolProviderType type, ToolProviderEntity entity, List<Tool> tools) {
        return new ToolProviderController() {
            @Override
            public ToolProviderEntity entity() {
                return entity;
            }

            @Override
            public ToolProviderType toolProviderType() {
                return type;
            }

            @Override
            public List<Tool> tools() {
                return tools;
            }
        };
    }

    private static ToolProviderSource source(ToolProviderController provider) {
        return new ToolProviderSource() {
            @Override
            public ToolProviderType toolProviderType() {
                return provider.toolProviderType();
            }

            @Override
            public Optional<ToolProviderController> provider(TenantId tenant, String name) {
                return Optional.of(provider)
                        .filter(known -> known.entity().name().equals(name));
            }

            @Override
            public List<ToolProviderController> providers(TenantId tenant) {
                return List.of(provider);
            }
        };
    }
}
