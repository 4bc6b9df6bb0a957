package io.bactrian.store;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code jdbc:postgresql://HOST[:PORT][,HOST[:PORT]…]/DATABASE[?PARAMETERS]}, taken apart. Parameters are those that say
 * which server and how its certificate is checked: the driver has others that load classes by name and write files
 * (CVE-2022-21724, CVE-2022-26520), and a password has no place in a URL.
 *
 * @param hosts the servers, in the order they are tried
 * @param database the database's name
 * @param parameters the driver's properties by name
 */
record PostgresUrl(List<Host> hosts, String database, Map<String, String> parameters) {

    private static final int DEFAULT_PORT = 5432;
    private static final String PREFIX = "jdbc:postgresql://";
    private static final Pattern FORM = Pattern.compile("jdbc:postgresql://([^/?]+)/([^/?]+)(?:\\?(.*))?");
    private static final Pattern HOST =
            Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::(\\d{1,5}))?");
    private static final Pattern SCHEMA = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    private static final Set<String> ALLOWED = Set.of(
            "ssl",
            "sslmode",
            "sslrootcert",
            "sslcert",
            "sslkey",
            "sslNegotiation",
            "channelBinding",
            "requireAuth",
            "gssEncMode",
            "currentSchema",
            "loadBalanceHosts",
            "hostRecheckSeconds");

    /**
     * One server.
     *
     * @param name its name or address
     * @param port its port
     */
    record Host(String name, int port) {
        boolean isLoopback() {
            String plain = name.toLowerCase(Locale.ROOT);
            return "localhost".equals(plain) || "[::1]".equals(plain) || plain.startsWith("127.");
        }
    }

    PostgresUrl {
        hosts = List.copyOf(hosts);
        parameters = Map.copyOf(parameters);
    }

    static boolean isOne(String url) {
        return url.startsWith("jdbc:postgresql:");
    }

    /** @throws MisconfiguredException if it is not of that form; never quotes it: it may hold a password all the same */
    static PostgresUrl parse(String url) {
        Matcher matcher = FORM.matcher(url);
        if (!matcher.matches()) {
            throw wrong("must be " + PREFIX + "HOST:PORT/DATABASE");
        }
        List<Host> hosts = new ArrayList<>();
        for (String host : matcher.group(1).split(",", -1)) {
            hosts.add(host(host));
        }
        Map<String, String> parameters = matcher.group(3) == null ? Map.of() : parameters(matcher.group(3));
        return new PostgresUrl(hosts, decoded(matcher.group(2)), parameters);
    }

    private static Host host(String text) {
        Matcher matcher = HOST.matcher(text);
        if (!matcher.matches()) {
            throw wrong("has a host that is none: write HOST or HOST:PORT, several with commas between them, and no"
                    + " login (that is " + StoreSettings.USERNAME + " and " + StoreSettings.PASSWORD + ")");
        }
        int port = matcher.group(2) == null ? DEFAULT_PORT : Integer.parseInt(matcher.group(2));
        if (port < 1 || port > 65_535) {
            throw wrong("has a port that is none");
        }
        return new Host(matcher.group(1), port);
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : query.split("&")) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            if ("user".equals(name) || "password".equals(name)) {
                throw wrong(
                        "must not hold the login: set " + StoreSettings.USERNAME + " and " + StoreSettings.PASSWORD);
            }
            if (!ALLOWED.contains(name)) {
                throw wrong("has a parameter that is not allowed; allowed are "
                        + ALLOWED.stream().sorted().toList());
            }
            parameters.put(name, equals < 0 ? "" : decoded(parameter.substring(equals + 1)));
        }
        String schema = parameters.get("currentSchema");
        if (schema != null && !SCHEMA.matcher(schema).matches()) {
            throw wrong("has a currentSchema that is not one plain name");
        }
        return parameters;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw wrong("has a % that encodes nothing");
        }
    }

    /** Whether what is sent can be read or answered by somebody on the way. */
    boolean exposed() {
        // the driver takes ssl by itself for sslmode=verify-full
        boolean ssl = parameters.containsKey("ssl") && !"false".equals(parameters.get("ssl"));
        String mode = parameters.getOrDefault("sslmode", ssl ? "verify-full" : "prefer");
        return !"verify-full".equals(mode) && !hosts.stream().allMatch(Host::isLoopback);
    }

    private static MisconfiguredException wrong(String message) {
        return new MisconfiguredException(ErrorCode.MISCONFIGURED, StoreSettings.URL + " " + message);
    }
}
