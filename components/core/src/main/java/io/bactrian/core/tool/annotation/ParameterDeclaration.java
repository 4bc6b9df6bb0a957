package io.bactrian.core.tool.annotation;

import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterForm;
import io.bactrian.core.tool.ToolParameterType;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Declares a parameter of a tool after one of a method. */
final class ParameterDeclaration {

    private static final Set<ToolParameterType> STRUCTURES = EnumSet.of(
            ToolParameterType.ARRAY, ToolParameterType.OBJECT, ToolParameterType.ANY, ToolParameterType.FILES);

    private ParameterDeclaration() {}

    /**
     * The declaration.
     *
     * @param optional whether the method can do without a value
     * @param primitive whether the method cannot be called without one
     * @throws IllegalArgumentException if what is annotated contradicts the type
     */
    static ToolParameter of(
            String name, Binding binding, @Nullable AiToolParameter annotation, boolean optional, boolean primitive) {
        String description = annotation == null ? "" : annotation.description();
        String byDefault = annotation == null ? "" : annotation.defaultValue();
        boolean required = !optional && (annotation == null || annotation.required());
        if (primitive && !required && byDefault.isEmpty()) {
            throw new IllegalArgumentException("a primitive that is not required needs a defaultValue");
        }
        ToolParameter.Builder declared = annotation != null && annotation.form() != ToolParameterForm.LLM
                ? ToolParameter.form(name, type(binding, annotation), description)
                : ToolParameter.llm(name, type(binding, annotation), description);
        binding.declare(declared);
        declared.required(required && byDefault.isEmpty()).defaultValue(defaultValue(binding, byDefault));
        if (binding.declaresSchema()) {
            declared.schema(binding.schema());
        }
        if (annotation != null) {
            narrow(declared, binding, annotation);
        }
        return declared.build();
    }

    private static @Nullable Object defaultValue(Binding binding, String text) {
        if (text.isEmpty()) {
            return null;
        }
        ToolParameterType type = binding.type();
        if (type == ToolParameterType.NUMBER) {
            return number(text);
        }
        if (type == ToolParameterType.BOOLEAN) {
            return truth(text);
        }
        if (STRUCTURES.contains(type)) {
            throw new IllegalArgumentException("a list or an object has no default that is text: make it an Optional");
        }
        return text;
    }

    private static BigDecimal number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the defaultValue is no number", e);
        }
    }

    private static Boolean truth(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("the defaultValue is true or false");
        }
        return Boolean.valueOf(text);
    }

    private static ToolParameterType type(Binding binding, @Nullable AiToolParameter annotation) {
        boolean choice = annotation != null && annotation.options().length > 0;
        return choice && binding.type() == ToolParameterType.STRING ? ToolParameterType.SELECT : binding.type();
    }

    private static void narrow(ToolParameter.Builder declared, Binding binding, AiToolParameter annotation) {
        if (annotation.options().length > 0) {
            if (binding.type() != ToolParameterType.STRING) {
                throw new IllegalArgumentException("only a text has options; those of an enum are its constants");
            }
            declared.options(annotation.options());
        }
        BigDecimal least = bound(annotation.min());
        BigDecimal greatest = bound(annotation.max());
        if (least == null && greatest == null) {
            return;
        }
        if (binding.type() != ToolParameterType.NUMBER) {
            throw new IllegalArgumentException("only a number has min and max");
        }
        declared.range(least, greatest);
    }

    /** As somebody would write it: 10, and neither 10.0 nor 1E+1. */
    private static @Nullable BigDecimal bound(double value) {
        return Double.isFinite(value)
                ? new BigDecimal(BigDecimal.valueOf(value).stripTrailingZeros().toPlainString())
                : null;
    }
}
