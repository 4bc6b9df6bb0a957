package io.bactrian.engine;

import io.bactrian.core.invoke.AccessPolicy;
import io.bactrian.core.invoke.CallObserver;
import io.bactrian.core.invoke.CredentialPolicy;
import io.bactrian.core.invoke.Interceptor;
import io.bactrian.core.model.ModelDialectFactory;
import io.bactrian.core.quota.QuotaAlerts;
import io.bactrian.core.tool.ToolPolicy;
import io.bactrian.core.tool.ToolProviderFactory;
import io.bactrian.support.BactrianEngine;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.support.LifecycleStrategySupport;

/** The installation of a Camel context: settings from its properties, beans from its registry, closed when it stops. */
final class ContextInstallation {

    private ContextInstallation() {}

    static BactrianEngine open(CamelContext context) {
        Clock clock = context.getRegistry().findSingleByType(Clock.class);
        Installation installation = Installation.open(
                new CamelSettings(context), beans(context), clock == null ? Clock.systemUTC() : clock);
        HealthCheckRegistry checks = HealthCheckRegistry.get(context);
        if (checks != null) {
            installation.storeHealth().ifPresent(checks::register);
            installation.usageHealth().ifPresent(checks::register);
            installation.auditHealth().ifPresent(checks::register);
        }
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopped(CamelContext stopped) {
                installation.close();
            }
        });
        return installation;
    }

    private static Installation.Beans beans(CamelContext context) {
        List<CallObserver> observers = new ArrayList<>(all(context, CallObserver.class));
        if (context.getClassResolver().resolveClass("io.micrometer.core.instrument.MeterRegistry") != null) {
            observers.add(MicrometerObservers.of(context));
        }
        List<QuotaAlerts> alerts = new ArrayList<>(all(context, QuotaAlerts.class));
        alerts.add(new QuotaEvents(context));
        return new Installation.Beans(
                all(context, ModelDialectFactory.class),
                observers,
                all(context, AccessPolicy.class),
                all(context, CredentialPolicy.class),
                all(context, Interceptor.class),
                all(context, ToolProviderFactory.class),
                all(context, ToolPolicy.class),
                alerts,
                new BeanFinder() {
                    @Override
                    public <T> List<T> all(Class<T> type) {
                        return ContextInstallation.all(context, type);
                    }
                });
    }

    private static <T> List<T> all(CamelContext context, Class<T> type) {
        return List.copyOf(context.getRegistry().findByType(type));
    }
}
