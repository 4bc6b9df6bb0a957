package io.bactrian.server;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.engine.Settings;
import io.bactrian.http.HttpSettings;
import io.bactrian.http.ThrottleSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.util.TimeUtils;

/** Reads {@code bactrian.http.*}. */
final class HttpSettingsReader {

    private static final String PREFIX = "bactrian.http.";

    private final Settings settings;

    private HttpSettingsReader(Settings settings) {
        this.settings = settings;
    }

    /**
     * The settings of the HTTP server.
     *
     * @param port the port that was asked for at the start
     * @throws MisconfiguredException naming the setting that is wrong
     */
    static HttpSettings read(Settings settings, int port) {
        HttpSettings defaults = HttpSettings.onLoopback(port);
        HttpSettingsReader reader = new HttpSettingsReader(settings);
        return new HttpSettings(
                settings.find(PREFIX + "host").orElse(defaults.host()),
                port,
                settings.flag(PREFIX + "anonymousOnLoopback", defaults.anonymousOnLoopback()),
                reader.number("maxBody", defaults.maxBody(), 1, Integer.MAX_VALUE),
                reader.number("maxHeaders", defaults.maxHeaders(), 1_024, 1_048_576),
                reader.duration("receiveTimeout", defaults.receiveTimeout()),
                reader.duration("answerTimeout", defaults.answerTimeout()),
                reader.duration("slowClient", defaults.slowClient()),
                reader.number("workers", defaults.workers(), 1, 100_000),
                reader.names());
    }

    /**
     * How guessing at keys is slowed down.
     *
     * @throws MisconfiguredException naming the setting that is wrong
     */
    static ThrottleSettings throttle(Settings settings) {
        ThrottleSettings defaults = ThrottleSettings.DEFAULTS;
        HttpSettingsReader reader = new HttpSettingsReader(settings);
        try {
            return new ThrottleSettings(
                    reader.number("wrongKeys", defaults.failures(), 1, 1_000_000),
                    reader.number("wrongKeysOfAll", defaults.allFailures(), 1, 1_000_000_000),
                    reader.duration("wrongKeysWithin", defaults.window()),
                    reader.duration("longestRefusal", defaults.longest()),
                    reader.list("trustedProxies"));
        } catch (IllegalArgumentException e) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    PREFIX + "wrongKeys, wrongKeysOfAll, wrongKeysWithin, longestRefusal, trustedProxies: "
                            + e.getMessage());
        }
    }

    private int number(String name, int otherwise, int least, int most) {
        return settings.find(PREFIX + name)
                .map(text -> {
                    try {
                        int number = Integer.parseInt(text);
                        if (number >= least && number <= most) {
                            return number;
                        }
                    } catch (NumberFormatException e) {
                        throw wrong(name, "a whole number");
                    }
                    throw wrong(name, "from " + least + " to " + most);
                })
                .orElse(otherwise);
    }

    private Duration duration(String name, Duration otherwise) {
        return settings.find(PREFIX + name)
                .map(text -> {
                    try {
                        Duration given = text.startsWith("P")
                                ? Duration.parse(text)
                                : Duration.ofMillis(TimeUtils.toMilliSeconds(text));
                        if (given.toMillis() > 0) {
                            return given;
                        }
                    } catch (RuntimeException e) {
                        throw wrong(name, "a duration such as 30s or PT30S");
                    }
                    throw wrong(name, "a duration longer than nothing");
                })
                .orElse(otherwise);
    }

    private Set<String> names() {
        return list("headers").stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    private Set<String> list(String name) {
        return settings.find(PREFIX + name)
                .map(text -> Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(item -> !item.isEmpty())
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
    }

    private static MisconfiguredException wrong(String name, String rule) {
        return new MisconfiguredException(ErrorCode.MISCONFIGURED, PREFIX + name + " has to be " + rule);
    }
}
