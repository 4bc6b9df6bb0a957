package io.bactrian.engine;

import io.bactrian.core.model.DialectEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What dialects are lent: the installation's services and settings. */
final class EngineEnvironment implements DialectEnvironment {

    private final List<Object> services;
    private final Settings settings;
    private final Path dataFolder;

    EngineEnvironment(List<Object> services, Settings settings, Path dataFolder) {
        this.services = List.copyOf(services);
        this.settings = settings;
        this.dataFolder = dataFolder;
    }

    @Override
    public <T> Optional<T> find(Class<T> type) {
        return services.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    @Override
    public Optional<String> setting(String name) {
        return settings.find(name);
    }

    @Override
    public Path dataFolder() {
        return dataFolder;
    }
}
