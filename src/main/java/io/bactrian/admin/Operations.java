package io.bactrian.admin;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** All that can be done, by id. */
final class Operations {

    private static final String ROUTE = "admin-";

    private final Map<String, Operation> byId = new LinkedHashMap<>();

    /** @param all the operations, in the order in which they are described */
    Operations(List<Operation> all) {
        for (Operation operation : all) {
            if (byId.put(operation.id(), operation) != null) {
                throw new IllegalArgumentException("two operations are called " + operation.id());
            }
        }
    }

    /** All of them. */
    Collection<Operation> all() {
        return byId.values();
    }

    /** The id of the Camel route that an operation is asked by. */
    static String route(Operation operation) {
        return ROUTE + operation.id();
    }

    /** The operation that a Camel route is for. */
    Operation ofRoute(String route) {
        return Objects.requireNonNull(byId.get(route.substring(ROUTE.length())), route);
    }

    /** Which methods a path takes, still encoded; none for a path that is nothing. */
    Set<String> methods(String encodedPath) {
        Set<String> methods = new TreeSet<>();
        for (Operation operation : byId.values()) {
            if (operation.matches(encodedPath)) {
                methods.add(operation.method().name());
            }
        }
        return methods;
    }
}
