package io.bactrian.testkit.contract;

import io.bactrian.core.file.FileStore;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.tool.ToolEnvironment;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a {@link ContractEngine} lends to the sources of tools: its files and its JSON, and whichever services and beans a test adds.
 *
 * @param json reads and checks JSON
 * @param files where files are
 * @param services what else the installation has
 * @param beans the beans of the users' context
 */
public record ContractEnvironment(JsonCodec json, FileStore files, List<?> services, List<?> beans)
        implements ToolEnvironment {

    /** Copies the lists. */
    public ContractEnvironment {
        services = List.copyOf(services);
        beans = List.copyOf(beans);
    }

    /** The same with these services instead. */
    public ContractEnvironment withServices(Object... given) {
        return new ContractEnvironment(json, files, List.of(given), beans);
    }

    /** The same with these beans instead. */
    public ContractEnvironment withBeans(Object... given) {
        return new ContractEnvironment(json, files, services, List.of(given));
    }

    @Override
    public <T> Optional<T> find(Class<T> type) {
        return Stream.concat(Stream.of(files), services.stream())
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    @Override
    public <T> List<T> beans(Class<T> type) {
        return beans.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public Optional<String> setting(String name) {
        return Optional.empty();
    }
}
