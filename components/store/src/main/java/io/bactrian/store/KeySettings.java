package io.bactrian.store;

import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.MisconfiguredException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Where settings say that the key-encryption key is. */
final class KeySettings {

    private static final String FILE = "file:";

    private KeySettings() {}

    /**
     * The key that wraps, with others behind it that unwrap only.
     *
     * @param properties properties by name, placeholders replaced
     * @param environment environment variables by name
     * @param otherwise where the key is if no setting says so
     * @throws MisconfiguredException if two settings give the key that wraps, or one names what is not there
     */
    static KeySource read(
            Function<String, Optional<String>> properties,
            Function<String, Optional<String>> environment,
            Supplier<KeySource> otherwise) {
        String variable = StoreSettings.given(properties, StoreSettings.KEY_ENVIRONMENT)
                .orElse(StoreSettings.DEFAULT_KEY_VARIABLE);
        KeySource current = current(properties, environment, variable)
                .orElseGet(() -> StoreSettings.given(properties, StoreSettings.KEY_FILE)
                        .<KeySource>map(file -> new KeySource.KeyFile(StoreSettings.KEY_FILE, Path.of(file)))
                        .orElseGet(otherwise));
        List<KeySource> previous = new ArrayList<>();
        StoreSettings.given(properties, StoreSettings.KEY_PREVIOUS)
                .ifPresent(text -> previous.addAll(several(StoreSettings.KEY_PREVIOUS, text)));
        StoreSettings.given(environment, variable + "_PREVIOUS")
                .ifPresent(text -> previous.addAll(several(name(variable + "_PREVIOUS"), text)));
        return previous.isEmpty() ? current : new KeySource.WithPrevious(current, previous);
    }

    private static Optional<KeySource> current(
            Function<String, Optional<String>> properties,
            Function<String, Optional<String>> environment,
            String variable) {
        Optional<KeySource> property = StoreSettings.given(properties, StoreSettings.KEY)
                .map(text -> new KeySource.Value(StoreSettings.KEY, Secret.of(text)));
        Optional<KeySource> fromEnvironment = StoreSettings.given(environment, variable)
                .map(text -> new KeySource.Value(name(variable), Secret.of(text)));
        if (property.isPresent() && fromEnvironment.isPresent()) {
            // which of them wraps must not depend on who reads them first
            throw StoreSettings.wrong(StoreSettings.KEY + " and " + name(variable)
                    + " both give the key-encryption key: keep the one that is to wrap, and give the other as "
                    + StoreSettings.KEY_PREVIOUS);
        }
        boolean named =
                StoreSettings.given(properties, StoreSettings.KEY_ENVIRONMENT).isPresent();
        if (named && fromEnvironment.isEmpty()) {
            throw StoreSettings.wrong(
                    StoreSettings.KEY_ENVIRONMENT + " names " + name(variable) + ", which is not set");
        }
        return property.or(() -> fromEnvironment);
    }

    private static String name(String variable) {
        return "the environment variable " + variable;
    }

    private static List<KeySource> several(String setting, String text) {
        if (text.startsWith(FILE)) {
            return List.of(new KeySource.KeyFile(
                    setting, Path.of(text.substring(FILE.length()).strip())));
        }
        if (text.startsWith("{")) {
            return List.of(new KeySource.Value(setting, Secret.of(text)));
        }
        return Arrays.stream(text.split("[,\\s]+"))
                .filter(one -> !one.isEmpty())
                .<KeySource>map(one -> new KeySource.Value(setting, Secret.of(one)))
                .toList();
    }
}
