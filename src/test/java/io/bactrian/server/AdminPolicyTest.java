package io.bactrian.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operation of the description, asked by everybody, in their own tenant and in another one, answers as the declared policy
 * says ({@code admin-policy.csv}). Nothing is changed by it: changes are asked for on a condition that never holds, so that
 * whoever may make them is answered 412, and what is created has an empty body, so that whoever may create it is answered 400.
 */
class AdminPolicyTest {

    private static final Path POLICY = Path.of("test/resources/admin-policy.csv");
    private static final List<String> OWN_AND_OTHER = List.of("own", "other");

    @TempDir
    static Path folder;

    private static AdminFixture fixture;
    private static final Map<String, AdminClient> CALLERS = new LinkedHashMap<>();
    private static final Map<String, Map<String, String>> VARIABLES = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws Exception {
        fixture = new AdminFixture(folder, "bactrian.http.wrongKeys=100000", "bactrian.http.wrongKeysOfAll=100000");
        for (String tenant : List.of("acme", "other")) {
            VARIABLES.put(tenant, tenantWithOneOfEach(tenant));
        }
        for (String role : List.of("owner", "admin", "editor", "normal", "dataset_operator")) {
            if (!role.equals("owner")) {
                fixture.addMember("acme", role + "@acme", role);
            }
            CALLERS.put(role, fixture.keyOf("acme", role + "@acme", role, "admin:write"));
        }
        CALLERS.put("no_account", fixture.keyOf("acme", null, "admin", "admin:write"));
        CALLERS.put("reads_only", fixture.keyOf("acme", "owner@acme", "owner", "admin:read"));
        CALLERS.put("calls_only", fixture.keyOf("acme", "owner@acme", "owner", "models", "tools"));
        CALLERS.put("operator", fixture.operator);
        CALLERS.put("anonymous", fixture.operator.as(""));
        CALLERS.put("revoked", revoked());
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.close();
    }

    private static AdminClient revoked() throws Exception {
        AdminClient.Answer issued = fixture.operator.post(
                "/admin/tenants/acme/api-keys",
                new JsonObject()
                        .put("name", "revoked")
                        .put("role", "owner")
                        .put("scopes", new JsonArray().add("admin:write")));
        assertThat(fixture.operator
                        .delete(issued.header("Location").orElseThrow())
                        .status())
                .isEqualTo(204);
        return fixture.operator.as(issued.json().getString("key"));
    }

    /** A tenant with something at each path. */
    private static Map<String, String> tenantWithOneOfEach(String tenant) throws Exception {
        fixture.addTenant(tenant);
        fixture.addMember(tenant, "owner@" + tenant, "owner");
        String provider = "/admin/tenants/" + tenant + "/providers/" + AdminFixture.PROVIDER;
        String model = provider + "/models/llm/" + AdminFixture.MODEL_PATH;
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("tenant", tenant);
        variables.put("user", "owner@" + tenant);
        variables.put("provider", AdminFixture.PROVIDER);
        variables.put("type", "llm");
        variables.put("model", AdminFixture.MODEL_PATH);
        variables.put("credential", fixture.addCredential(fixture.operator, provider, "main", "sk-1"));
        variables.put("model credential", fixture.addCredential(fixture.operator, model, "main", "sk-1"));
        variables.put("approval", fixture.approval(tenant));
        JsonObject both = new JsonObject()
                .put(
                        "entries",
                        new JsonArray()
                                .add(new JsonObject().put("credential", "__inherit__"))
                                .add(new JsonObject().put("credential", variables.get("credential"))));
        assertThat(fixture.operator.put(model + "/balancing", both).status()).isEqualTo(200);
        assertThat(fixture.operator
                        .put(
                                "/admin/tenants/" + tenant + "/default-models/llm",
                                new JsonObject()
                                        .put("provider", AdminFixture.PROVIDER)
                                        .put("model", AdminFixture.MODEL))
                        .status())
                .isEqualTo(200);
        variables.put("rule", "month");
        assertThat(fixture.operator
                        .put(
                                "/admin/tenants/" + tenant + "/budgets/month",
                                new JsonObject()
                                        .put("unit", "tokens")
                                        .put("limit", "1000000")
                                        .put("period", "month"))
                        .status())
                .isEqualTo(200);
        assertThat(fixture.operator
                        .put("/admin/tenants/" + tenant + "/limits/month", new JsonObject().put("requests", 1_000))
                        .status())
                .isEqualTo(200);
        AdminClient.Answer key = fixture.operator.post(
                "/admin/tenants/" + tenant + "/api-keys",
                new JsonObject().put("name", "site").put("user", "owner@" + tenant));
        variables.put("key", key.json().getJsonObject("api_key").getString("id"));
        return variables;
    }

    /** An operation as the description has it. */
    private record Described(String id, String method, String path, boolean takesBody, boolean conditional) {

        static List<Described> all() throws Exception {
            JsonObject paths = fixture.operator.get("/openapi.json").json().getJsonObject("paths");
            List<Described> all = new ArrayList<>();
            for (String path : paths.fieldNames()) {
                JsonObject item = paths.getJsonObject(path);
                for (String method : item.fieldNames()) {
                    JsonObject operation = item.getJsonObject(method);
                    all.add(new Described(
                            operation.getString("operationId"),
                            method.toUpperCase(java.util.Locale.ROOT),
                            path,
                            operation.containsKey("requestBody"),
                            operation.getJsonObject("responses").containsKey("412")));
                }
            }
            return all;
        }

        String path(Map<String, String> variables) {
            String filled = path;
            boolean ofModel = path.contains("{model}");
            for (Map.Entry<String, String> variable : variables.entrySet()) {
                String name = variable.getKey().replace("model credential", ofModel ? "credential" : "nothing");
                if (!(ofModel && variable.getKey().equals("credential"))) {
                    filled = filled.replace("{" + name + "}", variable.getValue());
                }
            }
            return filled;
        }

        int ask(AdminClient caller, Map<String, String> variables) throws Exception {
            String body = takesBody ? "{}" : null;
            return method.equals("GET") || !conditional
                    ? caller.send(method, path(variables), body).status()
                    : caller.send(method, path(variables), body, "If-Match", "\"never\"")
                            .status();
        }
    }

    /** The matrix as it is declared: a line of statuses by operation and tenant. */
    private static Map<String, String> declared() throws Exception {
        Map<String, String> lines = new TreeMap<>();
        List<String> all = Files.readAllLines(POLICY).stream()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .toList();
        assertThat(all.get(0)).isEqualTo("operation,tenant," + String.join(",", CALLERS.keySet()));
        for (String line : all.subList(1, all.size())) {
            int second = line.indexOf(',', line.indexOf(',') + 1);
            assertThat(lines.put(line.substring(0, second), line.substring(second + 1)))
                    .as(line)
                    .isNull();
        }
        return lines;
    }

    @Test
    @DisplayName("INNER-15: the generated matrix of operations, roles and tenants is the declared one")
    void answersAsThePolicySays() throws Exception {
        Map<String, String> real = new TreeMap<>();
        for (Described operation : Described.all()) {
            for (String whose : operation.path().contains("{tenant}") ? OWN_AND_OTHER : List.of("none")) {
                Map<String, String> variables = VARIABLES.get(whose.equals("other") ? "other" : "acme");
                List<String> statuses = new ArrayList<>();
                for (AdminClient caller : CALLERS.values()) {
                    statuses.add(Integer.toString(operation.ask(caller, variables)));
                }
                real.put(operation.id() + "," + whose, String.join(",", statuses));
            }
        }
        Map<String, String> declared = declared();
        assertThat(new TreeSet<>(declared.keySet())).isEqualTo(new TreeSet<>(real.keySet()));
        real.forEach((what, statuses) -> assertThat(statuses).as(what).isEqualTo(declared.get(what)));
    }
}
