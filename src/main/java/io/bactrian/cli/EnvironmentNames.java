package io.bactrian.cli;

import java.util.List;
import java.util.Locale;

/** How settings are called in the environment. */
final class EnvironmentNames {

    /** Settings that may be in the environment alone, without a default or a line in a file. */
    static final List<String> KNOWN = List.of(
            "bactrian.egress.allow",
            "bactrian.files.base-url",
            "bactrian.files.folder",
            "bactrian.files.max-size",
            "bactrian.files.retention",
            "bactrian.files.url-expiry",
            "bactrian.store.enabled",
            "bactrian.store.url",
            "bactrian.store.username",
            "bactrian.store.password",
            "bactrian.store.owner-username",
            "bactrian.store.owner-password",
            "bactrian.store.key",
            "bactrian.store.key-file",
            "bactrian.store.key-environment",
            "bactrian.store.key-previous",
            "bactrian.store.poll-interval",
            "bactrian.store.pool-size",
            "bactrian.store.stale-if-error",
            "bactrian.tenant.default");

    private EnvironmentNames() {}

    static String of(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
