package io.bactrian.model;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.spi.annotations.SendDynamic;
import org.apache.camel.support.component.SendDynamicAwareSupport;
import org.apache.camel.util.StringHelper;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

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
        Map<String, Object> options = new LinkedHashMap<>(URISupport.parseQuery(query(uri), true));
        refuseSmuggled(options.keySet(), originalUri);
        return new DynamicAwareEntry(uri, originalUri, options, Map.of());
    }

    private static void refuseSmuggled(Set<String> options, String originalUri) throws Exception {
        String written = query(originalUri);
        if (written.startsWith("${") || written.contains("&${")) {
            // the route's author lets the expression bring options
            return;
        }
        Set<String> smuggled = new TreeSet<>(options);
        smuggled.removeAll(URISupport.parseQuery(written, true).keySet());
        if (!smuggled.isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "an expression in a model: URI brought the options " + smuggled
                            + ": an expression names a model; write options into the URI");
        }
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

    private static String query(String uri) {
        @Nullable String query = StringHelper.after(uri, "?");
        return query == null ? "" : query;
    }

    private static String unwrapped(String value) {
        return value.startsWith("RAW(") && value.endsWith(")") ? value.substring(4, value.length() - 1) : value;
    }
}
