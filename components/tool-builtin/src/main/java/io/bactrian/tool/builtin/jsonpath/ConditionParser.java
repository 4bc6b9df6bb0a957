package io.bactrian.tool.builtin.jsonpath;

import io.bactrian.core.json.JsonBoolean;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the conditions of filters: or, and, not, comparison, existence (RFC 9535 §2.3.5.1). */
final class ConditionParser {

    private static final String FUNCTIONS = "length, count, value, match and search";
    private static final int MOST_DIGITS = 100;
    private static final int LARGEST_EXPONENT_DIGITS = 4;

    private final Cursor in;
    private final QueryParser queries;

    ConditionParser(Cursor in, QueryParser queries) {
        this.in = in;
        this.queries = queries;
    }

    Condition condition() {
        List<Condition> any = chain("||", this::all);
        return any.size() == 1 ? any.get(0) : new Condition.Or(any);
    }

    private Condition all() {
        List<Condition> all = chain("&&", this::basic);
        return all.size() == 1 ? all.get(0) : new Condition.And(all);
    }

    private List<Condition> chain(String operator, Supplier<Condition> part) {
        List<Condition> parts = new ArrayList<>();
        parts.add(part.get());
        int mark = in.mark();
        in.skipBlanks();
        while (in.take(operator)) {
            in.skipBlanks();
            parts.add(part.get());
            mark = in.mark();
            in.skipBlanks();
        }
        in.reset(mark);
        return List.copyOf(parts);
    }

    private Condition basic() {
        if (in.take("!")) {
            in.skipBlanks();
            return new Condition.Not(in.looksAt("(") ? parenthesised() : test());
        }
        return in.looksAt("(") ? parenthesised() : comparisonOrTest();
    }

    private Condition parenthesised() {
        queries.enter();
        in.expect("(");
        in.skipBlanks();
        Condition inner = condition();
        in.skipBlanks();
        in.expect(")");
        queries.leave();
        return inner;
    }

    /** What may follow a {@code !}: a query, or a function that says yes or no. */
    private Condition test() {
        if (in.peek() == '@' || in.peek() == '$') {
            return new Condition.Exists(queries.query());
        }
        Condition test = functionTest(in.functionName());
        if (test == null) {
            throw in.refused("a query, match(…), search(…) or '(' is expected after '!'" + in.found());
        }
        return test;
    }

    private Condition comparisonOrTest() {
        if (in.peek() == '@' || in.peek() == '$') {
            Query query = queries.query();
            int mark = in.mark();
            Condition.Operator operator = operator();
            if (operator == null) {
                in.reset(mark);
                return new Condition.Exists(query);
            }
            return comparison(singular(query), operator);
        }
        int mark = in.mark();
        Condition test = functionTest(in.functionName());
        if (test != null) {
            return test;
        }
        in.reset(mark);
        Operand left = operand();
        Condition.Operator operator = operator();
        if (operator == null) {
            throw in.refused("a comparison such as == is expected" + in.found());
        }
        return comparison(left, operator);
    }

    private Condition comparison(Operand left, Condition.Operator operator) {
        in.skipBlanks();
        return new Condition.Comparison(left, operator, operand());
    }

    private Condition.@Nullable Operator operator() {
        in.skipBlanks();
        for (Condition.Operator operator : Condition.Operator.values()) {
            if (in.take(operator.text())) {
                return operator;
            }
        }
        if (in.looksAt("=")) {
            throw in.refused("equality is written '==', and regular expressions are match(…) and search(…)");
        }
        return null;
    }

    /** A query that is compared leads to one node at most: which of many would it be? */
    private Operand singular(Query query) {
        if (!query.singular()) {
            throw in.refused("a query that is compared has only names and numbers, no '*', '..', range or filter");
        }
        return new Operand.Singular(query);
    }

    private Operand operand() {
        char c = in.peek();
        if (c == '@' || c == '$') {
            return singular(queries.query());
        }
        if (c == '\'' || c == '"') {
            return new Operand.Literal(new JsonString(Strings.quoted(in)));
        }
        if (c == '-' || Cursor.isDigit(c)) {
            return new Operand.Literal(number());
        }
        return named();
    }

    private Operand named() {
        String name = in.functionName();
        if (in.looksAt("(")) {
            return functionValue(name);
        }
        JsonValue literal =
                switch (name) {
                    case "true" -> JsonBoolean.of(true);
                    case "false" -> JsonBoolean.of(false);
                    case "null" -> JsonNull.NULL;
                    default -> throw in.refused("a value, a query or a function is expected" + in.found());
                };
        return new Operand.Literal(literal);
    }

    private Operand functionValue(String name) {
        return switch (name) {
            case "length" -> call(() -> new Operand.Length(operand()));
            case "count" -> call(() -> new Operand.Count(nodes()));
            case "value" -> call(() -> new Operand.Value(nodes()));
            case "match", "search" -> throw in.refused(name + "(…) says yes or no by itself and is not compared");
            default -> throw in.refused("no such function; there are " + FUNCTIONS);
        };
    }

    /** A call of {@code match} or {@code search}; null if that is not what stands here. */
    private @Nullable Condition functionTest(String name) {
        boolean whole = name.equals("match");
        if (!whole && !name.equals("search") || !in.looksAt("(")) {
            return null;
        }
        Condition test = call(() -> {
            Operand text = operand();
            in.skipBlanks();
            in.expect(",");
            in.skipBlanks();
            return new Condition.Matches(text, operand(), whole);
        });
        if (operator() != null) {
            throw in.refused(name + "(…) says yes or no by itself and is not compared");
        }
        return test;
    }

    private Query nodes() {
        if (in.peek() != '@' && in.peek() != '$') {
            throw in.refused("a query is expected" + in.found());
        }
        return queries.query();
    }

    private <T> T call(Supplier<T> arguments) {
        queries.enter();
        in.expect("(");
        in.skipBlanks();
        T call = arguments.get();
        in.skipBlanks();
        in.expect(")");
        queries.leave();
        return call;
    }

    private JsonNumber number() {
        int start = in.mark();
        in.take("-");
        int leading = in.mark();
        int digits = in.takeDigits();
        if (digits == 0 || digits > 1 && in.since(leading).charAt(0) == '0') {
            throw in.refused("a number is expected" + in.found());
        }
        if (in.take(".") && in.takeDigits() == 0) {
            throw in.refused("digits are expected after the decimal point" + in.found());
        }
        if (in.take("e") || in.take("E")) {
            if (!in.take("-")) {
                in.take("+");
            }
            int exponent = in.takeDigits();
            if (exponent == 0 || exponent > LARGEST_EXPONENT_DIGITS) {
                throw in.refused("an exponent has 1 to " + LARGEST_EXPONENT_DIGITS + " digits");
            }
        }
        String number = in.since(start);
        if (number.length() > MOST_DIGITS) {
            throw in.refused("a number has at most " + MOST_DIGITS + " characters");
        }
        return new JsonNumber(new BigDecimal(number));
    }
}
