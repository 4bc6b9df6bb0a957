package io.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the login that the store runs with cannot do, whatever SQL reached it. */
class RuntimeRightsTest extends StoreTestBase {

    private static final int ADMIN_RIGHTS_REQUIRED = 90040;
    private static final int NOT_ENOUGH_RIGHTS = 90096;

    /** The login of the store's pool. */
    private Connection user() throws SQLException {
        try (H2Dialect dialect = H2Dialect.inMemory(settings.url())) {
            return dialect.user().getConnection();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE ALIAS EXEC FOR 'java.lang.System.exit'",
                "CREATE ALIAS X AS 'String x() { return null; }'",
                "CREATE TRIGGER T BEFORE SELECT ON TENANTS CALL 'x.Y'",
                "CREATE AGGREGATE A FOR 'x.Y'",
                "RUNSCRIPT FROM 'x.sql'",
                "SCRIPT TO 'x.sql'",
                "SELECT FILE_READ('x')",
                "SELECT FILE_WRITE('x', 'y')",
                "SELECT * FROM CSVREAD('x')",
                "CALL CSVWRITE('x', 'SELECT 1')",
                "SELECT * FROM LINK_SCHEMA('X', '', 'jdbc:h2:mem:', 'sa', '', 'PUBLIC')",
                "CREATE LINKED TABLE L('', 'jdbc:h2:mem:', 'sa', '', 'T')",
                "CREATE USER U PASSWORD 'x' ADMIN",
                "ALTER USER BACTRIAN ADMIN TRUE",
                "DROP TABLE audit_log",
                "ALTER TABLE tenants DROP COLUMN name",
                "CREATE TABLE loot (id INT)",
                "BACKUP TO 'x.zip'",
                "SET WRITE_DELAY 500",
                "SET TRACE_LEVEL_FILE 3",
                "SHUTDOWN",
            })
    void hasNoRightTo(String sql) throws SQLException {
        try (Connection connection = user();
                Statement statement = connection.createStatement()) {
            SQLException error = catchThrowableOfType(SQLException.class, () -> statement.execute(sql));
            assertThat((Throwable) error).as(sql).isNotNull();
            assertThat(error.getErrorCode()).as(error.getMessage()).isIn(ADMIN_RIGHTS_REQUIRED, NOT_ENOUGH_RIGHTS);
        }
    }

    @Test
    void mayReadAndWriteRows() throws SQLException {
        try (Connection connection = user();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE tenants SET name = 'x' WHERE id = 'acme'"))
                    .isEqualTo(1);
        }
    }
}
