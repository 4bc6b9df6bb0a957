package io.bactrian.engine;

import io.bactrian.core.invoke.CallObserver;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;

/** Keeps Micrometer's classes out of reach of installations that do not have them. */
final class MicrometerObservers {

    private MicrometerObservers() {}

    static CallObserver of(CamelContext context) {
        return new MicrometerCallObserver(() -> registry(context), System::nanoTime);
    }

    private static Optional<MeterRegistry> registry(CamelContext context) {
        Set<MeterRegistry> found = context.getRegistry().findByType(MeterRegistry.class);
        return found.stream().findFirst();
    }
}
