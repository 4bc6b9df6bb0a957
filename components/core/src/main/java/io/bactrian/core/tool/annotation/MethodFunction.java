package io.bactrian.core.tool.annotation;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tool.ToolArguments;
import io.bactrian.core.tool.ToolErrors;
import io.bactrian.core.tool.ToolFunction;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolRuntime;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.core.tool.Unquoted;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls a method of an object with a tool's arguments. */
final class MethodFunction implements ToolFunction {

    private static final Logger LOG = LoggerFactory.getLogger(MethodFunction.class);

    private final Object object;
    private final Method method;
    private final List<Argument> arguments;

    private MethodFunction(Object object, Method method, List<Argument> arguments) {
        this.object = object;
        this.method = method;
        this.arguments = List.copyOf(arguments);
    }

    /** What a parameter of the method gets. */
    private sealed interface Argument {

        /** Who calls. */
        record TheCaller() implements Argument {}

        /** @param optional whether it is an {@link Optional} */
        record Bound(ToolParameter declared, Binding binding, boolean optional) implements Argument {}
    }

    /** @throws IllegalArgumentException if a parameter cannot be bound, or the method cannot be called */
    static MethodFunction of(Object object, Method method) {
        List<Argument> arguments = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            arguments.add(parameter.getType() == Caller.class ? new Argument.TheCaller() : bound(parameter));
        }
        if (!method.trySetAccessible()) {
            throw new IllegalArgumentException("it cannot be called from here: make the method and its class public");
        }
        return new MethodFunction(object, method, arguments);
    }

    private static Argument.Bound bound(Parameter parameter) {
        AiToolParameter annotation = parameter.getAnnotation(AiToolParameter.class);
        String name = annotation == null ? "" : annotation.name();
        if (name.isEmpty() && !parameter.isNamePresent()) {
            throw new IllegalArgumentException(
                    "a parameter has no name: compile with -parameters, or set @AiToolParameter(name = …)");
        }
        name = name.isEmpty() ? parameter.getName() : name;
        Optional<Type> optional = RecordBinding.optionalOf(parameter.getParameterizedType());
        try {
            Binding binding = Bindings.of(optional.orElse(parameter.getParameterizedType()));
            ToolParameter declared = ParameterDeclaration.of(
                    name,
                    binding,
                    annotation,
                    optional.isPresent(),
                    parameter.getType().isPrimitive());
            return new Argument.Bound(declared, binding, optional.isPresent());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("parameter '" + name + "': " + e.getMessage());
        }
    }

    /** The parameters that the tool declares. */
    List<ToolParameter> parameters() {
        return arguments.stream()
                .filter(Argument.Bound.class::isInstance)
                .map(argument -> ((Argument.Bound) argument).declared())
                .toList();
    }

    @Override
    public ToolStream invoke(ToolArguments given, ToolRuntime runtime) {
        @Nullable
        Object[] values = arguments.stream()
                .map(argument -> value(argument, given, runtime))
                .toArray();
        try {
            return ResultWriter.messages(method.invoke(object, values));
        } catch (InvocationTargetException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("the method " + method.getName() + " cannot be called", e);
        }
    }

    private static @Nullable Object value(Argument argument, ToolArguments given, ToolRuntime runtime) {
        if (!(argument instanceof Argument.Bound bound)) {
            return runtime.caller();
        }
        String name = bound.declared().name();
        JsonValue value = given.values().members().get(name);
        try {
            Object read = value == null ? null : bound.binding().read(value);
            return bound.optional() ? Optional.ofNullable(read) : read;
        } catch (Binding.Unfit e) {
            throw ToolErrors.argument(e.of(name));
        }
    }

    /** What may be thrown is passed on: the engine tells it by its class alone, unless it is made to be shown. */
    private RuntimeException failure(Throwable thrown) {
        if (thrown instanceof RuntimeException unchecked) {
            return unchecked;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return new UnavailableException(
                    ErrorCode.CANCELLED, "the call was cancelled", ErrorDetails.NONE, Unquoted.of(thrown));
        }
        Unquoted unquoted = Unquoted.of(thrown);
        LOG.warn(
                "method {} of {} failed",
                method.getName(),
                method.getDeclaringClass().getName(),
                unquoted);
        return new ProtocolException(
                ErrorCode.TOOL_INVOKE_ERROR,
                "the tool failed (" + thrown.getClass().getSimpleName() + "); the log of the installation says where",
                ErrorDetails.NONE,
                unquoted);
    }
}
