package io.bactrian.support;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Headers that look as if they chose who pays or where a call goes. They are ignored; the first of each name is said in
 * the log, by its name alone (HDR-07).
 */
final class IdentityHeaders {

    private static final Logger LOG = LoggerFactory.getLogger(IdentityHeaders.class);

    private static final String[] NAMES = {
        BactrianConstants.TENANT,
        BactrianConstants.USER,
        BactrianConstants.APP,
        BactrianConstants.SOURCE,
        BactrianConstants.REQUEST_ID,
        BactrianConstants.DEADLINE,
        BactrianConstants.DEPTH,
        "CamelModelTenant",
        "CamelModelCredential",
        "CamelModelBaseUrl"
    };

    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private IdentityHeaders() {}

    static void warnOfIgnored(Exchange exchange) {
        if (!exchange.getMessage().hasHeaders()) {
            return;
        }
        for (String name : NAMES) {
            // Camel's header map ignores case in a way that does not depend on the locale
            if (exchange.getMessage().getHeader(name) != null && SAID.add(name)) {
                LOG.warn(
                        "the header {} is ignored: identity comes from exchange properties and endpoint options only",
                        name);
            }
        }
    }
}
