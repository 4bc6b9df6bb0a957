package io.bactrian.engine;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolLimits;
import io.bactrian.core.tool.ToolPattern;
import io.bactrian.core.tool.ToolPolicy;
import io.bactrian.support.Durations;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * What {@code bactrian.tools.*} says.
 *
 * @param limits what tools may do at most
 * @param deepest how deep calls may be nested
 * @param approvalExpiry how long an approval can be given and used
 * @param policy which tools a person has to approve, and which are not called at all
 */
record ToolSettings(ToolLimits limits, int deepest, Duration approvalExpiry, ToolPolicy policy) {

    private static final String PREFIX = "bactrian.tools.";
    private static final int DEEPEST = 16;
    private static final Duration APPROVAL_EXPIRY = Duration.ofDays(1);

    /** @throws MisconfiguredException naming the setting that is wrong */
    static ToolSettings read(Settings settings) {
        ToolLimits defaults = ToolLimits.DEFAULTS;
        Reader reader = new Reader(settings);
        ToolLimits limits = new ToolLimits(
                reader.duration("timeout", defaults.timeout(), Duration.ofHours(1)),
                defaults.mostMessages(),
                defaults.mostCharacters(),
                reader.number("observation", defaults.observation(), 200, 4_000_000),
                reader.choice("observation-overflow", "file", List.of("file", "truncate"))
                        .equals("file"),
                reader.number("parallel", defaults.parallel(), 1, 256));
        List<ToolPattern> ask = reader.patterns("ask");
        List<ToolPattern> deny = reader.patterns("deny");
        return new ToolSettings(
                limits,
                reader.number("max-depth", DEEPEST, 1, 64),
                reader.duration("approval-expiry", APPROVAL_EXPIRY, Duration.ofDays(30)),
                (caller, tool) -> {
                    if (anyMatches(deny, tool)) {
                        return ToolApproval.DENY;
                    }
                    return anyMatches(ask, tool) ? ToolApproval.ASK : ToolApproval.AUTO;
                });
    }

    private static boolean anyMatches(List<ToolPattern> patterns, Tool tool) {
        for (ToolPattern pattern : patterns) {
            if (pattern.matches(tool)) {
                return true;
            }
        }
        return false;
    }

    private record Reader(Settings settings) {

        <T> T read(String name, T otherwise, String rule, Function<String, T> reader) {
            return settings.find(PREFIX + name)
                    .map(text -> {
                        try {
                            return reader.apply(text.strip());
                        } catch (RuntimeException e) {
                            throw new MisconfiguredException(
                                    ErrorCode.MISCONFIGURED, PREFIX + name + " has to be " + rule);
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

        String choice(String name, String otherwise, List<String> choices) {
            return read(name, otherwise, "one of " + choices, text -> {
                if (!choices.contains(text)) {
                    throw new IllegalArgumentException("no choice");
                }
                return text;
            });
        }

        List<ToolPattern> patterns(String name) {
            return read(name, List.of(), "names of tools with commas between them", ToolPattern::list);
        }
    }
}
