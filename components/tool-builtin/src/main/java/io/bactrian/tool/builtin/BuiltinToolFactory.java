package io.bactrian.tool.builtin;

import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.tool.ToolEnvironment;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderFactory;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.egress.EgressClient;
import io.bactrian.tool.builtin.calculator.CalculatorTools;
import io.bactrian.tool.builtin.data.DataTools;
import io.bactrian.tool.builtin.hash.HashTools;
import io.bactrian.tool.builtin.random.RandomTools;
import io.bactrian.tool.builtin.text.TextTools;
import io.bactrian.tool.builtin.time.TimeTools;
import io.bactrian.tool.builtin.units.UnitTools;
import io.bactrian.tool.builtin.web.WebTools;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Makes the providers that come with the component. Every tenant has them; {@code web} only where there is an egress client. */
public final class BuiltinToolFactory implements ToolProviderFactory {

    /** For {@link java.util.ServiceLoader}. */
    public BuiltinToolFactory() {}

    @Override
    public List<ToolProviderSource> sources(ToolEnvironment environment) {
        Clock clock = environment.find(Clock.class).orElseGet(Clock::systemUTC);
        RandomGenerator random = environment.find(SecureRandom.class).orElseGet(SecureRandom::new);
        return List.of(new BuiltinToolSource(
                providers(clock, random, environment.find(EgressClient.class), environment.json())));
    }

    /** The providers, in the order in which they are listed. */
    static List<ToolProviderController> providers(
            Clock clock, RandomGenerator random, Optional<EgressClient> egress, JsonCodec codec) {
        List<ToolProviderController> providers = new ArrayList<>(List.of(
                CalculatorTools.provider(codec),
                DataTools.provider(codec),
                HashTools.provider(codec),
                RandomTools.provider(clock, random, codec),
                TextTools.provider(codec),
                TimeTools.provider(clock, codec),
                UnitTools.provider(codec)));
        egress.ifPresent(client -> providers.add(WebTools.provider(client, clock, codec)));
        return List.copyOf(providers);
    }
}
