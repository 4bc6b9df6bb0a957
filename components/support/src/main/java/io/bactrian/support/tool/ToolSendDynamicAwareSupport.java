package io.bactrian.support.tool;

import io.bactrian.support.DynamicUris;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.component.SendDynamicAwareSupport;
import org.apache.camel.util.URISupport;

/**
 * Lets all tools that {@code toD} and {@code enrich} name at run time share one endpoint for each set of options, so that
 * neither endpoints nor what is measured by endpoint grows with what messages hold. The name travels as an exchange property
 * of a type that is made here only. What an expression brings is a name and nothing else: options that are not written in the
 * route are refused.
 */
public abstract class ToolSendDynamicAwareSupport extends SendDynamicAwareSupport {

    static final String REFERENCE = "CamelToolDynamicReference";

    private static final String ADDRESS = "address";

    /** The tool that a path names, as {@link ToolEndpointSupport#reference} says. */
    protected abstract ToolReference reference(String toolPath);

    @Override
    public boolean isLenientProperties() {
        return false;
    }

    @Override
    public DynamicAwareEntry prepare(Exchange exchange, String uri, String originalUri) throws Exception {
        Map<String, Object> options = new LinkedHashMap<>(URISupport.parseQuery(DynamicUris.query(uri), true));
        DynamicUris.refuseSmuggled(getScheme(), options.keySet(), originalUri);
        return new DynamicAwareEntry(uri, originalUri, options, Map.of());
    }

    @Override
    public String resolveStaticUri(Exchange exchange, DynamicAwareEntry entry) throws Exception {
        Map<String, Object> options = new LinkedHashMap<>(entry.getProperties());
        options.remove(ADDRESS);
        String path = getScheme() + ":" + ToolEndpointSupport.DYNAMIC;
        return options.isEmpty() ? path : path + "?" + URISupport.createQueryString(options);
    }

    @Override
    public Processor createPreProcessor(Exchange exchange, DynamicAwareEntry entry) {
        ToolReference reference = ToolReferences.of(getScheme(), entry.getUri(), uri -> reference(name(uri, entry)));
        return sent -> sent.setProperty(REFERENCE, reference);
    }

    private static String name(String uri, DynamicAwareEntry entry) {
        String path = DynamicUris.path(uri);
        Object address = entry.getProperties().get(ADDRESS);
        if (address == null) {
            return path;
        }
        if (!path.equals(ToolEndpointSupport.DYNAMIC)) {
            throw new IllegalArgumentException(
                    "it stands in the path and in the option address: leave one of them out");
        }
        String given = address.toString();
        return given.startsWith("RAW(") && given.endsWith(")") ? given.substring(4, given.length() - 1) : given;
    }

    @Override
    public Processor createPostProcessor(Exchange exchange, DynamicAwareEntry entry) {
        return sent -> sent.removeProperty(REFERENCE);
    }
}
