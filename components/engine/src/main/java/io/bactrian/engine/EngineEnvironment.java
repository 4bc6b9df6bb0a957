package io.bactrian.engine;

import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.model.DialectEnvironment;
import io.bactrian.core.tool.ToolEnvironment;
import io.bactrian.json.ToolJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What dialects and sources of tools are lent: the installation's services, settings and beans. */
final class EngineEnvironment implements DialectEnvironment, ToolEnvironment {

    private final List<Object> services;
    private final Settings settings;
    private final Path dataFolder;
    private final BeanFinder beans;

    EngineEnvironment(List<Object> services, Settings settings, Path dataFolder, BeanFinder beans) {
        this.beans = beans;
        this.services = List.copyOf(services);
        this.settings = settings;
        this.dataFolder = dataFolder;
    }

    /** This environment with further services. */
    EngineEnvironment with(Object... more) {
        List<Object> all = new ArrayList<>(services);
        all.addAll(List.of(more));
        return new EngineEnvironment(all, settings, dataFolder, beans);
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

    @Override
    public <T> List<T> beans(Class<T> type) {
        return beans.all(type);
    }

    @Override
    public JsonCodec json() {
        return ToolJson.codec();
    }
}
