package io.bactrian.json;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes the schema of one class, from what Jackson would bind it to. */
final class SchemaBuilder {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = JsonMappers.strict();

    private static final Set<Class<?>> WHOLE_NUMBERS = Set.of(
            byte.class,
            Byte.class,
            short.class,
            Short.class,
            int.class,
            Integer.class,
            long.class,
            Long.class,
            BigInteger.class,
            OptionalInt.class,
            OptionalLong.class);
    private static final Set<Class<?>> NUMBERS =
            Set.of(float.class, Float.class, double.class, Double.class, BigDecimal.class, OptionalDouble.class);
    private static final Set<Class<?>> TEXTS = Set.of(String.class, CharSequence.class, char.class, Character.class);
    private static final Map<Class<?>, String> FORMATS = Map.of(
            LocalDate.class, "date",
            LocalTime.class, "time",
            LocalDateTime.class, "date-time",
            OffsetDateTime.class, "date-time",
            ZonedDateTime.class, "date-time",
            Instant.class, "date-time",
            Duration.class, "duration",
            UUID.class, "uuid",
            URI.class, "uri");

    private final Map<Class<?>, String> definitionNames = new LinkedHashMap<>();
    private final ObjectNode definitions = NODES.objectNode();

    /** The schema of an answer, which is always an object. */
    ObjectNode root(Class<?> type) {
        JavaType javaType = MAPPER.constructType(type);
        if (type.isInterface() || type.isArray() || type.isEnum() || isScalar(type) || javaType.isContainerType()) {
            throw unsupported(type.getSimpleName(), "an answer is a record or a bean, which is a JSON object");
        }
        String name = define(javaType, type.getSimpleName());
        ObjectNode root = (ObjectNode) definitions.remove(name);
        // strict mode wants an object at the root; a class that holds itself refers to it by #
        ObjectNode schema = (ObjectNode) rebase(root, "#/$defs/" + name);
        if (!definitions.isEmpty()) {
            schema.set("$defs", rebase(definitions, "#/$defs/" + name));
        }
        return schema;
    }

    private static com.fasterxml.jackson.databind.JsonNode rebase(
            com.fasterxml.jackson.databind.JsonNode schema, String rootReference) {
        for (ObjectNode holder :
                schema.findParents("$ref").stream().map(ObjectNode.class::cast).toList()) {
            if (rootReference.equals(holder.path("$ref").textValue())) {
                holder.put("$ref", "#");
            }
        }
        return schema;
    }

    private ObjectNode schema(JavaType type, String path) {
        Class<?> raw = type.getRawClass();
        if (TEXTS.contains(raw)) {
            return typed("string");
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return typed("boolean");
        }
        if (WHOLE_NUMBERS.contains(raw)) {
            return typed("integer");
        }
        if (NUMBERS.contains(raw)) {
            return typed("number");
        }
        if (FORMATS.containsKey(raw)) {
            return typed("string").put("format", FORMATS.get(raw));
        }
        if (raw.isEnum()) {
            return enumeration(raw);
        }
        if (type.isReferenceType() || raw == Optional.class) {
            return schema(type.getReferencedType(), path);
        }
        if (type.isCollectionLikeType() || type.isArrayType()) {
            ObjectNode list = typed("array");
            list.set("items", schema(type.getContentType(), path + "[]"));
            return list;
        }
        if (type.isMapLikeType()) {
            throw unsupported(path, "a map has no fixed properties, which strict schemas need: use a record");
        }
        if (raw == Object.class || raw.isInterface() || raw.getName().startsWith("java.")) {
            throw unsupported(path, raw.getSimpleName() + " has no JSON Schema: use a record, a bean or a scalar");
        }
        return NODES.objectNode().put("$ref", "#/$defs/" + define(type, path));
    }

    private static boolean isScalar(Class<?> type) {
        return TEXTS.contains(type)
                || NUMBERS.contains(type)
                || WHOLE_NUMBERS.contains(type)
                || FORMATS.containsKey(type)
                || type == boolean.class
                || type == Boolean.class;
    }

    private static ObjectNode typed(String type) {
        return NODES.objectNode().put("type", type);
    }

    private static ObjectNode enumeration(Class<?> raw) {
        ObjectNode schema = typed("string");
        ArrayNode values = schema.putArray("enum");
        // through the mapper, so that @JsonProperty and @JsonValue count
        for (Object constant : raw.getEnumConstants()) {
            values.add(MAPPER.convertValue(constant, String.class));
        }
        return schema;
    }

    private String define(JavaType type, String path) {
        Class<?> raw = type.getRawClass();
        String known = definitionNames.get(raw);
        if (known != null) {
            return known;
        }
        String name = raw.getSimpleName()
                + (definitionNames.containsValue(raw.getSimpleName()) ? "_" + definitionNames.size() : "");
        definitionNames.put(raw, name);
        ObjectNode schema = typed("object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        BeanDescription description = MAPPER.getDeserializationConfig().introspect(type);
        for (BeanPropertyDefinition property : description.findProperties()) {
            if (!property.couldDeserialize()) {
                continue;
            }
            String at = path + "." + property.getName();
            ObjectNode value = schema(property.getPrimaryType(), at);
            properties.set(property.getName(), isNullable(raw, property) ? orNull(value) : value);
            required.add(property.getName());
        }
        if (properties.isEmpty()) {
            throw unsupported(path, raw.getSimpleName() + " has no properties that JSON could fill");
        }
        schema.put("additionalProperties", false);
        definitions.set(name, schema);
        return name;
    }

    private static ObjectNode orNull(ObjectNode schema) {
        if (schema.has("type") && !schema.has("enum")) {
            ObjectNode nullable = NODES.objectNode();
            nullable.putArray("type").add(schema.get("type").textValue()).add("null");
            schema.remove("type");
            nullable.setAll(schema);
            return nullable;
        }
        ObjectNode nullable = NODES.objectNode();
        nullable.putArray("anyOf").add(schema).add(typed("null"));
        return nullable;
    }

    /** What may be absent: Optional, or anything annotated as nullable, whoever's annotation it is. */
    private static boolean isNullable(Class<?> owner, BeanPropertyDefinition property) {
        Class<?> type = property.getRawPrimaryType();
        if (type == Optional.class
                || type == OptionalInt.class
                || type == OptionalLong.class
                || type == OptionalDouble.class) {
            return true;
        }
        String name = property.getInternalName();
        if (owner.isRecord()) {
            return Arrays.stream(owner.getRecordComponents())
                    .filter(component -> component.getName().equals(name))
                    .anyMatch(SchemaBuilder::isNullable);
        }
        Field field = property.getField() == null ? null : property.getField().getAnnotated();
        Method setter =
                property.getSetter() == null ? null : property.getSetter().getAnnotated();
        Method getter =
                property.getGetter() == null ? null : property.getGetter().getAnnotated();
        return field != null && isNullable(field, field.getAnnotatedType())
                || getter != null && isNullable(getter, getter.getAnnotatedReturnType())
                || setter != null && isNullable(setter, setter.getAnnotatedParameterTypes()[0]);
    }

    private static boolean isNullable(RecordComponent component) {
        return isNullable(component, component.getAnnotatedType());
    }

    private static boolean isNullable(AnnotatedElement element, AnnotatedType type) {
        return hasNullable(element.getAnnotations()) || hasNullable(type.getAnnotations());
    }

    private static boolean hasNullable(Annotation @Nullable [] annotations) {
        return annotations != null
                && Arrays.stream(annotations)
                        .anyMatch(annotation ->
                                annotation.annotationType().getSimpleName().equals("Nullable"));
    }

    private static MisconfiguredException unsupported(String path, String why) {
        return new MisconfiguredException(ErrorCode.MISCONFIGURED, "outputClass: " + path + ": " + why);
    }
}
