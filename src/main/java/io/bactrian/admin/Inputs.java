package io.bactrian.admin;

import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.Role;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads values: what is wrong in a body is named, and what is wrong in a path leads nowhere. */
final class Inputs {

    private Inputs() {}

    /** A value of a field. */
    static <T> T field(String name, String text, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            throw Problems.invalid("the field '" + name + "': " + e.getMessage());
        }
    }

    /** A value of a parameter. */
    static <T> T parameter(String name, String text, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            throw Problems.invalid("the parameter '" + name + "': " + e.getMessage());
        }
    }

    /** A value of a variable of the path. */
    static <T> T variable(AdminRequest request, String name, Function<String, T> reader) {
        try {
            return reader.apply(request.variable(name));
        } catch (IllegalArgumentException e) {
            throw Problems.notFound();
        }
    }

    static ProviderId provider(AdminRequest request) {
        return variable(request, "provider", ProviderId::new);
    }

    static Role role(String text) {
        return Role.of(text)
                .orElseThrow(() -> new IllegalArgumentException("a role is one of "
                        + Arrays.stream(Role.values()).map(Role::text).collect(Collectors.joining(", "))));
    }

    static ModelType type(String text) {
        return ModelType.of(text)
                .orElseThrow(() -> new IllegalArgumentException("a type of models is one of "
                        + Arrays.stream(ModelType.values()).map(ModelType::text).collect(Collectors.joining(", "))));
    }
}
