package io.bactrian.engine;

import java.util.Locale;
import java.util.stream.Stream;

/** The spellings of a setting: {@code bactrian.store.key-file} and {@code bactrian.store.keyFile} are one, as with Camel's own. */
final class SettingNames {

    private SettingNames() {}

    /** The name as given, with dashes, and in camel case; each once. */
    static Stream<String> spellings(String name) {
        return Stream.of(name, dashed(name), camel(name)).distinct();
    }

    private static String dashed(String name) {
        StringBuilder dashed = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                dashed.append('-').append(String.valueOf(c).toLowerCase(Locale.ROOT));
            } else {
                dashed.append(c);
            }
        }
        return dashed.toString();
    }

    private static String camel(String name) {
        StringBuilder camel = new StringBuilder();
        boolean upper = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '-') {
                upper = true;
            } else {
                camel.append(upper ? String.valueOf(c).toUpperCase(Locale.ROOT) : String.valueOf(c));
                upper = false;
            }
        }
        return camel.toString();
    }
}
