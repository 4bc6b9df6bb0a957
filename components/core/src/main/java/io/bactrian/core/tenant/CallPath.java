package io.bactrian.core.tenant;

import io.bactrian.core.error.SafeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The agents and tools that a call is nested in, outermost first: how a circle of calls is told.
 *
 * @param steps what they are, such as {@code agent:support} and {@code tool-workflow:order_status}
 */
public record CallPath(List<String> steps) {

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

    /** This path with one more step. */
    public CallPath enter(String step) {
        List<String> longer = new ArrayList<>(steps);
        longer.add(step);
        return new CallPath(longer);
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

    /** The steps with arrows between them. */
    @Override
    public String toString() {
        return String.join(" → ", steps);
    }
}
