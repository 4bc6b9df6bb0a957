package io.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DB-08: reads the statements and holds each to naming its tenant. */
class StatementsTest {

    private static final Pattern TABLE = Pattern.compile("(?i)\\b(?:FROM|JOIN|UPDATE|DELETE FROM)\\s+([a-z_0-9]+)");
    private static final Pattern TENANT = Pattern.compile("(?:[a-z]\\.)?\\b(?:tenant_id|id) = :tenant\\b");
    private static final Pattern INSERT = Pattern.compile(
            "(?s)INSERT INTO ([a-z_0-9]+)\\s*\\(([^)]*)\\)\\s*VALUES\\s*\\((.*?)\\)(?: ON CONFLICT DO NOTHING)?");

    /** The classes that statements are kept in: those whose name says so. */
    private static List<Field> fields() {
        try (Stream<Path> sources = Files.list(Path.of("src/main/java/io/bactrian/store"))) {
            List<Field> fields = new ArrayList<>();
            for (String name : sources.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith("Statements.java"))
                    .sorted()
                    .toList()) {
                Class<?> kept = Class.forName("io.bactrian.store." + name.replace(".java", ""));
                fields.addAll(List.of(kept.getDeclaredFields()));
            }
            return fields;
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> statements(boolean acrossTenants) throws IllegalAccessException {
        Map<String, String> statements = new LinkedHashMap<>();
        for (Field field : fields()) {
            if (!Modifier.isStatic(field.getModifiers()) || field.isSynthetic()) {
                continue;
            }
            boolean exempt = field.isAnnotationPresent(AcrossTenants.class);
            if (exempt == acrossTenants) {
                field.setAccessible(true);
                assertThat(statements.put(field.getName(), (String) field.get(null)))
                        .as("a second statement named " + field.getName())
                        .isNull();
            }
        }
        return statements;
    }

    /** What is wrong with a statement; empty if it names the tenant for every table. */
    private static List<String> problems(String sql) {
        List<String> problems = new ArrayList<>();
        var insert = INSERT.matcher(sql);
        if (insert.matches()) {
            List<String> columns = List.of(insert.group(2).strip().split("\\s*,\\s*"));
            List<String> values = List.of(insert.group(3).strip().split("\\s*,\\s*"));
            int at = columns.indexOf("tenants".equals(insert.group(1)) ? "id" : "tenant_id");
            if (at < 0 || !values.get(at).equals(":tenant")) {
                problems.add("inserts without the tenant");
            }
            return problems;
        }
        for (String part : sql.split("\\bUNION(?: ALL)?\\b")) {
            int where = part.indexOf("WHERE");
            if (where < 0) {
                problems.add("no WHERE clause");
                continue;
            }
            long tables = TABLE.matcher(part).results().map(MatchResult::group).count();
            long tenants = TENANT.matcher(part).results().count();
            if (tenants < tables) {
                problems.add(tables + " tables, but the tenant only " + tenants + " times");
            }
            if (!TENANT.matcher(part.substring(where)).find()) {
                problems.add("the tenant is not in the WHERE clause");
            }
            if (part.substring(where).matches("(?s).*\\bOR\\b.*")
                    && !part.matches("(?s).*:tenant\\s+AND \\(.*OR.*\\).*")) {
                problems.add("an OR beside the tenant");
            }
        }
        return problems;
    }

    @Test
    @DisplayName("DB-08: every statement names the tenant for every table it touches")
    void namesTheTenantInEveryStatement() throws IllegalAccessException {
        Map<String, String> statements = statements(false);
        assertThat(statements).hasSizeGreaterThan(50);
        statements.forEach((name, sql) -> assertThat(problems(sql)).as(name).isEmpty());
    }

    @Test
    void findsTheFaultInStatementsThatForgetTheTenant() {
        assertThat(List.of(
                        "SELECT * FROM providers WHERE id = :id",
                        "DELETE FROM providers",
                        "UPDATE providers SET tenant_id = :tenant WHERE id = :id",
                        "SELECT 1 FROM a JOIN b ON a.id = b.id WHERE a.tenant_id = :tenant",
                        "SELECT 1 FROM a WHERE tenant_id = :tenant UNION SELECT 1 FROM b WHERE id = :id",
                        "SELECT 1 FROM a WHERE tenant_id = :tenant OR TRUE",
                        "INSERT INTO a (id, tenant_id) VALUES (:tenant, :id)"))
                .allSatisfy(sql -> assertThat(problems(sql)).as(sql).isNotEmpty());
    }

    @Test
    void knowsTheStatementsThatAreNotAboutOneTenant() throws IllegalAccessException {
        assertThat(statements(true))
                .containsOnlyKeys(
                        "CHANGES_SINCE",
                        "DRAW_NUMBER",
                        "DRAWN_NUMBER",
                        "ANNOUNCE",
                        "LISTEN",
                        "DANGLING",
                        "TABLES_WITHOUT_RIGHTS",
                        "TENANTS",
                        "TENANTS_AFTER",
                        "COUNT_TENANTS",
                        "ADD_ACCOUNT",
                        "KEK_IDS",
                        "KEK_USES",
                        "KEKS",
                        "ADD_KEK",
                        "LOCK_KEK",
                        "SET_KEK_STATUS",
                        "DATA_KEYS_BEHIND",
                        "COUNT_DATA_KEYS_BEHIND",
                        "TENANTS_WITH_OLDER_DATA_KEYS",
                        "COUNT_PROVIDER_CREDENTIALS_BEHIND",
                        "COUNT_MODEL_CREDENTIALS_BEHIND",
                        "API_KEY",
                        "AUDIT_EVENTS",
                        "AUDIT_OF_ALL",
                        "REMOVE_OLD_AUDIT_EVENTS",
                        "FILE_FOLDER",
                        "ADD_FILE_FOLDER",
                        "EXPIRED_FILES",
                        "FILES_IN_FOLDER",
                        "COUNT_FILES_ELSEWHERE",
                        "COOLDOWNS",
                        "REMOVE_PAST_COOLDOWNS",
                        "PRESENT",
                        "REMOVE_EXPIRED_APPROVALS",
                        "REMOVE_EXPIRED_WINDOWS",
                        "REMOVE_EXPIRED_PERMITS",
                        "REMOVE_OLD_USAGE",
                        "REMOVE_OLD_USAGE_LOSSES",
                        "COUNT_APPROVALS_BEHIND",
                        "COUNT_TOOL_CREDENTIALS_BEHIND",
                        "COUNT_OAUTH_CLIENTS_BEHIND",
                        "OAUTH_STATE",
                        "DATABASE_TIME",
                        "REMOVE_OLD_ACCOUNTS",
                        "EXPIRED_LEASES");
    }

    @Test
    void writesNoValueIntoAStatement() throws IllegalAccessException {
        Map<String, String> all = statements(false);
        all.putAll(statements(true));
        all.forEach((name, sql) -> assertThat(sql.replace("'*'", "").replace("'primary'", ""))
                .as(name)
                .doesNotContain("'", "%s", "?"));
    }

    @Test
    void keepsSqlInOnePlace() throws IOException {
        Pattern sql = Pattern.compile("(?i)\"\\s*(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|MERGE) ");
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            List<Path> offenders = sources.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.toString().endsWith("Statements.java"))
                    .filter(path -> sql.matcher(read(path)).find() || read(path).contains("\"\"\""))
                    .toList();
            assertThat(offenders).isEmpty();
        }
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
