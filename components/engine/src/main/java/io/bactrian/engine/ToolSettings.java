package io.bactrian.engine;

import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolLimits;
import io.bactrian.core.tool.ToolPattern;
import io.bactrian.core.tool.ToolPolicy;
import java.time.Duration;
import java.util.List;

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
        SettingReader reader = new SettingReader(settings, PREFIX);
        ToolLimits limits = new ToolLimits(
                reader.duration("timeout", defaults.timeout(), Duration.ofHours(1)),
                defaults.mostMessages(),
                defaults.mostCharacters(),
                reader.number("observation", defaults.observation(), 200, 4_000_000),
                reader.choice("observation-overflow", "file", List.of("file", "truncate"))
                        .equals("file"),
                reader.number("parallel", defaults.parallel(), 1, 256));
        List<ToolPattern> ask = patterns(reader, "ask");
        List<ToolPattern> deny = patterns(reader, "deny");
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

    private static List<ToolPattern> patterns(SettingReader reader, String name) {
        return reader.read(name, List.of(), "names of tools with commas between them", ToolPattern::list);
    }

    private static boolean anyMatches(List<ToolPattern> patterns, Tool tool) {
        for (ToolPattern pattern : patterns) {
            if (pattern.matches(tool)) {
                return true;
            }
        }
        return false;
    }
}
