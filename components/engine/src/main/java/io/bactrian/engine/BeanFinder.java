package io.bactrian.engine;

import java.util.List;

/** Finds the beans of a type in the users' context. */
public interface BeanFinder {

    /** There is no context. */
    BeanFinder NONE = new BeanFinder() {
        @Override
        public <T> List<T> all(Class<T> type) {
            return List.of();
        }
    };

    /** All beans of that type. */
    <T> List<T> all(Class<T> type);
}
