package io.bactrian.admin;

import io.bactrian.core.tenant.TenantId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Paths of the administration with their variables filled in, as they stand in {@code Location}. */
final class Paths {

    private Paths() {}

    /**
     * The path of something in a list.
     *
     * @param list the path of the list, whose only variable is the tenant
     * @param name what it is called there
     */
    static String of(String list, TenantId tenant, String name) {
        return list.replace("{tenant}", tenant.value()) + "/" + encode(name);
    }

    /** A name as a piece of a path (RFC 3986, 3.3). */
    static String encode(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
