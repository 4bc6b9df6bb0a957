package io.bactrian.engine;

import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.camel.CamelContext;

/** The settings of a Camel context: its properties, with every placeholder function it knows, vaults included. */
final class CamelSettings implements Settings {

    private final CamelContext context;

    CamelSettings(CamelContext context) {
        this.context = context;
    }

    @Override
    public Optional<String> find(String name) {
        // asked for by name, so that Camel's rules for environment variables and system properties hold
        return SettingNames.spellings(name)
                .flatMap(spelling -> context.getPropertiesComponent().resolveProperty(spelling).stream())
                .findFirst()
                .map(this::resolve)
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    @Override
    public Map<String, String> startingWith(String prefix) {
        Properties loaded = context.getPropertiesComponent().loadProperties(name -> name.startsWith(prefix));
        Map<String, String> found = new TreeMap<>();
        for (String name : loaded.stringPropertyNames()) {
            found.put(name, resolve(loaded.getProperty(name)));
        }
        return found;
    }

    @Override
    public String resolve(String text) {
        return text.contains("{{") ? context.resolvePropertyPlaceholders(text) : text;
    }
}
