package io.bactrian.egress;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RefusedException;

/**
 * The refusals of this room. Each names its rule, and the remedy where the operator has one; none names an address
 * that a name resolved to, since that would tell a caller about the network behind (SSRF-14).
 */
final class Refusals {

    static final String SCHEME = "scheme";
    static final String PORT = "port";
    static final String USER_INFO = "user_info";
    static final String HOST_FORM = "host_form";
    static final String URL_FORM = "url_form";
    static final String PRIVATE_ADDRESS = "private_address";
    static final String METADATA = "metadata";
    static final String DENIED_HOST = "denied_host";
    static final String SELF = "self";
    static final String ADDRESS_COUNT = "address_count";
    static final String HEADER_NAME = "header_name";
    static final String REDIRECT_DOWNGRADE = "redirect_downgrade";
    static final String REDIRECT_BODY = "redirect_body";

    private Refusals() {}

    /** A refusal that nobody can lift. */
    static RefusedException of(String rule, String what) {
        return new RefusedException(ErrorCode.EGRESS_DENIED, "Egress refused (rule " + rule + "): " + what);
    }

    /** A refusal that the operator lifts by naming the host. */
    static RefusedException liftable(String rule, String what, String host, int port) {
        return of(
                rule,
                what + "; the operator may allow it with the setting " + EgressPolicy.SETTING + " (such as "
                        + authority(host, port) + ")");
    }

    static String authority(String host, int port) {
        return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
    }
}
