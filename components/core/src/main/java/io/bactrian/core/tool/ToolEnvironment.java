package io.bactrian.core.tool;

import io.bactrian.core.json.JsonCodec;
import java.util.List;
import java.util.Optional;

/** What the engine lends to the sources of tools that it makes. */
public interface ToolEnvironment {

    /** A service of that type, such as the egress client or the file store; empty if the installation has none. */
    <T> Optional<T> find(Class<T> type);

    /** All beans of that type that the users' context has. */
    <T> List<T> beans(Class<T> type);

    /** A setting by its full name. */
    Optional<String> setting(String name);

    /** Reads and checks JSON. */
    JsonCodec json();
}
