package io.bactrian.agent;

import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.json.JsonBoolean;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.model.JsonText;
import io.bactrian.core.model.ModelParameters;
import io.bactrian.core.model.ResponseFormat;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ParameterValue;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolPattern;
import io.bactrian.support.BactrianEngine;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;

/** Turns an endpoint's options into its settings. Messages name the option and the rule; values may be anything and are not said. */
final class AgentSettingsReader {

    private static final String CLASSPATH = "classpath:";
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int MOST_ITERATIONS = 99;

    private final CamelContext context;
    private final AgentConfiguration options;
    private final JsonCodec json;

    AgentSettingsReader(CamelContext context, AgentConfiguration options, JsonCodec json) {
        this.context = context;
        this.options = options;
        this.json = json;
    }

    /** @throws MisconfiguredException naming the option that is wrong */
    AgentSettings read(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "an agent: endpoint is written agent:NAME, NAME of 1 to 64 letters, digits, '.', '_' and '-'");
        }
        JsonObject schema = schema();
        return new AgentSettings(
                name,
                model(),
                tools("tools", options.getTools()),
                missingToolsFail(),
                tools("ask", options.getAsk()),
                formValues(),
                toolCredentials(),
                given(options.getSystemMessage()) ? options.getSystemMessage() : null,
                parameters(),
                schema == null ? null : responseFormat(schema),
                schema == null ? null : check(schema),
                bounded("maxIterations", options.getMaxIterations(), 0, MOST_ITERATIONS),
                tokenBudget(),
                priceBudget(),
                parallel(),
                timeout(),
                options.isStream(),
                options.isRemember(),
                bounded("historyMessages", options.getHistoryMessages(), 1, 10_000),
                read("tenant", options.getTenant(), TenantId::new));
    }

    private InvocationTarget model() {
        CredentialName credential = read("credential", options.getCredential(), CredentialName::new);
        String model = given(options.getModel()) ? text(options.getModel()).strip() : "default";
        if (model.equals("default")) {
            if (credential != null) {
                throw wrong(
                        "credential", "it needs the option model, with a provider: the default model may be anyone's");
            }
            return new InvocationTarget.DefaultModel(ModelType.LLM);
        }
        int slash = model.indexOf('/');
        if (slash <= 0 || slash == model.length() - 1) {
            throw wrong("model", "it is PROVIDER/MODEL, or default");
        }
        try {
            return new InvocationTarget.Model(
                    new ProviderId(model.substring(0, slash)), model.substring(slash + 1), ModelType.LLM, credential);
        } catch (IllegalArgumentException e) {
            throw wrong("model", String.valueOf(e.getMessage()));
        }
    }

    private List<ToolPattern> tools(String option, @Nullable String patterns) {
        List<ToolPattern> read = read(option, patterns, ToolPattern::list);
        return read == null ? List.of() : read;
    }

    private boolean missingToolsFail() {
        String choice = given(options.getMissingTools())
                ? text(options.getMissingTools()).strip()
                : "fail";
        return switch (choice) {
            case "fail" -> true;
            case "ignore" -> false;
            default -> throw wrong("missingTools", "it is fail or ignore");
        };
    }

    private FormValues formValues() {
        Map<String, JsonValue> values = new TreeMap<>();
        options.getFormValues().forEach((name, value) -> values.put(name, typed(value)));
        try {
            return FormValues.of(values);
        } catch (IllegalArgumentException e) {
            throw wrong("form.", String.valueOf(e.getMessage()));
        }
    }

    private List<AgentSettings.ToolCredential> toolCredentials() {
        List<AgentSettings.ToolCredential> names = new ArrayList<>();
        options.getToolCredentials().forEach((tool, name) -> {
            ToolPattern tools = read("toolCredential.", tool, ToolPattern::of);
            CredentialName credential = read("toolCredential." + tool, String.valueOf(name), CredentialName::new);
            if (tools == null || credential == null) {
                throw wrong("toolCredential.", "it is toolCredential.TOOL=NAME");
            }
            names.add(new AgentSettings.ToolCredential(tools, credential));
        });
        names.sort(ToolNames.byExactness(AgentSettings.ToolCredential::tools));
        return names;
    }

    private ModelParameters parameters() {
        Map<String, ParameterValue> values = new LinkedHashMap<>();
        number(values, "temperature", options.getTemperature());
        number(values, "top_p", options.getTopP());
        number(values, "max_tokens", options.getMaxTokens());
        number(values, "seed", options.getSeed());
        options.getAdditionalParameters().forEach((name, value) -> values.put(name, parameter(typed(value))));
        return ModelParameters.of(values);
    }

    private static void number(Map<String, ParameterValue> values, String name, @Nullable Number value) {
        if (value != null) {
            values.put(name, new ParameterValue.Number(new BigDecimal(value.toString())));
        }
    }

    private ParameterValue parameter(JsonValue value) {
        if (value instanceof JsonBoolean flag) {
            return new ParameterValue.Flag(flag.value());
        }
        if (value instanceof JsonNumber number) {
            return new ParameterValue.Number(number.value());
        }
        return value instanceof JsonString text
                ? new ParameterValue.Text(text.value())
                : new ParameterValue.Json(json.write(value));
    }

    /** A value typed as it looks: number, true or false, JSON; text otherwise. */
    private JsonValue typed(Object value) {
        if (!(value instanceof CharSequence)) {
            return JsonValue.of(value);
        }
        String text = value.toString();
        try {
            return json.parse(text.strip());
        } catch (BadRequestException e) {
            return new JsonString(text);
        }
    }

    private @Nullable JsonObject schema() {
        if (!given(options.getJsonSchema())) {
            return null;
        }
        String schema = text(options.getJsonSchema()).strip();
        String written = schema.startsWith(CLASSPATH) ? resource(schema) : schema;
        try {
            if (json.parse(written) instanceof JsonObject object) {
                return object;
            }
        } catch (BadRequestException e) {
            throw wrong("jsonSchema", "it is a JSON object, or " + CLASSPATH + "NAME of one");
        }
        throw wrong("jsonSchema", "it is a JSON object, or " + CLASSPATH + "NAME of one");
    }

    private ResponseFormat responseFormat(JsonObject schema) {
        boolean closed = schema.find("additionalProperties")
                .filter(value -> value == JsonBoolean.FALSE)
                .isPresent();
        return new ResponseFormat.JsonSchema("answer", new JsonText(json.write(schema)), closed);
    }

    private JsonCodec.Check check(JsonObject schema) {
        try {
            return json.schema(schema);
        } catch (MisconfiguredException e) {
            throw wrong("jsonSchema", e.getMessage());
        }
    }

    // from the class path only: options may come out of a message (toD), which must not choose files to be sent away
    private String resource(String uri) {
        try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(context, uri)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw wrong("jsonSchema", "there is no such resource on the class path");
        }
    }

    private static int bounded(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw wrong(option, "it is from " + least + " to " + most);
        }
        return value;
    }

    private long tokenBudget() {
        if (options.getTokenBudget() < 0) {
            throw wrong("tokenBudget", "it is a number of tokens, or 0 for any number");
        }
        return options.getTokenBudget();
    }

    private @Nullable BigDecimal priceBudget() {
        if (!given(options.getPriceBudget())) {
            return null;
        }
        try {
            BigDecimal budget = new BigDecimal(text(options.getPriceBudget()).strip());
            if (budget.signum() > 0) {
                return budget;
            }
        } catch (NumberFormatException e) {
            throw wrong("priceBudget", "it is an amount such as 0.50");
        }
        throw wrong("priceBudget", "it is more than nothing");
    }

    private int parallel() {
        int most = BactrianEngine.of(context).toolEngine().limits().parallel();
        int wanted = bounded("parallel", options.getParallel(), 0, 256);
        return wanted == 0 ? most : Math.min(wanted, most);
    }

    private Duration timeout() {
        if (options.getTimeout() <= 0) {
            throw wrong("timeout", "it is more than nothing, such as 30s");
        }
        return Duration.ofMillis(options.getTimeout());
    }

    private static <T> @Nullable T read(String option, @Nullable String value, Function<String, T> reader) {
        if (!given(value)) {
            return null;
        }
        try {
            return reader.apply(text(value));
        } catch (IllegalArgumentException e) {
            throw wrong(option, String.valueOf(e.getMessage()));
        }
    }

    private static boolean given(@Nullable String value) {
        return value != null && !value.isBlank();
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static MisconfiguredException wrong(String option, String rule) {
        return new MisconfiguredException(
                ErrorCode.MISCONFIGURED, "the option " + option + " of an agent: endpoint is wrong: " + rule);
    }
}
