package io.bactrian.core.limit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which calls a limit is about, by one of the things that are known of a call.
 *
 * @param <T> what is known: a tenant, an application, a provider, a model's name, an API key
 */
public sealed interface RateSelector<T> {

    /** All calls, which are not told apart by it. */
    record Any<T>() implements RateSelector<T> {}

    /** All calls that have a value, each value with a limit of its own. */
    record Each<T>() implements RateSelector<T> {}

    /**
     * The calls that have one value.
     *
     * @param value the value
     */
    record Only<T>(T value) implements RateSelector<T> {
        /** @throws NullPointerException without a value */
        public Only {
            Objects.requireNonNull(value);
        }
    }

    /** All calls, not told apart. */
    static <T> RateSelector<T> any() {
        return new Any<>();
    }

    /** Each value by itself. */
    static <T> RateSelector<T> each() {
        return new Each<>();
    }

    /** One value's calls. */
    static <T> RateSelector<T> only(T value) {
        return new Only<>(value);
    }

    /** Whether a call with that value is among them; null is a call without one. */
    default boolean admits(@Nullable T value) {
        if (this instanceof Only<T> only) {
            return only.value().equals(value);
        }
        return value != null || this instanceof Any;
    }

    /** What tells that value's calls from others' under one limit; null if nothing does. */
    default @Nullable T distinct(@Nullable T value) {
        return this instanceof Each ? value : null;
    }
}
