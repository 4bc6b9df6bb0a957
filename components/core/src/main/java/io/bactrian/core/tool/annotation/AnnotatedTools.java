package io.bactrian.core.tool.annotation;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderEntity;
import io.bactrian.core.tool.ToolProviderType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A provider of tools made of an object whose class is {@link AiTools}: a tool of each method that is an {@link AiTool}. */
public final class AnnotatedTools implements ToolProviderController {

    private final ToolProviderEntity entity;
    private final List<Tool> tools;

    private AnnotatedTools(ToolProviderEntity entity, List<Tool> tools) {
        this.entity = entity;
        this.tools = List.copyOf(tools);
    }

    /** Whether an object's class, or one above it, is {@link AiTools}. */
    public static boolean isAnnotated(Object object) {
        return object.getClass().isAnnotationPresent(AiTools.class);
    }

    /**
     * Makes a provider.
     *
     * @param object the object; its methods are called by many threads at once
     * @param codec reads JSON and checks it
     * @throws MisconfiguredException naming everything that is wrong with the class
     */
    public static ToolProviderController of(Object object, JsonCodec codec) {
        AiTools annotation = object.getClass().getAnnotation(AiTools.class);
        if (annotation == null) {
            throw wrong(object, List.of("the class is not annotated @AiTools"));
        }
        List<String> problems = new ArrayList<>();
        TreeMap<String, Tool> tools = new TreeMap<>();
        for (Method method : methods(object.getClass())) {
            try {
                Tool tool = tool(annotation.provider(), object, method, codec);
                if (tools.putIfAbsent(tool.entity().name(), tool) != null) {
                    problems.add(method.getName() + ": there is another tool '"
                            + tool.entity().name() + "'");
                }
            } catch (IllegalArgumentException | InvokeException e) {
                problems.add(method.getName() + ": " + e.getMessage());
            }
        }
        if (tools.isEmpty() && problems.isEmpty()) {
            problems.add("no method is annotated @AiTool");
        }
        ToolProviderEntity entity = entity(annotation, problems);
        if (entity == null || !problems.isEmpty()) {
            throw wrong(object, problems);
        }
        return new AnnotatedTools(entity, List.copyOf(tools.values()));
    }

    private static @Nullable ToolProviderEntity entity(AiTools annotation, List<String> problems) {
        try {
            return ToolProviderEntity.of(annotation.provider(), annotation.description(), annotation.labels());
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static MisconfiguredException wrong(Object object, List<String> problems) {
        return new MisconfiguredException(
                ErrorCode.MISCONFIGURED,
                "the tools of " + object.getClass().getName() + " are wrong: " + String.join("; ", problems));
    }

    /** Those of the class and of the ones above it, for objects that stand before another: the annotations are on the inner one. */
    private static List<Method> methods(Class<?> type) {
        Set<String> seen = new HashSet<>();
        List<Method> methods = new ArrayList<>();
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Method method : at.getDeclaredMethods()) {
                boolean annotated = method.isAnnotationPresent(AiTool.class) && !method.isBridge();
                if (annotated && seen.add(method.getName() + List.of(method.getParameterTypes()))) {
                    methods.add(method);
                }
            }
        }
        methods.sort(Comparator.comparing(Method::toString));
        return methods;
    }

    private static Tool tool(String provider, Object object, Method method, JsonCodec codec) {
        if (Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers())) {
            throw new IllegalArgumentException("it is private or static");
        }
        AiTool annotation = method.getAnnotation(AiTool.class);
        if (annotation.description().isBlank()) {
            throw new IllegalArgumentException("it needs a description: a model chooses by it");
        }
        MethodFunction function = MethodFunction.of(object, method);
        String name = annotation.name().isEmpty() ? method.getName() : annotation.name();
        ToolEntity entity = ToolEntity.of(provider, name, annotation.description())
                .parameters(function.parameters())
                .outputSchema(ResultWriter.schema(method))
                .tags(List.of(annotation.tags()))
                .retriable(annotation.retriable())
                .approval(annotation.approval())
                .timeout(annotation.timeoutMillis() == 0 ? null : timeout(annotation.timeoutMillis()))
                .build();
        return new Tool(ToolProviderType.BUILTIN, entity, function, codec);
    }

    private static Duration timeout(long millis) {
        if (millis < 0) {
            throw new IllegalArgumentException("timeoutMillis is greater than 0");
        }
        return Duration.ofMillis(millis);
    }

    @Override
    public ToolProviderEntity entity() {
        return entity;
    }

    @Override
    public ToolProviderType toolProviderType() {
        return ToolProviderType.BUILTIN;
    }

    @Override
    public List<Tool> tools() {
        return tools;
    }

    @Override
    public String toString() {
        return "AnnotatedTools[" + entity.name() + "]";
    }
}
