package io.bactrian.support.tool;

import io.bactrian.support.TrafficHealthCheck;
import java.util.Map;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.support.HealthCheckComponent;
import org.jspecify.annotations.Nullable;

/** The health check of an endpoint that calls tools, as long as a producer of it is there. */
final class ToolHealth {

    private final WritableHealthCheckRepository repository;
    private final HealthCheck check;

    private ToolHealth(WritableHealthCheckRepository repository, HealthCheck check) {
        this.repository = repository;
        this.check = check;
    }

    /** Registers the check; null where the context has no checks of producers. */
    static @Nullable ToolHealth start(ToolEndpointSupport endpoint) {
        WritableHealthCheckRepository repository = HealthCheckHelper.getHealthCheckRepository(
                endpoint.getCamelContext(), "producers", WritableHealthCheckRepository.class);
        if (repository == null) {
            return null;
        }
        String scheme = endpoint.scheme();
        HealthCheck check = new TrafficHealthCheck(
                scheme,
                "producer:" + scheme + ":" + endpoint.address() + "-" + Integer.toHexString(endpoint.hashCode()),
                endpoint.traffic(),
                endpoint.engine().clock(),
                Map.of("tool", scheme + ":" + endpoint.address()));
        check.setEnabled(endpoint.getComponent() instanceof HealthCheckComponent component
                && component.isHealthCheckProducerEnabled());
        repository.addHealthCheck(check);
        return new ToolHealth(repository, check);
    }

    void stop() {
        repository.removeHealthCheck(check);
    }
}
