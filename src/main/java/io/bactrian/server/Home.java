package io.bactrian.server;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where an installation lies.
 *
 * @param root the folder with {@code routes/}, {@code kamelets/} and {@code config/}
 * @param data the folder for everything that is written
 */
public record Home(Path root, Path data) {

    /** Makes both absolute. */
    public Home {
        root = root.toAbsolutePath().normalize();
        data = data.toAbsolutePath().normalize();
    }

    /**
     * The home of this process: the launcher says where the root is; data is kept in {@code $BACTRIAN_HOME}, by default
     * {@code data} in the root.
     */
    public static Home ofProcess() {
        Path root = Path.of(System.getProperty("bactrian.root", ""));
        String data = System.getenv("BACTRIAN_HOME");
        return new Home(root, data == null || data.isBlank() ? root.resolve("data") : Path.of(data));
    }

    /** The folder with {@code application.properties}, {@code providers}, {@code workspaces} and {@code system}. */
    public Path config() {
        return root.resolve("config");
    }

    /** The settings that say where things are. */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("bactrian.data.folder", data.toString());
        settings.put("bactrian.config.folder", config().toString());
        settings.put("bactrian.catalog.folder", config().resolve("providers").toString());
        settings.put("bactrian.store.enabled", "true");
        return settings;
    }
}
