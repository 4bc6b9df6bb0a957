package io.bactrian.core.tool.annotation;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.ToolParameterType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The binding of a record: an object with a member for each component. */
final class RecordBinding implements Binding {

    private final Class<?> type;
    private final Constructor<?> constructor;
    private final List<Component> components;

    private record Component(String name, Binding binding, String description, boolean required, boolean optional) {}

    private RecordBinding(Class<?> type, Constructor<?> constructor, List<Component> components) {
        this.type = type;
        this.constructor = constructor;
        this.components = components;
    }

    /** @throws IllegalArgumentException if a component's type is not accepted, or the record holds itself */
    static RecordBinding of(Class<?> type, Set<Class<?>> within) {
        if (within.contains(type)) {
            throw new IllegalArgumentException("the record " + type.getSimpleName() + " holds itself: no schema ends");
        }
        Set<Class<?>> inside = new HashSet<>(within);
        inside.add(type);
        List<Component> components = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            components.add(component(component, inside));
        }
        return new RecordBinding(type, canonical(type), List.copyOf(components));
    }

    private static Component component(RecordComponent component, Set<Class<?>> inside) {
        AiToolParameter described = component.getAnnotation(AiToolParameter.class);
        Optional<Type> optional = optionalOf(component.getGenericType());
        boolean required = optional.isEmpty()
                && (described == null
                        || described.required()
                        || component.getType().isPrimitive());
        try {
            Binding binding = Bindings.of(optional.orElse(component.getGenericType()), inside);
            String description = described == null ? "" : described.description();
            return new Component(component.getName(), binding, description, required, optional.isPresent());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("component " + component.getName() + " of "
                    + component.getDeclaringRecord().getSimpleName() + ": " + e.getMessage());
        }
    }

    /** What an {@link Optional} is of; empty for any other type. */
    static Optional<Type> optionalOf(Type type) {
        return type instanceof ParameterizedType generic && generic.getRawType() == Optional.class
                ? Optional.of(generic.getActualTypeArguments()[0])
                : Optional.empty();
    }

    private static Constructor<?> canonical(Class<?> type) {
        Class<?>[] parameters = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(parameters);
            constructor.trySetAccessible();
            return constructor;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every record has its canonical constructor", e);
        }
    }

    @Override
    public ToolParameterType type() {
        return ToolParameterType.OBJECT;
    }

    @Override
    public boolean declaresSchema() {
        return true;
    }

    @Override
    public JsonObject schema() {
        JsonObject.Builder properties = JsonObject.builder();
        for (Component component : components) {
            JsonObject schema = component.binding().schema();
            properties.put(
                    component.name(),
                    component.description().isEmpty() ? schema : schema.with("description", component.description()));
        }
        JsonObject.Builder schema = JsonObject.builder().put("type", "object").put("properties", properties.build());
        List<String> required = components.stream()
                .filter(Component::required)
                .map(Component::name)
                .toList();
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema.put("additionalProperties", false).build();
    }

    @Override
    public Object read(JsonValue value) {
        if (!(value instanceof JsonObject object)) {
            throw new Unfit("has to be an object");
        }
        List<@Nullable Object> arguments = new ArrayList<>();
        for (Component component : components) {
            arguments.add(read(component, object.members().get(component.name())));
        }
        try {
            return constructor.newInstance(arguments.toArray());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof InvokeException known) {
                throw known;
            }
            // what the record's own checks say may quote anything: it is not passed on
            throw new Unfit("is refused by the checks of " + type.getSimpleName());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the record " + type.getName() + " cannot be made", e);
        }
    }

    private static @Nullable Object read(Component component, @Nullable JsonValue value) {
        boolean none = value == null || value == JsonNull.NULL;
        if (none && component.required()) {
            throw new Unfit("has no value").within(component.name());
        }
        try {
            Object read = none || value == null ? null : component.binding().read(value);
            return component.optional() ? Optional.ofNullable(read) : read;
        } catch (Unfit e) {
            throw e.within(component.name());
        }
    }
}
