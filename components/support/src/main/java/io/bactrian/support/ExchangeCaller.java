package io.bactrian.support;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.CallPath;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Reads who calls from an exchange: from its properties only, never from a header (HDR-07). */
public final class ExchangeCaller {

    private ExchangeCaller() {}

    /**
     * The claim of the call that an exchange makes.
     *
     * @param endpointTenant the tenant that the endpoint is fixed to; null for none
     * @param timeout the endpoint's time-out, which makes the exchange's deadline sooner and never later
     * @throws BadRequestException with {@code invalid_param}, naming the property that holds something else
     */
    public static CallerClaim claim(Exchange exchange, @Nullable TenantId endpointTenant, Duration timeout) {
        IdentityHeaders.warnOfIgnored(exchange);
        // asked of the exchange one by one, each name would be looked for among Camel's own first
        Map<String, Object> properties = exchange.hasProperties() ? exchange.getProperties() : Map.of();
        TenantId tenant = property(properties, BactrianConstants.TENANT, TenantId.class, TenantId::new);
        UserId user = property(properties, BactrianConstants.USER, UserId.class, UserId::new);
        AppId app = property(properties, BactrianConstants.APP, AppId.class, AppId::new);
        ApiKeyId apiKey = property(properties, BactrianConstants.API_KEY, ApiKeyId.class, ApiKeyId::new);
        InvokeSource source =
                property(properties, BactrianConstants.SOURCE, InvokeSource.class, ExchangeCaller::sourceOf);
        RequestId requestId = property(properties, BactrianConstants.REQUEST_ID, RequestId.class, RequestId::new);
        Integer depth = property(properties, BactrianConstants.DEPTH, Integer.class, ExchangeCaller::depthOf);
        return new CallerClaim(
                endpointTenant,
                tenant,
                user,
                app == null ? routeOf(exchange) : app,
                null,
                source == null ? InvokeSource.ROUTE : source,
                depth == null ? 0 : depth,
                requestId == null ? newRequestId(exchange) : requestId,
                deadline(properties, timeout),
                properties.get(BactrianConstants.PATH) instanceof CallPath path ? path : CallPath.NONE,
                apiKey);
    }

    private static Deadline deadline(Map<String, Object> properties, Duration timeout) {
        Object value = properties.get(BactrianConstants.DEADLINE);
        if (value == null) {
            return Deadline.in(timeout);
        }
        if (value instanceof Duration left) {
            return Deadline.in(left).within(timeout);
        }
        Deadline given = property(
                properties, BactrianConstants.DEADLINE, Deadline.class, text -> Deadline.in(Durations.of(text)));
        return given == null ? Deadline.in(timeout) : given.within(timeout);
    }

    private static <T> @Nullable T property(
            Map<String, Object> properties, String name, Class<T> type, Function<String, T> fromText) {
        Object value = properties.get(name);
        if (value == null) {
            return null;
        }
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        if (value instanceof CharSequence || value instanceof Number) {
            try {
                return fromText.apply(value.toString());
            } catch (IllegalArgumentException e) {
                throw new BadRequestException(
                        ErrorCode.INVALID_PARAM, "the exchange property " + name + " is wrong: " + e.getMessage());
            }
        }
        // its class, not its value: that may be anything
        throw new BadRequestException(
                ErrorCode.INVALID_PARAM,
                "the exchange property " + name + " holds a " + value.getClass().getName() + ": set a "
                        + type.getSimpleName() + " or text");
    }

    private static InvokeSource sourceOf(String text) {
        for (InvokeSource source : InvokeSource.values()) {
            if (source.name().equals(text.toUpperCase(Locale.ROOT))) {
                return source;
            }
        }
        throw new IllegalArgumentException("it is one of route, http, cli, nested");
    }

    private static Integer depthOf(String text) {
        int depth;
        try {
            depth = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("it is a whole number", e);
        }
        if (depth < 0) {
            throw new IllegalArgumentException("depth counts from 0");
        }
        return depth;
    }

    /** The route that the exchange came in by, not a Kamelet or a direct: route it has wandered into. */
    private static @Nullable AppId routeOf(Exchange exchange) {
        String route = exchange.getFromRouteId();
        return route == null || route.isBlank() || route.length() > 256 ? null : new AppId(route);
    }

    private static RequestId newRequestId(Exchange exchange) {
        return new RequestId(exchange.getContext().getUuidGenerator().generateUuid());
    }
}
