package io.bactrian.core.tenant;

import io.bactrian.core.error.SafeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The agents and tools that a call is nested in, outermost first: how a circle of calls is told, and for whom it is added up what
 * calls cost. Two paths are equal if their steps are.
 *
 * @param steps what they are, such as {@code agent:support} and {@code tool-workflow:order_status}
 * @param spending adds up what the innermost of them spends
 */
public record CallPath(List<String> steps, Spending spending) {

    /** Nested in nothing. */
    public static final CallPath NONE = new CallPath(List.of());

    /** @throws IllegalArgumentException if a step cannot be shown */
    public CallPath {
        steps = List.copyOf(steps);
        for (String step : steps) {
            if (step.isBlank() || step.length() > 512 || !SafeText.showable(step)) {
                throw new IllegalArgumentException("a step of a call's path has 1 to 512 characters that can be shown");
            }
        }
    }

    /** A path for which nothing is added up. */
    public CallPath(List<String> steps) {
        this(steps, Spending.NOBODY);
    }

    /** This path with one more step. */
    public CallPath enter(String step) {
        List<String> longer = new ArrayList<>(steps);
        longer.add(step);
        return new CallPath(longer, spending.within());
    }

    /** The same path, with other sums. */
    public CallPath spending(Spending other) {
        return new CallPath(steps, other);
    }

    /** The innermost step that is there more than once: where calls go round in a circle. */
    public Optional<String> circle() {
        for (int i = steps.size() - 1; i > 0; i--) {
            if (steps.indexOf(steps.get(i)) < i) {
                return Optional.of(steps.get(i));
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CallPath path && path.steps.equals(steps);
    }

    @Override
    public int hashCode() {
        return steps.hashCode();
    }

    /** The steps with arrows between them. */
    @Override
    public String toString() {
        return String.join(" → ", steps);
    }
}
