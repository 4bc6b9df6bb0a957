package io.bactrian.engine;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.egress.EgressClient;
import io.bactrian.egress.EgressPolicy;
import io.bactrian.egress.EgressProxy;
import java.util.Arrays;
import java.util.List;

/** What the operator lets out, from the settings {@code bactrian.egress.*}. */
final class EgressSettings {

    static final String DENY = "bactrian.egress.deny";
    static final String ALLOW_HTTP = "bactrian.egress.allow-http";
    static final String PORTS = "bactrian.egress.ports";
    static final String OWN = "bactrian.egress.own-addresses";
    static final String PROXY = "bactrian.egress.proxy";
    static final String PROXY_RESOLVES = "bactrian.egress.proxy-resolves-names";
    static final String MAX_PER_HOST = "bactrian.egress.max-connections-per-host";
    static final String MAX_TOTAL = "bactrian.egress.max-connections";

    private static final int PER_HOST = 256;
    private static final int TOTAL = 4_096;

    private EgressSettings() {}

    static EgressClient client(Settings settings) {
        EgressPolicy.Builder policy = EgressPolicy.builder().allowHttp(settings.flag(ALLOW_HTTP, false));
        list(settings, EgressPolicy.SETTING).forEach(policy::allow);
        list(settings, DENY).forEach(policy::deny);
        list(settings, PORTS).forEach(port -> policy.port(number(PORTS, port, 65_535)));
        // a call that comes back to this very server could go round for ever, also where its host is allowed (SSRF-19)
        list(settings, OWN).forEach(address -> own(policy, address));
        settings.find(PROXY).ifPresent(proxy -> policy.proxy(proxy(proxy, settings.flag(PROXY_RESOLVES, false))));
        int perHost = settings.find(MAX_PER_HOST)
                .map(text -> number(MAX_PER_HOST, text, 100_000))
                .orElse(PER_HOST);
        int total = settings.find(MAX_TOTAL)
                .map(text -> number(MAX_TOTAL, text, 1_000_000))
                .orElse(Math.max(TOTAL, perHost));
        return EgressClient.builder(policy.build())
                .maxConnections(perHost, total)
                .build();
    }

    private static List<String> list(Settings settings, String name) {
        return settings.find(name)
                .map(text -> Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(entry -> !entry.isEmpty())
                        .toList())
                .orElse(List.of());
    }

    private static void own(EgressPolicy.Builder policy, String address) {
        try {
            policy.ownAddress(address);
        } catch (MisconfiguredException e) {
            throw wrong(OWN + ": " + e.getMessage());
        }
    }

    private static EgressProxy proxy(String text, boolean resolvesNames) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw wrong(PROXY + " has to be HOST:PORT");
        }
        return new EgressProxy(
                text.substring(0, colon), number(PROXY, text.substring(colon + 1), 65_535), resolvesNames);
    }

    private static int number(String setting, String text, int most) {
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong(setting + " has to be a number from 1 to " + most);
        }
        throw wrong(setting + " has to be a number from 1 to " + most);
    }

    private static MisconfiguredException wrong(String message) {
        return new MisconfiguredException(ErrorCode.MISCONFIGURED, message);
    }
}
