package io.bactrian.core.tool.annotation;

import io.bactrian.core.tool.ToolLabel;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Makes a provider of tools of a class: those of its methods that are an {@link AiTool}. */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface AiTools {

    /** The provider's name, by which its tools are called: {@code tool-builtin:PROVIDER/TOOL}. */
    String provider();

    /** What its tools are good for. */
    String description() default "";

    /** What its tools are about. */
    ToolLabel[] labels() default {};
}
