package io.bactrian.tool.builtin.calculator;

import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tool.ToolArguments;
import io.bactrian.core.tool.ToolLabel;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.tool.builtin.support.Answer;
import io.bactrian.tool.builtin.support.Outputs;
import io.bactrian.tool.builtin.support.Parameters;
import io.bactrian.tool.builtin.support.Toolkit;

/** The tools of the provider {@code calculator}. */
public final class CalculatorTools {

    private static final String EVALUATE = """
            Works out an arithmetic expression exactly, in decimals of up to 34 digits. Use it for every calculation instead of \
            working it out yourself. Operators: + - * / ^ (power), % (per cent behind a number: 200 * 15%; modulo between two: \
            10 % 3), ! (factorial), parentheses, and one comparison < <= > >= = !=. Functions: sqrt cbrt abs sign round(x, decimals) \
            floor ceil trunc min max sum avg mod gcd lcm factorial pow exp ln log(x) or log(x, base) log10 log2 sin cos tan asin \
            acos atan sinh cosh tanh (radians) rad deg. Constants: pi tau e. Decimals have a point; numbers have no thousands \
            separators and no units.""";

    private CalculatorTools() {}

    /** The provider. */
    public static ToolProviderController provider(JsonCodec codec) {
        Toolkit kit = new Toolkit("calculator", "Arithmetic in exact decimals", codec, ToolLabel.UTILITIES);
        return kit.add(
                        kit.declare("evaluate", EVALUATE)
                                .parameter(Parameters.text("expression", "the expression, such as (2 + 3) * 4 / 7"))
                                .outputSchema(Outputs.object(
                                        "expression string", "result number|boolean", "text string", "exact boolean")),
                        CalculatorTools::evaluate)
                .provider();
    }

    private static Answer evaluate(ToolArguments arguments) {
        String expression = arguments.text(Expression.PARAMETER);
        Calculation calculation = Calculator.evaluate(expression);
        Object result = calculation instanceof Calculation.Number number
                ? number.value()
                : ((Calculation.Truth) calculation).value();
        String text = calculation.exact() ? calculation.text() : calculation.text() + " (rounded)";
        return new Answer(
                text,
                JsonObject.builder()
                        .put("expression", expression)
                        .put("result", result)
                        .put("text", calculation.text())
                        .put("exact", calculation.exact())
                        .build());
    }
}
