package io.bactrian.tool.builtin.jsonpath;

import com.google.re2j.Matcher;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import io.bactrian.tool.builtin.support.LinearRegex;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether conditions hold for a node. A value that is not there is null here, which is not the null of JSON. */
final class Truth {

    private final Evaluation evaluation;
    private final Budget budget;
    private final Map<String, LinearRegex> patterns = new HashMap<>();

    Truth(Evaluation evaluation, Budget budget) {
        this.evaluation = evaluation;
        this.budget = budget;
    }

    boolean holds(Condition condition, Node node) {
        budget.spend(1);
        if (condition instanceof Condition.Or or) {
            return or.any().stream().anyMatch(part -> holds(part, node));
        }
        if (condition instanceof Condition.And and) {
            return and.all().stream().allMatch(part -> holds(part, node));
        }
        if (condition instanceof Condition.Not not) {
            return !holds(not.condition(), node);
        }
        if (condition instanceof Condition.Comparison comparison) {
            return compare(comparison, node);
        }
        if (condition instanceof Condition.Exists exists) {
            return !evaluation.nodes(exists.query(), node).isEmpty();
        }
        return matches((Condition.Matches) condition, node);
    }

    private boolean compare(Condition.Comparison comparison, Node node) {
        JsonValue left = value(comparison.left(), node);
        JsonValue right = value(comparison.right(), node);
        return switch (comparison.operator()) {
            case EQUAL -> same(left, right);
            case NOT_EQUAL -> !same(left, right);
            case LESS -> less(left, right);
            case GREATER -> less(right, left);
            case LESS_OR_EQUAL -> less(left, right) || same(left, right);
            case GREATER_OR_EQUAL -> less(right, left) || same(left, right);
        };
    }

    private static boolean same(@Nullable JsonValue left, @Nullable JsonValue right) {
        return left == null ? right == null : left.equals(right);
    }

    private static boolean less(@Nullable JsonValue left, @Nullable JsonValue right) {
        if (left instanceof JsonNumber a && right instanceof JsonNumber b) {
            return a.value().compareTo(b.value()) < 0;
        }
        return left instanceof JsonString a
                && right instanceof JsonString b
                && Strings.compare(a.value(), b.value()) < 0;
    }

    private @Nullable JsonValue value(Operand operand, Node node) {
        if (operand instanceof Operand.Literal literal) {
            return literal.value();
        }
        if (operand instanceof Operand.Singular singular) {
            return only(evaluation.nodes(singular.query(), node));
        }
        if (operand instanceof Operand.Length length) {
            return length(value(length.of(), node));
        }
        if (operand instanceof Operand.Count count) {
            return JsonNumber.of(evaluation.nodes(count.nodes(), node).size());
        }
        return only(evaluation.nodes(((Operand.Value) operand).nodes(), node));
    }

    private static @Nullable JsonValue only(List<Node> nodes) {
        return nodes.size() == 1 ? nodes.get(0).value() : null;
    }

    private static @Nullable JsonValue length(@Nullable JsonValue value) {
        if (value instanceof JsonString text) {
            return JsonNumber.of(text.value().codePointCount(0, text.value().length()));
        }
        if (value instanceof JsonArray array) {
            return JsonNumber.of(array.elements().size());
        }
        return value instanceof JsonObject object
                ? JsonNumber.of(object.members().size())
                : null;
    }

    private boolean matches(Condition.Matches condition, Node node) {
        JsonValue text = value(condition.text(), node);
        JsonValue pattern = value(condition.pattern(), node);
        if (!(text instanceof JsonString subject) || !(pattern instanceof JsonString regex)) {
            return false;
        }
        LinearRegex compiled = patterns.computeIfAbsent(regex.value(), InternetRegex::compile);
        budget.spend(1 + compiled.cost(subject.value()) / 50);
        Matcher matcher = compiled.matcher(subject.value());
        return condition.whole() ? matcher.matches() : matcher.find();
    }
}
