package io.bactrian.engine;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.support.Durations;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings that have something in common in front of their names. Each says what it has to be when it is not.
 *
 * @param settings the settings
 * @param prefix what stands in front of the names, such as {@code bactrian.tools.}
 */
record SettingReader(Settings settings, String prefix) {

    <T> T read(String name, T otherwise, String rule, Function<String, T> reader) {
        return settings.find(prefix + name)
                .map(text -> {
                    try {
                        return reader.apply(text.strip());
                    } catch (RuntimeException e) {
                        throw new MisconfiguredException(ErrorCode.MISCONFIGURED, prefix + name + " has to be " + rule);
                    }
                })
                .orElse(otherwise);
    }

    int number(String name, int otherwise, int least, int most) {
        return read(name, otherwise, "a whole number from " + least + " to " + most, text -> {
            int number = Integer.parseInt(text);
            if (number < least || number > most) {
                throw new IllegalArgumentException("out of range");
            }
            return number;
        });
    }

    Duration duration(String name, Duration otherwise, Duration most) {
        return read(name, otherwise, "a duration such as 30s or PT30S, of " + most + " at most", text -> {
            Duration given = Durations.of(text);
            if (given.isZero() || given.compareTo(most) > 0) {
                throw new IllegalArgumentException("out of range");
            }
            return given;
        });
    }

    /** A duration that need not be set; null if it is not. */
    @Nullable
    Duration optionalDuration(String name, Duration most) {
        return settings.find(prefix + name).isPresent() ? duration(name, most, most) : null;
    }

    String choice(String name, String otherwise, List<String> choices) {
        return read(name, otherwise, "one of " + choices, text -> {
            if (!choices.contains(text)) {
                throw new IllegalArgumentException("no choice");
            }
            return text;
        });
    }
}
