package io.bactrian.admin;

import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.openapi.BeanConfig;
import org.apache.camel.openapi.RestOpenApiReader;
import org.jspecify.annotations.Nullable;

/**
 * The description of the administration by OpenAPI 3.0, read by camel-openapi-java from the routes in Camel's Rest DSL. Routes of
 * others are left out, as it is shown to everybody. Made once.
 */
final class OpenApiDocument implements Supplier<String> {

    private static final String VERSION = "3.0.3";

    private final CamelContext context;
    private volatile @Nullable String json;

    /** @param context has the routes, when the document is first asked for */
    OpenApiDocument(CamelContext context) {
        this.context = context;
    }

    @Override
    public String get() {
        String made = json;
        if (made == null) {
            made = Json.pretty(tidy(read()));
            json = made;
        }
        return made;
    }

    private OpenAPI read() {
        BeanConfig config = new BeanConfig();
        config.setVersion(VERSION);
        config.setInfo(new Info()
                .title("Bactrian administration")
                .version(Objects.requireNonNullElse(
                        OpenApiDocument.class.getPackage().getImplementationVersion(), "0.1.0"))
                .description(
                        "Tenants, members, API keys, credentials and models of an installation. Lists are told a page at"
                                + " a time. What is read by itself has an entity tag, on which its changes can be made"
                                + " conditional.")
                .license(new License().name("Apache-2.0")));
        try {
            return new RestOpenApiReader()
                    .read(
                            context,
                            AdminRoutes.among(((ModelCamelContext) context).getRestDefinitions()),
                            config,
                            "",
                            context.getClassResolver());
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException("the description of the administration cannot be made", e);
        }
    }

    /** Without what is nobody's business outside, and with bounds that the Rest DSL has no words for. */
    private static OpenAPI tidy(OpenAPI api) {
        api.getComponents().getSchemas().values().forEach(OpenApiDocument::tidy);
        api.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .forEach(operation -> {
                    operation.setExtensions(null);
                    if (operation.getParameters() != null) {
                        operation.getParameters().forEach(OpenApiDocument::tidy);
                    }
                });
        return api;
    }

    private static void tidy(Schema<?> schema) {
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(OpenApiDocument::unsign);
            if (schema.getAdditionalProperties() == null) {
                schema.setAdditionalProperties(false);
            }
        }
        unsign(schema);
    }

    /** Without the name of the class that it was made of. */
    private static void unsign(Schema<?> schema) {
        schema.setExtensions(null);
        if (schema.getItems() != null) {
            schema.getItems().setExtensions(null);
        }
    }

    private static void tidy(Parameter parameter) {
        if ("integer".equals(parameter.getSchema().getType())) {
            parameter.getSchema().setMinimum(BigDecimal.ONE);
            parameter.getSchema().setDefault(50);
            parameter.getSchema().setMaximum(BigDecimal.valueOf(200));
        }
    }
}
