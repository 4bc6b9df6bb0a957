package io.bactrian.tool.builtin.calculator;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.tool.builtin.support.ArgumentChecks;

/**
 * Works out arithmetic, in decimals of 34 digits. Bounded whatever is asked: length, nesting, size of numbers, powers and
 * factorials.
 */
final class Calculator {

    static final int LONGEST = 1_000;

    private Calculator() {}

    /**
     * Works an expression out.
     *
     * @throws BadRequestException naming the place and what is wrong there
     */
    static Calculation evaluate(String expression) {
        ArgumentChecks.checkLength(Expression.PARAMETER, expression, LONGEST);
        if (expression.isBlank()) {
            throw ArgumentChecks.refused(Expression.PARAMETER, "is empty; write arithmetic such as (2 + 3) * 4");
        }
        return new Expression(expression).evaluate();
    }
}
