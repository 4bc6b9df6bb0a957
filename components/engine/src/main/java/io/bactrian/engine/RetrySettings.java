package io.bactrian.engine;

import io.bactrian.core.balance.BalancingSettings;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import java.time.Duration;

/** Reads how failures are dealt with: {@code bactrian.retry.*} and {@code bactrian.cooldown.*}. */
final class RetrySettings {

    private static final Duration LONGEST = Duration.ofDays(1);

    private RetrySettings() {}

    /** @throws MisconfiguredException naming the setting that is wrong */
    static BalancingSettings read(Settings settings) {
        BalancingSettings usual = BalancingSettings.DEFAULTS;
        SettingReader retry = new SettingReader(settings, "bactrian.retry.");
        SettingReader cooldown = new SettingReader(settings, "bactrian.cooldown.");
        Duration base = cooldown.duration("base", usual.baseCooldown(), LONGEST);
        Duration longest = cooldown.duration("longest", usual.longestCooldown(), LONGEST);
        if (longest.compareTo(base) < 0) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "bactrian.cooldown.longest has to be no shorter than bactrian.cooldown.base, which is " + base);
        }
        return new BalancingSettings(
                retry.number("count", usual.retries(), 0, 10),
                retry.duration("first-wait", usual.firstWait(), LONGEST),
                retry.duration("longest-wait", usual.longestWait(), LONGEST),
                base,
                cooldown.duration("refused", usual.deadCooldown(), LONGEST),
                longest,
                retry.number("most-attempts", usual.mostAttempts(), 1, 1_000),
                retry.optionalDuration("first-token-timeout", LONGEST));
    }
}
