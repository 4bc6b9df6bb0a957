package io.bactrian.agent;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.support.DynamicUris;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.spi.annotations.SendDynamic;
import org.apache.camel.support.component.SendDynamicAwareSupport;
import org.apache.camel.util.StringHelper;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks at URIs that {@code toD} and {@code enrich} work out when a message comes: an expression may bring a name or a value, and
 * no option that is not written in the route, since options say which tools there are and who is asked (HDR-07).
 */
@SendDynamic("agent")
public class AgentSendDynamicAware extends SendDynamicAwareSupport {

    @Override
    public boolean isLenientProperties() {
        return false;
    }

    @Override
    public DynamicAwareEntry prepare(Exchange exchange, String uri, String originalUri) throws Exception {
        Map<String, Object> options = new LinkedHashMap<>(URISupport.parseQuery(DynamicUris.query(uri), true));
        DynamicUris.refuseSmuggled(getScheme(), options.keySet(), originalUri);
        refuseWhatIsNoName(uri);
        return new DynamicAwareEntry(uri, originalUri, options, Map.of());
    }

    /** As it is written: a question mark in disguise ({@code %3F}) would be taken off with all that is behind it. */
    private static void refuseWhatIsNoName(String uri) {
        String beforeOptions = StringHelper.before(uri, "?", uri);
        String name = StringHelper.after(beforeOptions, ":", "").replaceFirst("^//", "");
        if (!AgentSettingsReader.NAME.matcher(name).matches()) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "an expression in an agent: URI brought a name that is none: it has 1 to 64 letters, digits, '.', '_' and '-'");
        }
    }

    /** None: each agent is an endpoint of its own. */
    @Override
    @SuppressWarnings("NullAway")
    public String resolveStaticUri(Exchange exchange, DynamicAwareEntry entry) {
        return null;
    }

    @Override
    public @Nullable Processor createPreProcessor(Exchange exchange, DynamicAwareEntry entry) {
        return null;
    }

    @Override
    public @Nullable Processor createPostProcessor(Exchange exchange, DynamicAwareEntry entry) {
        return null;
    }
}
