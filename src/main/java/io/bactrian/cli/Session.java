package io.bactrian.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.bactrian.core.access.Actor;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.engine.Installation;
import io.bactrian.engine.MapSettings;
import io.bactrian.engine.Settings;
import io.bactrian.json.JsonMappers;
import io.bactrian.server.Home;
import io.bactrian.server.VaultPlaceholders;
import io.bactrian.store.BactrianStore;
import io.bactrian.store.StoreSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** What a command works with: the installation, opened when it is needed, and the terminal. */
final class Session {

    static final Actor OPERATOR = new Actor.Operator();

    private final Home home;
    private final Terminal terminal;
    private final CommandLineTool.Environment environment;

    Session(Home home, Terminal terminal, CommandLineTool.Environment environment) {
        this.home = home;
        this.terminal = terminal;
        this.environment = environment;
    }

    Home home() {
        return home;
    }

    Terminal terminal() {
        return terminal;
    }

    CommandLineTool.Environment environment() {
        return environment;
    }

    /** Does some work with the installation; beside a running server, whose database it shares. */
    int with(ToIntFunction<Installation> work) {
        Map<String, String> values = values();
        try (VaultPlaceholders vault = new VaultPlaceholders(values);
                Installation installation = Installation.open(new MapSettings(values, environment::get, vault))) {
            return work.applyAsInt(installation);
        }
    }

    /** Does some work with the database alone. */
    int withStore(ToIntFunction<BactrianStore> work) {
        try (BactrianStore store = BactrianStore.open(storeSettings(), Clock.systemUTC())) {
            return work.applyAsInt(store);
        }
    }

    /**
     * The settings of the database.
     *
     * @throws MisconfiguredException if the installation has none, or one of them is wrong
     */
    StoreSettings storeSettings() {
        Map<String, String> values = values();
        try (VaultPlaceholders vault = new VaultPlaceholders(values)) {
            Settings settings = new MapSettings(values, environment::get, vault);
            if (!settings.flag("bactrian.store.enabled", true)) {
                throw new MisconfiguredException(
                        ErrorCode.MISCONFIGURED, "there is no database: bactrian.store.enabled is false");
            }
            Path data = settings.find("bactrian.data.folder").map(Path::of).orElse(home.data());
            return StoreSettings.read(data, settings::find, name -> Optional.ofNullable(environment.get(name)));
        }
    }

    /** Where the content of files is. */
    Path filesFolder() {
        Map<String, String> values = values();
        try (VaultPlaceholders vault = new VaultPlaceholders(values)) {
            Settings settings = new MapSettings(values, environment::get, vault);
            return settings.find("bactrian.files.folder").map(Path::of).orElseGet(() -> settings.find(
                            "bactrian.data.folder")
                    .map(Path::of)
                    .orElse(home.data())
                    .resolve("files"));
        }
    }

    /** The settings as the server sees them: defaults, then the file, then the environment. */
    private Map<String, String> values() {
        Map<String, String> settings = new TreeMap<>(home.settings());
        Path file = home.config().resolve("application.properties");
        if (Files.isRegularFile(file)) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        "config/application.properties cannot be read ("
                                + e.getClass().getSimpleName() + ")",
                        ErrorDetails.NONE,
                        e);
            }
            properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        }
        // Camel's rule for environment variables, so that server and command line agree
        settings.replaceAll((name, value) -> {
            String variable = environment.get(EnvironmentNames.of(name));
            return variable == null ? value : variable;
        });
        EnvironmentNames.KNOWN.forEach(name -> {
            String variable = environment.get(EnvironmentNames.of(name));
            if (variable != null) {
                settings.put(name, variable);
            }
        });
        return settings;
    }

    void print(String line) {
        terminal.out().println(line);
    }

    void printJson(Object value) {
        try {
            terminal.out()
                    .println(JsonMappers.shared()
                            .writerWithDefaultPrettyPrinter()
                            .writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result cannot be written as JSON", e);
        }
    }
}
