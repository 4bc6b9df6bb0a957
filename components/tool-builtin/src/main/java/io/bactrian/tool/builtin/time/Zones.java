package io.bactrian.tool.builtin.time;

import static io.bactrian.tool.builtin.support.ArgumentChecks.quoted;
import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import io.bactrian.core.error.BadRequestException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRulesProvider;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The time zones of the IANA database, by name in any case, and fixed offsets. */
final class Zones {

    private static final int MOST_SUGGESTIONS = 5;
    private static final Pattern OFFSET = Pattern.compile("(?:UTC|GMT)?([+-])(\\d{1,2})(?::?(\\d{2}))?");

    private static final Map<String, String> NAMES = ZoneRulesProvider.getAvailableZoneIds().stream()
            // without the zones that stand for the old POSIX rules, of which nobody means one
            .filter(name -> !name.startsWith("SystemV/"))
            .collect(Collectors.toUnmodifiableMap(name -> name.toLowerCase(Locale.ROOT), Function.identity()));

    private Zones() {}

    /**
     * The zone of a name, such as {@code Europe/Berlin}, {@code UTC} or {@code +05:30}.
     *
     * @throws BadRequestException with the names that come near
     */
    static ZoneId zone(String parameter, String name) {
        String key = name.strip().replace(' ', '_').toLowerCase(Locale.ROOT);
        if (key.equals("z") || key.equals("utc")) {
            return ZoneOffset.UTC;
        }
        String known = NAMES.get(key);
        if (known != null) {
            return ZoneId.of(known);
        }
        return offset(parameter, name, key);
    }

    private static ZoneId offset(String parameter, String name, String key) {
        var offset = OFFSET.matcher(key.toUpperCase(Locale.ROOT));
        if (!offset.matches()) {
            throw unknown(parameter, name, key);
        }
        int sign = offset.group(1).equals("-") ? -1 : 1;
        int minutes = offset.group(3) == null ? 0 : Integer.parseInt(offset.group(3));
        try {
            return ZoneOffset.ofHoursMinutes(sign * Integer.parseInt(offset.group(2)), sign * minutes);
        } catch (DateTimeException tooFar) {
            throw refused(parameter, "offsets are from -18:00 to +18:00");
        }
    }

    private static BadRequestException unknown(String parameter, String name, String key) {
        List<String> near = key.length() < 3 ? List.of() : near(key);
        String hint =
                near.isEmpty() ? "such as Europe/Berlin or America/New_York" : "such as " + String.join(", ", near);
        return refused(
                parameter,
                "there is no time zone " + quoted(name) + "; accepted are names of the IANA database " + hint
                        + ", and offsets such as +05:30. Abbreviations such as CST mean several zones");
    }

    private static List<String> near(String key) {
        return NAMES.entrySet().stream()
                .filter(zone -> zone.getKey().contains(key) || key.endsWith(city(zone.getKey())))
                .map(Map.Entry::getValue)
                .sorted(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()))
                .limit(MOST_SUGGESTIONS)
                .toList();
    }

    private static String city(String zone) {
        return zone.substring(zone.lastIndexOf('/') + 1);
    }
}
