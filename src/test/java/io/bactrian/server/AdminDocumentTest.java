package io.bactrian.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.http.RawHttp;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code /openapi.json} says of the administration. */
class AdminDocumentTest {

    private static final Pattern VARIABLE = Pattern.compile("\\{([a-z_]+)}");

    @TempDir
    static Path folder;

    private static AdminFixture fixture;
    private static String json;
    private static OpenAPI document;

    @BeforeAll
    static void read() throws Exception {
        fixture = new AdminFixture(folder);
        json = RawHttp.get(fixture.server.port(), "/openapi.json", "Host: anything.example")
                .body();
        ParseOptions offline = new ParseOptions();
        offline.setResolve(false);
        offline.setResolveFully(false);
        SwaggerParseResult parsed = new OpenAPIV3Parser().readContents(json, null, offline);
        assertThat(parsed.getMessages()).isEmpty();
        document = parsed.getOpenAPI();
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.close();
    }

    private static List<Operation> operations() {
        List<Operation> all = new ArrayList<>();
        document.getPaths().values().forEach(path -> all.addAll(path.readOperations()));
        return all;
    }

    @Test
    void isAValidDocumentOfTheAdministrationAlone() {
        assertThat(document.getOpenapi()).startsWith("3.");
        assertThat(document.getInfo().getTitle()).isNotBlank();
        assertThat(document.getInfo().getVersion()).isNotBlank();
        assertThat(document.getPaths().keySet()).allMatch(path -> path.startsWith("/admin/"));
        assertThat(operations()).hasSizeGreaterThan(50);
        assertThat(operations().stream().map(Operation::getOperationId))
                .doesNotHaveDuplicates()
                .doesNotContainNull();
    }

    @Test
    void saysOfEachOperationWhatItTakesAndGives() {
        for (Map.Entry<String, PathItem> path : document.getPaths().entrySet()) {
            path.getValue().readOperationsMap().forEach((method, operation) -> {
                String id = operation.getOperationId();
                assertThat(operation.getSummary()).as(id).isNotBlank();
                assertThat(operation.getSecurity()).as(id).hasSize(1);
                assertThat(operation.getResponses().keySet()).as(id).contains("400", "401", "403", "429");
                Matcher variable = VARIABLE.matcher(path.getKey());
                while (variable.find()) {
                    String name = variable.group(1);
                    assertThat(operation.getParameters())
                            .as(id)
                            .anyMatch(parameter -> parameter.getName().equals(name)
                                    && parameter.getIn().equals("path")
                                    && parameter.getRequired());
                }
                if (method == PathItem.HttpMethod.PATCH || method == PathItem.HttpMethod.PUT) {
                    Schema<?> body = operation
                            .getRequestBody()
                            .getContent()
                            .get("application/json")
                            .getSchema();
                    assertThat(body.get$ref()).as(id).startsWith("#/components/schemas/");
                    assertThat(operation.getResponses().keySet()).as(id).contains("412", "415");
                }
            });
        }
        assertThat(document.getComponents().getSecuritySchemes().get("key").getScheme())
                .isEqualTo("bearer");
    }

    @Test
    void describesTheShapesAsTheyAre() {
        Schema<?> key = document.getComponents().getSchemas().get("NewApiKey");
        assertThat(key.getProperties().keySet())
                .containsExactlyInAnyOrder("name", "user", "app", "role", "scopes", "expires_at");
        assertThat(key.getRequired()).containsExactly("name");
        assertThat(key.getAdditionalProperties()).isEqualTo(false);
        assertThat(document.getComponents().getSchemas().keySet())
                .contains("Error", "ErrorDetail", "Tenant", "CredentialHealth")
                .allMatch(name -> name.matches("[A-Za-z]+"));
    }

    @Test
    void tellsNothingOfTheInside() {
        assertThat(json)
                .doesNotContain("io.bactrian")
                .doesNotContain("x-className")
                .doesNotContain("camel");
        assertThat(new JsonObject(json).containsKey("servers")).isFalse();
    }
}
