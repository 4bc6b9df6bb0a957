package io.bactrian.admin;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.http.AdminCall;
import io.bactrian.http.HttpAnswer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Does the operation that a request is for: its tenant is one that the actor may see, it is permitted, its parameters are known,
 * and its condition holds.
 */
final class AdminDispatcher implements Processor {

    private static final int NOT_MODIFIED = 304;

    private final Operations operations;
    private final ConfigurationSource tenants;
    private final AccessControl access;
    private final TenantLocks locks = new TenantLocks();

    /**
     * @param operations what can be done
     * @param tenants knows which there are
     * @param access decides who may, and takes it down
     */
    AdminDispatcher(Operations operations, ConfigurationSource tenants, AccessControl access) {
        this.operations = operations;
        this.tenants = tenants;
        this.access = access;
    }

    @Override
    public void process(Exchange exchange) {
        AdminCall call = exchange.getProperty(AdminCall.PROPERTY, AdminCall.class);
        if (call == null) {
            throw new RefusedException(ErrorCode.ACCESS_DENIED, "the administration is asked over HTTP, not by routes");
        }
        exchange.getMessage().setBody(answer(operations.ofRoute(exchange.getFromRouteId()), call));
    }

    private HttpAnswer answer(Operation operation, AdminCall call) {
        TenantId tenant = operation.ofTenant() ? tenant(operation, call) : null;
        permit(operation, call.actor(), tenant);
        checkParameters(operation, call);
        AdminRequest request = new AdminRequest(call, tenant, null);
        try {
            if (!operation.writes()) {
                return read(operation, call, request);
            }
            return operation.current() == null
                    ? written(operation, operation.handler().handle(request))
                    : locks.alone(tenant, () -> change(operation, call, request));
        } catch (BadRequestException e) {
            // the tenant was there a moment ago
            throw e.code() == ErrorCode.TENANT_NOT_FOUND ? Problems.notFound() : e;
        }
    }

    /** The tenant of the path: to whoever may not see it, as if it were not there, and nothing is looked up for them. */
    private TenantId tenant(Operation operation, AdminCall call) {
        String text = String.valueOf(call.variable(AdminRequest.TENANT));
        Actor actor = call.actor();
        if (actor instanceof Actor.Key key && !key.tenant().value().equals(text)) {
            access.refused(actor, key.tenant(), operation.permission().text(), "another tenant", "it is not its own");
            throw Problems.notFound();
        }
        try {
            return tenants.tenant(new TenantId(text))
                    .orElseThrow(Problems::notFound)
                    .id();
        } catch (IllegalArgumentException e) {
            throw Problems.notFound();
        }
    }

    private void permit(Operation operation, Actor actor, @Nullable TenantId tenant) {
        if (tenant != null) {
            access.require(actor, tenant, operation.permission(), operation.id());
        } else {
            access.requireOperator(actor, operation.id());
        }
    }

    private static void checkParameters(Operation operation, AdminCall call) {
        Set<String> known = operation.parameterNames();
        for (String given : call.query().keySet()) {
            if (!known.contains(given)) {
                throw Problems.invalid(
                        known.isEmpty()
                                ? "this takes no parameters behind the question mark"
                                : "there is no such parameter; there are " + new TreeSet<>(known));
            }
        }
        if (operation.takes() == null && !call.body().isBlank()) {
            throw Problems.invalid("this takes no body");
        }
        if (operation.current() == null && Conditions.any(call)) {
            throw Problems.invalid(
                    "If-Match and If-None-Match are for what is read or changed by itself: leave them out");
        }
    }

    private static HttpAnswer read(Operation operation, AdminCall call, AdminRequest request) {
        Reply reply = operation.handler().handle(request);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Cache-Control", "private, no-cache");
        String body = AdminJson.write(body(reply));
        if (operation.current() != null) {
            String tag = Conditions.tag(body);
            headers.put("ETag", tag);
            Conditions.checkMatch(call, tag);
            if (Conditions.known(call, tag)) {
                return new HttpAnswer(NOT_MODIFIED, headers, null);
            }
        }
        headers.put("Content-Type", "application/json");
        return new HttpAnswer(reply.status(), headers, body);
    }

    private static Object body(Reply reply) {
        Object body = reply.body();
        if (body == null) {
            throw new IllegalStateException("whoever reads is answered something");
        }
        return body;
    }

    private static HttpAnswer change(Operation operation, AdminCall call, AdminRequest request) {
        Current current = operation.current();
        Optional<?> there = current == null ? Optional.empty() : current.of(request);
        if (there.isEmpty() && operation.needsWhatIsThere()) {
            throw Problems.notFound();
        }
        String tag = there.map(AdminJson::write).map(Conditions::tag).orElse(null);
        Conditions.check(call, tag);
        Object matched = call.condition(Conditions.IF_MATCH).isPresent() ? there.orElse(null) : null;
        return written(operation, operation.handler().handle(request.matching(matched)));
    }

    private static HttpAnswer written(Operation operation, Reply reply) {
        Map<String, String> headers = new LinkedHashMap<>();
        // it may hold a key that is shown this one time
        headers.put("Cache-Control", "no-store");
        if (reply.location() != null) {
            headers.put("Location", reply.location());
        }
        Object body = reply.body();
        if (body == null) {
            return new HttpAnswer(reply.status(), headers, null);
        }
        String json = AdminJson.write(body);
        if (operation.current() != null) {
            headers.put("ETag", Conditions.tag(json));
        }
        headers.put("Content-Type", "application/json");
        return new HttpAnswer(reply.status(), headers, json);
    }
}
