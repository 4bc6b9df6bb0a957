package io.bactrian.core.model;

import java.nio.file.Path;
import java.util.Optional;

/** What the engine lends to the dialects it makes. */
public interface DialectEnvironment {

    /** A service of that type, such as the egress client; empty if the installation has none. */
    <T> Optional<T> find(Class<T> type);

    /** A setting by its full name, such as {@code bactrian.catalog.folder}. */
    Optional<String> setting(String name);

    /** The folder that caches may be kept in; nothing is written before a dialect needs it. */
    Path dataFolder();
}
