package io.bactrian.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Settings of which there are several of a kind, each by a name of its own: {@code bactrian.credentials.NAME.FIELD}. */
final class NamedSettings {

    private NamedSettings() {}

    /**
     * The fields of each by its name, which may have dots in it: the field is what stands behind the last one.
     *
     * @param prefix what stands before the name, with the dot
     * @param problems takes what is wrong
     */
    static Map<String, Map<String, String>> read(Settings settings, String prefix, List<String> problems) {
        Map<String, String> found;
        try {
            found = settings.startingWith(prefix);
        } catch (RuntimeException e) {
            // a placeholder that cannot be resolved, in one of them
            problems.add(prefix + "*: " + e.getMessage());
            return Map.of();
        }
        Map<String, Map<String, String>> byName = new TreeMap<>();
        found.forEach((property, value) -> {
            String rest = property.substring(prefix.length());
            int dot = rest.lastIndexOf('.');
            if (dot <= 0) {
                problems.add(property + ": has to be " + prefix + "NAME.FIELD");
                return;
            }
            byName.computeIfAbsent(rest.substring(0, dot), name -> new LinkedHashMap<>())
                    .put(rest.substring(dot + 1), value);
        });
        return byName;
    }
}
