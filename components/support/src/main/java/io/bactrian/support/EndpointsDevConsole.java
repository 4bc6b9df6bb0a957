package io.bactrian.support;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.support.console.AbstractDevConsole;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/** A dev console that shows the endpoints of one scheme, a row for each, under a few lines on the whole. */
public abstract class EndpointsDevConsole extends AbstractDevConsole {

    /**
     * @param id the scheme
     * @param displayName its title
     * @param description one sentence on what is shown
     */
    protected EndpointsDevConsole(String id, String displayName, String description) {
        super("bactrian", id, displayName, description);
    }

    /** What is shown of the whole: names and values, no secret. */
    protected abstract Map<String, Object> summary();

    /** What is shown of each endpoint: names and values, no secret. */
    protected abstract List<Map<String, Object>> endpoints();

    @Override
    protected final JsonObject doCallJson(Map<String, Object> options) {
        JsonObject root = new JsonObject();
        root.putAll(summary());
        JsonArray rows = new JsonArray();
        endpoints().forEach(row -> {
            JsonObject shown = new JsonObject();
            shown.putAll(row);
            rows.add(shown);
        });
        root.put("endpoints", rows);
        return root;
    }

    @Override
    protected final String doCallText(Map<String, Object> options) {
        String whole = lines(summary(), "\n");
        String rows = endpoints().stream().map(row -> "  " + lines(row, ", ")).collect(Collectors.joining("\n"));
        return whole + "\n" + rows + "\n";
    }

    private static String lines(Map<String, Object> values, String separator) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining(separator));
    }
}
