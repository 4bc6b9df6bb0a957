package io.bactrian.json;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.DialectId;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.resource.SchemaLoader;
import io.bactrian.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The drafts of JSON Schema that are understood, each by its {@code $schema}, and what checks and compiles schemas of them. */
final class SchemaDrafts {

    private static final Map<String, Dialect> DIALECTS = dialects();
    private static final Set<String> META_PREFIXES = Set.of("http://json-schema.org/", "https://json-schema.org/");

    /** Makes schemas. Loads nothing, whatever they refer to. */
    static final SchemaRegistry REGISTRY = registry(new SchemaLoader(List.of(), List.of(), location -> false, null));

    // the schemas of schemas are part of the validator
    private static final SchemaRegistry META_REGISTRY =
            registry(new SchemaLoader(List.of(), List.of(), location -> ofTheDrafts(location.toString()), null));

    private static final Map<String, Schema> META_SCHEMAS = new ConcurrentHashMap<>();

    private SchemaDrafts() {}

    private static Map<String, Dialect> dialects() {
        Map<String, Dialect> dialects = new LinkedHashMap<>();
        for (Dialect dialect : List.of(
                Dialects.getDraft202012(),
                Dialects.getDraft201909(),
                Dialects.getDraft7(),
                Dialects.getDraft6(),
                Dialects.getDraft4())) {
            Dialect ours = Dialect.builder(dialect)
                    .formats(Map::clear)
                    .formats(SchemaFormats.ALL)
                    .keywords(CostlyKeyword.ALL)
                    .build();
            dialects.put(ours.getId(), ours);
        }
        return dialects;
    }

    private static SchemaRegistry registry(SchemaLoader loader) {
        SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                .locale(Locale.ROOT)
                .losslessNarrowing(true)
                // it swallows what goes wrong
                .preloadSchema(false)
                .regularExpressionFactory(LinearPattern.FACTORY)
                // nothing is loaded by an id
                .schemaIdValidator((id, root, location, resolved, context) -> true)
                .build();
        return SchemaRegistry.withDialects(
                List.copyOf(DIALECTS.values()), builder -> builder.defaultDialectId(DialectId.DRAFT_2020_12)
                        .schemaLoader(loader)
                        .schemaRegistryConfig(config));
    }

    private static boolean ofTheDrafts(String location) {
        return META_PREFIXES.stream().anyMatch(location::startsWith) || location.startsWith("classpath:");
    }

    /** @throws io.bactrian.core.error.MisconfiguredException if there is no such draft */
    static void check(String draft) {
        id(draft);
    }

    /** The schema of schemas of the draft that a schema names, or of 2020-12. */
    static Schema metaSchema(JsonObject schema) {
        String id = schema.findText("$schema").map(SchemaDrafts::id).orElse(DialectId.DRAFT_2020_12);
        return META_SCHEMAS.computeIfAbsent(id, SchemaDrafts::load);
    }

    private static String id(String draft) {
        String bare = bare(draft);
        return DIALECTS.keySet().stream()
                .filter(id -> bare(id).equals(bare))
                .findFirst()
                .orElseThrow(() ->
                        SchemaGuard.refused("has a $schema that is not known: leave it out for 2020-12, or give one of "
                                + String.join(", ", DIALECTS.keySet())));
    }

    /** People write http for https, and a number sign or not. */
    private static String bare(String draft) {
        String schemeless = draft.replaceFirst("^https?://", "");
        return schemeless.endsWith("#") ? schemeless.substring(0, schemeless.length() - 1) : schemeless;
    }

    private static Schema load(String id) {
        Schema schema = META_REGISTRY.getSchema(SchemaLocation.of(id));
        schema.initializeValidators();
        return schema;
    }
}
