package io.bactrian.model;

import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.ResponseFormat;
import io.bactrian.core.model.TextEmbeddingRequest.InputType;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.json.JsonSchemas;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;

/** Turns an endpoint's options into its settings. Messages name the option and the rule; values may be anything and are not said. */
final class SettingsReader {

    private static final String CLASSPATH = "classpath:";

    private final CamelContext context;
    private final ModelConfiguration options;

    SettingsReader(CamelContext context, ModelConfiguration options) {
        this.context = context;
        this.options = options;
    }

    /**
     * Checks the options in which somebody may have put a key instead of a credential's name.
     *
     * @throws MisconfiguredException naming the option that is wrong
     */
    void checkWhereKeysMayStand() {
        credential();
        Parameters.ofLlm(options);
    }

    private @Nullable CredentialName credential() {
        return read("credential", options.getCredential(), CredentialName::new);
    }

    /** @throws MisconfiguredException naming the option that is wrong */
    ModelSettings read(@Nullable ModelAddress address) {
        ModelType type = type();
        CredentialName credential = credential();
        if (address != null && address.provider() == null && credential != null) {
            throw wrong(
                    "credential", "it needs an endpoint that names its provider: the default model may be anyone's");
        }
        boolean llm = type == ModelType.LLM;
        if (!llm && options.isStream()) {
            throw wrong("stream", "only models of type llm answer piece by piece");
        }
        Class<?> outputClass = llm ? outputClass() : null;
        return new ModelSettings(
                address,
                type,
                options.isStream(),
                read("tenant", options.getTenant(), TenantId::new),
                credential,
                timeout(),
                firstTokenTimeout(),
                llm && given(options.getSystemMessage())
                        ? new PromptMessage.System(text(options.getSystemMessage()))
                        : null,
                llm ? Parameters.ofLlm(options) : Parameters.ofEmbedding(options),
                llm ? Parameters.stopTexts("the option stop", options.getStop()) : List.of(),
                llm && given(options.getUser()) ? options.getUser() : null,
                llm ? responseFormat(outputClass) : null,
                outputClass,
                inputType(),
                HeaderOverrides.parse(options.getHeaderOverrides()));
    }

    private ModelType type() {
        ModelType type =
                ModelType.of(options.getType()).orElseThrow(() -> wrong("type", "it is llm or text-embedding"));
        return switch (type) {
            case LLM, TEXT_EMBEDDING -> type;
            case RERANK, SPEECH2TEXT, MODERATION, TTS -> throw wrong("type", "it is llm or text-embedding");
        };
    }

    private Duration timeout() {
        if (options.getTimeout() <= 0) {
            throw wrong("timeout", "it is more than nothing, such as 30s");
        }
        return Duration.ofMillis(options.getTimeout());
    }

    private @Nullable Duration firstTokenTimeout() {
        long millis = options.getFirstTokenTimeout();
        if (millis == 0) {
            return null;
        }
        if (millis < 0) {
            throw wrong("firstTokenTimeout", "it is more than nothing, such as 5s");
        }
        if (!options.isStream()) {
            throw wrong("firstTokenTimeout", "only an answer that comes piece by piece has a first: set stream=true");
        }
        return Duration.ofMillis(millis);
    }

    private @Nullable InputType inputType() {
        if (!given(options.getInputType())) {
            return null;
        }
        return switch (text(options.getInputType()).toLowerCase(Locale.ROOT)) {
            case "document" -> InputType.DOCUMENT;
            case "query" -> InputType.QUERY;
            default -> throw wrong("inputType", "it is document or query");
        };
    }

    private @Nullable Class<?> outputClass() {
        String name = options.getOutputClass();
        if (!given(name)) {
            return null;
        }
        if (options.isStream()) {
            throw wrong("outputClass", "an answer can be read into a class only as a whole: leave stream=true out");
        }
        Class<?> found = context.getClassResolver().resolveClass(name);
        if (found == null) {
            throw wrong("outputClass", "there is no such class on the class path");
        }
        return found;
    }

    private @Nullable ResponseFormat responseFormat(@Nullable Class<?> outputClass) {
        boolean schema = given(options.getJsonSchema());
        if (outputClass != null) {
            if (schema) {
                throw wrong("jsonSchema", "outputClass brings its own schema: leave one of them out");
            }
            return JsonSchemas.responseFormat(outputClass);
        }
        String format = options.getResponseFormat();
        if (!given(format)) {
            return schema ? jsonSchema() : null;
        }
        return switch (text(format).toLowerCase(Locale.ROOT)) {
            case "text" -> new ResponseFormat.PlainText();
            case "json_object" -> new ResponseFormat.JsonObject();
            case "json_schema" -> jsonSchema();
            default -> throw wrong("responseFormat", "it is text, json_object or json_schema");
        };
    }

    private ResponseFormat.JsonSchema jsonSchema() {
        if (!given(options.getJsonSchema())) {
            throw wrong("jsonSchema", "responseFormat=json_schema needs it");
        }
        String schema = text(options.getJsonSchema()).strip();
        String json = schema.startsWith(CLASSPATH) ? resource(schema) : schema;
        return Parameters.jsonSchema(json)
                .orElseThrow(() -> wrong("jsonSchema", "it is a JSON object, or " + CLASSPATH + "NAME of one"));
    }

    // from the class path only: options may come out of a message (toD), which must not choose files to be sent away
    private String resource(String uri) {
        try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(context, uri)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw wrong("jsonSchema", "there is no such resource on the class path");
        }
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
                ErrorCode.MISCONFIGURED, "the option " + option + " of a model: endpoint is wrong: " + rule);
    }
}
