package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

@Execution(ExecutionMode.CONCURRENT)
class PostgresUsageContractTest extends StoredUsageContract {

    private static final BigDecimal FIVE = BigDecimal.valueOf(5);

    private final PostgresServer server = PostgresServer.shared();
    private final String database = server.database();

    @Override
    Databases kind() {
        return Databases.POSTGRES;
    }

    @Override
    StoreSettings settings() {
        return server.settings(database);
    }

    private static String queryOfTheReadme() {
        String begin = "query: >-";
        try {
            String readme = Files.readString(Path.of("README.md"));
            int from = readme.indexOf(begin);
            assertThat(from).isPositive();
            return readme.substring(from + begin.length(), readme.indexOf("- marshal", from));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void showsALoginForReportsUsageAndNothingElse() {
        usage().append(List.of(record(ACME, GPT, Instant.EPOCH)), List.of());
        String login = server.loginWithPassword("secret");
        JdbcTemplate owner = server.burglar(database);
        // as the README says
        owner.execute("GRANT USAGE ON SCHEMA public TO " + login);
        owner.execute("GRANT SELECT ON usage_records, usage_losses TO " + login);
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(server.url(database));
        source.setUser(login);
        source.setPassword("secret");
        JdbcTemplate reports = new JdbcTemplate(source);

        assertThat(reports.queryForObject("SELECT SUM(output_tokens) FROM usage_records", Long.class))
                .isEqualTo(5);
        assertThat(reports.queryForList(queryOfTheReadme().replace(":#${variable.tenant}", "'acme'")))
                .containsExactly(Map.of(
                        "usage_day", "1970-01-01", "target", "openai/gpt-4o", "calls", 1L, "output_tokens", FIVE));
        for (String query : List.of(
                "SELECT * FROM provider_credentials",
                "SELECT * FROM data_keys",
                "SELECT * FROM tenants",
                "SELECT * FROM audit_log",
                "DELETE FROM usage_records")) {
            assertThatThrownBy(() -> reports.execute(query))
                    .as(query)
                    .rootCause()
                    .hasMessageContaining("permission denied");
        }
    }
}
