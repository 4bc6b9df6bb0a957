package io.bactrian.engine;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.file.FileIntake;
import io.bactrian.core.file.FileUrlSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code bactrian.files.*} says.
 *
 * @param maxSize the largest file, in bytes
 * @param retention how long files are kept that do not say so; null for as long as nobody removes them
 * @param urls how links to files are made
 * @param folder where their content is; null for {@code files} in the data folder
 */
record FileSettings(
        long maxSize,
        @Nullable Duration retention,
        FileUrlSettings urls,
        @Nullable Path folder) {

    static final String FOLDER = "bactrian.files.folder";
    static final String RETENTION = "bactrian.files.retention";

    private static final long MAX_SIZE = 50L << 20;
    private static final long LARGEST = 1L << 40;
    private static final Duration LONGEST_RETENTION = Duration.ofDays(36_500);

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,13})\\s*(b|kb|kib|mb|mib|gb|gib)?");
    private static final Map<String, Long> UNITS = Map.of(
            "b", 1L,
            "kb", 1_000L,
            "kib", 1L << 10,
            "mb", 1_000_000L,
            "mib", 1L << 20,
            "gb", 1_000_000_000L,
            "gib", 1L << 30);
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})\\s*(ms|s|m|h|d)");

    /** @throws MisconfiguredException naming the setting that is wrong */
    static FileSettings read(Settings settings) {
        Duration expiry = settings.find(FileUrlSettings.EXPIRY)
                .map(text -> duration(FileUrlSettings.EXPIRY, text))
                .orElse(FileUrlSettings.USUAL.expiry());
        String base = settings.find(FileUrlSettings.BASE_URL).orElse(FileUrlSettings.USUAL.base());
        return new FileSettings(
                settings.find(FileIntake.MAX_SIZE).map(FileSettings::size).orElse(MAX_SIZE),
                settings.find(RETENTION).map(FileSettings::retention).orElse(null),
                new FileUrlSettings(expiry, base),
                settings.find(FOLDER).map(Path::of).orElse(null));
    }

    private static long size(String text) {
        Matcher matcher = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            long unit = Optional.ofNullable(matcher.group(2)).map(UNITS::get).orElse(1L);
            long size = Math.multiplyHigh(Long.parseLong(matcher.group(1)), unit) == 0
                    ? Long.parseLong(matcher.group(1)) * unit
                    : 0;
            if (size >= 1 && size <= LARGEST) {
                return size;
            }
        }
        throw wrong(FileIntake.MAX_SIZE + " has to be a size from 1 B to 1024 GiB, such as 50MiB");
    }

    private static Duration retention(String text) {
        Duration retention = duration(RETENTION, text);
        if (retention.isNegative() || retention.isZero() || retention.compareTo(LONGEST_RETENTION) > 0) {
            throw wrong(RETENTION + " has to be longer than nothing and 100 years at most; leave it out for ever");
        }
        return retention;
    }

    private static Duration duration(String setting, String text) {
        Matcher matcher = TIME.matcher(text.strip());
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofDays(number);
            };
        }
        try {
            return Duration.parse(text.strip());
        } catch (DateTimeParseException e) {
            throw wrong(setting + " has to be a duration, such as 5m, 30d or PT5M");
        }
    }

    private static MisconfiguredException wrong(String message) {
        return new MisconfiguredException(ErrorCode.MISCONFIGURED, message);
    }
}
