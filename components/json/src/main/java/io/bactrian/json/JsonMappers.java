package io.bactrian.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.model.ModelCall;
import java.io.IOException;

/**
 * The configured Jackson of the house: what is read is bounded (64 levels, 8 million characters a text, 256 a name),
 * what is written never holds a secret. Thread-safe; not to be reconfigured.
 */
public final class JsonMappers {

    /** How deep JSON may be nested. */
    public static final int DEEPEST = 64;

    /** How many characters a text in JSON may have. */
    public static final int LONGEST_TEXT = 8_000_000;

    /** How many characters a name in JSON may have. */
    public static final int LONGEST_NAME = 256;

    private static final JsonFactory FACTORY = newFactory(false);
    private static final JsonFactory STRICT_FACTORY = newFactory(true);
    private static final ObjectMapper SHARED = newMapper(FACTORY);
    private static final ObjectMapper STRICT = newMapper(STRICT_FACTORY);

    private JsonMappers() {}

    /** The shared factory of parsers and generators. */
    public static JsonFactory factory() {
        return FACTORY;
    }

    /** The shared mapper. */
    public static ObjectMapper shared() {
        return SHARED;
    }

    /** The mapper for what people and models hand in: a name given twice in an object is an error. */
    public static ObjectMapper strict() {
        return STRICT;
    }

    private static JsonFactory newFactory(boolean duplicatesAreErrors) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxStringLength(LONGEST_TEXT)
                        .maxNameLength(LONGEST_NAME)
                        .build())
                // names come from other people's servers: they are shared within a parser's table, never interned for
                // good
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, duplicatesAreErrors)
                // a pool instead of thread locals: virtual threads live for one call
                .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                .build();
    }

    private static ObjectMapper newMapper(JsonFactory factory) {
        return JsonMapper.builder(factory)
                .addModule(new Jdk8Module())
                .addModule(new JavaTimeModule())
                .addModule(secretsAreRefused())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(
                        LogicalType.Enum, config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
                .build();
    }

    private static SimpleModule secretsAreRefused() {
        return new SimpleModule("bactrian-secrets")
                .addSerializer(Secret.class, new Refusing<>())
                .addSerializer(Credentials.class, new Refusing<>())
                .addSerializer(CredentialValue.class, new Refusing<>())
                .addSerializer(ModelCall.class, new Refusing<>());
    }

    /** Refuses to write what may hold a secret: an error in a test is better than a key in a log (CRED-14). */
    private static final class Refusing<T> extends JsonSerializer<T> {
        @Override
        public void serialize(T value, JsonGenerator out, SerializerProvider serializers) throws IOException {
            throw JsonMappingException.from(
                    out, value.getClass().getSimpleName() + " is never written as JSON: it may hold a secret");
        }

        @Override
        public void serializeWithType(T value, JsonGenerator out, SerializerProvider serializers, TypeSerializer type)
                throws IOException {
            serialize(value, out, serializers);
        }
    }
}
