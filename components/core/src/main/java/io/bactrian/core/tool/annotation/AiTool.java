package io.bactrian.core.tool.annotation;

import io.bactrian.core.tool.ToolApproval;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a tool of a method of a class that is {@link AiTools}. Its parameters are those of the method; one of type
 * {@link io.bactrian.core.tenant.Caller} is none of them, but is told who calls. What the method returns is the result; what it
 * throws is told by its class alone, unless it is made by {@link io.bactrian.core.tool.ToolErrors}. Called by many threads at
 * once.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface AiTool {

    /** The tool's name; by default the method's. */
    String name() default "";

    /** What it is good for: a model chooses by it. */
    String description();

    /** Words by which it is found. */
    String[] tags() default {};

    /** Whether a call that failed may be made again: true only if doing it twice is as good as once. */
    boolean retriable() default false;

    /** Whether a person is asked before a model's call. */
    ToolApproval approval() default ToolApproval.AUTO;

    /** How long a call may take at most, in milliseconds; 0 for what the installation allows. */
    long timeoutMillis() default 0;
}
