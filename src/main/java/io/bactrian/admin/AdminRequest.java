package io.bactrian.admin;

import io.bactrian.core.access.Actor;
import io.bactrian.core.config.Page;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.http.AdminCall;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request as handlers see it: who asks, in which tenant, for what. */
final class AdminRequest {

    /** The variable of paths that names a tenant. */
    static final String TENANT = "tenant";

    private final AdminCall call;
    private final @Nullable TenantId tenant;
    private final @Nullable Object matched;

    /**
     * @param call the request as it came in
     * @param tenant the tenant of the path, which the actor may see; null if the path names none
     * @param matched what the request's condition was compared with; null if it has none
     */
    AdminRequest(AdminCall call, @Nullable TenantId tenant, @Nullable Object matched) {
        this.call = call;
        this.tenant = tenant;
        this.matched = matched;
    }

    /** The same, with what its condition was compared with. */
    AdminRequest matching(@Nullable Object compared) {
        return new AdminRequest(call, tenant, compared);
    }

    /** Who asks. */
    Actor actor() {
        return call.actor();
    }

    /** In which tenant. */
    TenantId tenant() {
        return Objects.requireNonNull(tenant, "the path names no tenant");
    }

    /** A variable of the path. */
    String variable(String name) {
        return Objects.requireNonNull(call.variable(name), name);
    }

    /**
     * A parameter behind the question mark.
     *
     * @throws io.bactrian.core.error.BadRequestException with {@code invalid_param} if it is there more than once
     */
    Optional<String> parameter(String name) {
        List<String> values = call.query().getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw Problems.invalid("the parameter '" + name + "' is there more than once");
        }
        return values.stream().findFirst();
    }

    /** A parameter that is a whole number within bounds. */
    int number(String name, int otherwise, int least, int most) {
        Optional<String> given = parameter(name);
        if (given.isEmpty()) {
            return otherwise;
        }
        boolean digits = given.get().matches("[0-9]{1,9}");
        int number = digits ? Integer.parseInt(given.get()) : -1;
        if (number < least || number > most) {
            throw Problems.invalid(
                    "the parameter '" + name + "' has to be a whole number from " + least + " to " + most);
        }
        return number;
    }

    /** Which page of a list is wanted. */
    Page page() {
        int most = number("limit", Page.FIRST.most(), 1, Page.LONGEST);
        return new Page(parameter("after").map(AdminRequest::place).orElse(null), most);
    }

    /** What a place looks like outside: nobody is to make one up. */
    static @Nullable String cursor(@Nullable String place) {
        return place == null
                ? null
                : Base64.getUrlEncoder().withoutPadding().encodeToString(place.getBytes(StandardCharsets.UTF_8));
    }

    private static String place(String cursor) {
        try {
            return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Page.noPlace();
        }
    }

    /** The body. */
    <T> T body(Class<T> shape) {
        return AdminJson.read(shape, call.body());
    }

    /** What the request's condition was compared with, and found to be the same; empty if it has no condition. */
    <T> Optional<T> matched(Class<T> shape) {
        return Optional.ofNullable(matched).map(shape::cast);
    }
}
