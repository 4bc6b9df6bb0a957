package io.bactrian.model;

import io.bactrian.support.DynamicUris;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.spi.annotations.SendDynamic;
import org.apache.camel.support.component.SendDynamicAwareSupport;
import org.apache.camel.util.URISupport;

/**
 * Lets all models that {@code toD} and {@code enrich} name at run time share one endpoint for each set of options, so
 * that neither endpoints nor what is measured by endpoint grows with what messages hold. The name travels as an exchange
 * property of a type that only this package makes. What an expression brings is a name and nothing else: options that
 * are not written in the route are refused.
 */
@SendDynamic("model")
public class ModelSendDynamicAware extends SendDynamicAwareSupport {

    static final String ADDRESS = "CamelModelDynamicAddress";

    private static final String MODEL_NAME = "modelName";

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
        options.remove(MODEL_NAME);
        String path = getScheme() + ":" + ModelAddress.DYNAMIC;
        return options.isEmpty() ? path : path + "?" + URISupport.createQueryString(options);
    }

    @Override
    public Processor createPreProcessor(Exchange exchange, DynamicAwareEntry entry) {
        Object name = entry.getProperties().get(MODEL_NAME);
        ModelAddress address = ModelAddress.parse(
                ModelAddress.pathOf(entry.getUri()), name == null ? null : unwrapped(name.toString()));
        return sent -> sent.setProperty(ADDRESS, address);
    }

    @Override
    public Processor createPostProcessor(Exchange exchange, DynamicAwareEntry entry) {
        return sent -> sent.removeProperty(ADDRESS);
    }

    private static String unwrapped(String value) {
        return value.startsWith("RAW(") && value.endsWith(")") ? value.substring(4, value.length() - 1) : value;
    }
}
