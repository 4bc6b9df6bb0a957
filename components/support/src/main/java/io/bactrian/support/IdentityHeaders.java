package io.bactrian.support;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Headers that look as if they chose who pays or where a call goes. They are ignored; the first of each name in a context
 * is said in the log, by our spelling of its name alone (HDR-07).
 */
final class IdentityHeaders {

    private static final Logger LOG = LoggerFactory.getLogger(IdentityHeaders.class);

    private static final List<String> OURS = List.of("Bactrian", "CamelModel", "CamelTool");
    private static final List<String> NAMES = List.of(
            BactrianConstants.TENANT,
            BactrianConstants.USER,
            BactrianConstants.APP,
            BactrianConstants.API_KEY,
            BactrianConstants.SOURCE,
            BactrianConstants.REQUEST_ID,
            BactrianConstants.DEADLINE,
            BactrianConstants.DEPTH,
            BactrianConstants.PATH,
            "CamelModelTenant",
            "CamelModelCredential",
            "CamelModelBaseUrl",
            "CamelToolTenant",
            "CamelToolCredential");

    private final Set<String> said = ConcurrentHashMap.newKeySet();

    private IdentityHeaders() {}

    static void warnOfIgnored(Exchange exchange) {
        if (!exchange.getMessage().hasHeaders()) {
            return;
        }
        for (String header : exchange.getMessage().getHeaders().keySet()) {
            if (looksLikeOurs(header)) {
                NAMES.stream().filter(header::equalsIgnoreCase).findFirst().ifPresent(name -> of(exchange.getContext())
                        .say(name));
            }
        }
    }

    // compares character by character, so that no locale has a say (HDR-03)
    private static boolean looksLikeOurs(String header) {
        for (String prefix : OURS) {
            if (header.regionMatches(true, 0, prefix, 0, prefix.length())) {
                return true;
            }
        }
        return false;
    }

    private void say(String name) {
        if (said.add(name)) {
            LOG.warn(
                    "the header {} is ignored: identity comes from exchange properties and endpoint options only",
                    name);
        }
    }

    private static IdentityHeaders of(CamelContext context) {
        IdentityHeaders known = context.getCamelContextExtension().getContextPlugin(IdentityHeaders.class);
        if (known != null) {
            return known;
        }
        // two threads may each make one: then a name is said twice, once in a context's life
        IdentityHeaders made = new IdentityHeaders();
        context.getCamelContextExtension().addContextPlugin(IdentityHeaders.class, made);
        return made;
    }
}
