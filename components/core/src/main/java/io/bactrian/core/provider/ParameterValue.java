package io.bactrian.core.provider;

import java.math.BigDecimal;

/** A value of a model parameter, typed as it was given. */
public sealed interface ParameterValue {

    /** A number, exact. */
    record Number(BigDecimal number) implements ParameterValue {}

    /** Text. */
    record Text(String text) implements ParameterValue {}

    /** True or false. */
    record Flag(boolean on) implements ParameterValue {}

    /** A value that only the provider understands, as JSON text; passed on as it is. */
    record Json(String json) implements ParameterValue {}
}
