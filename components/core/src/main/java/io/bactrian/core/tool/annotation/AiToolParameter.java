package io.bactrian.core.tool.annotation;

import io.bactrian.core.tool.ToolParameterForm;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Describes a parameter of an {@link AiTool}, or a component of a record that is one. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
public @interface AiToolParameter {

    /** What it is for. */
    String description();

    /** Its name; by default the one in the code, which is there if that was compiled with {@code -parameters}. Not for components. */
    String name() default "";

    /** Whether it must have a value. One of type {@link java.util.Optional}, or with a default, need not have one in any case. */
    boolean required() default true;

    /** Its value when none is given, as text; empty for none. Not for components. */
    String defaultValue() default "";

    /** The values that a text may have; none for any. Not for components. */
    String[] options() default {};

    /** The least number allowed. Not for components. */
    double min() default Double.NEGATIVE_INFINITY;

    /** The greatest number allowed. Not for components. */
    double max() default Double.POSITIVE_INFINITY;

    /** Who gives it its value: the model, or whoever builds the route or agent. Not for components. */
    ToolParameterForm form() default ToolParameterForm.LLM;
}
