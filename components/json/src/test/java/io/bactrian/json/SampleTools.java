package io.bactrian.json;

import io.bactrian.core.credential.Credentials;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolCredentialType;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolInvokeFrom;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.ToolRuntime;
import io.bactrian.core.tool.ToolStream;
import java.time.Duration;

/** Tools for tests, which say what they were given. */
final class SampleTools {

    static final String FILE_ID = "0123456789abcdef0123456789abcdef";

    private SampleTools() {}

    static JsonValue json(String json) {
        return ToolJson.codec().parse(json);
    }

    static JsonObject object(String json) {
        return (JsonObject) json(json);
    }

    static String text(JsonValue value) {
        return ToolJson.codec().write(value);
    }

    /** A tool of these parameters that answers with its arguments as JSON. */
    static Tool of(ToolParameter.Builder... parameters) {
        ToolEntity.Builder entity = ToolEntity.of("sample", "echo", "says what it was given");
        for (ToolParameter.Builder parameter : parameters) {
            entity.parameter(parameter);
        }
        return new Tool(
                ToolProviderType.BUILTIN,
                entity.build(),
                (arguments, runtime) -> ToolStream.ofText(text(arguments.values())),
                ToolJson.codec());
    }

    /** A parameter "x" of that type, with options where the type needs them. */
    static ToolParameter.Builder parameter(ToolParameterType type) {
        ToolParameter.Builder parameter = ToolParameter.llm("x", type, "a value");
        return type == ToolParameterType.SELECT ? parameter.options("hello", "yes", "5", "") : parameter;
    }

    static ToolRuntime runtime(ToolInvokeFrom from, JsonObject formValues) {
        Caller caller = new Caller(
                new TenantId("acme"),
                null,
                null,
                null,
                InvokeSource.ROUTE,
                0,
                new RequestId("request-1"),
                Deadline.in(Duration.ofMinutes(1)));
        return new ToolRuntime(caller, from, Credentials.NONE, ToolCredentialType.UNAUTHORIZED, formValues);
    }
}
