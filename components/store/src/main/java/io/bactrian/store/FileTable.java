package io.bactrian.store;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.file.ConversationId;
import io.bactrian.core.file.FileId;
import io.bactrian.core.file.FileReference;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@code tool_files} and {@code file_folders}. */
final class FileTable {

    /** Later than all there are, and behind every id. */
    private static final Instant NEWEST = Instant.parse("9999-12-31T00:00:00Z");

    private static final String BEHIND_ALL = "~";

    private final Database database;

    /**
     * A file and where its content is.
     *
     * @param file the file
     * @param folder the id of the folder
     */
    record Row(StoredFile file, String folder) {}

    /**
     * What is enough to look for its content.
     *
     * @param file which file
     * @param size its size
     */
    record Head(FileReference file, long size) {}

    FileTable(Database database) {
        this.database = database;
    }

    boolean hasFolder(String folder) {
        return database.answer(() -> database.sql(FileStatements.FILE_FOLDER)
                .param("folder", folder)
                .query((row, n) -> true)
                .optional()
                .isPresent());
    }

    void addFolder(String folder, Instant now) {
        database.write(() -> database.sql(FileStatements.ADD_FILE_FOLDER)
                .param("folder", folder)
                .param("now", Rows.time(now))
                .update());
    }

    /** @throws BadRequestException with {@code tenant_not_found} if it is not there */
    void requireTenant(TenantId tenant) {
        boolean there = database.answer(() -> of(TenantStatements.TENANT, tenant)
                .query((row, n) -> true)
                .optional()
                .isPresent());
        if (!there) {
            throw new BadRequestException(
                    ErrorCode.TENANT_NOT_FOUND, "there is no tenant " + tenant + " in the database");
        }
    }

    void add(StoredFile file, String folder) {
        UserId owner = file.owner();
        ConversationId conversation = file.conversation();
        database.write(() -> {
            // it may have gone while the content came in
            requireTenant(file.tenant());
            return of(FileStatements.ADD_FILE, file.tenant(), file.id())
                    .param("user", owner == null ? null : owner.value())
                    .param("conversation", conversation == null ? null : conversation.value())
                    .param("folder", folder)
                    .param("name", file.name())
                    .param("mimetype", file.mimeType())
                    .param("size", file.size())
                    .param("sha256", file.sha256())
                    .param("createdAt", Rows.time(file.createdAt()))
                    .param("expiresAt", Rows.time(file.expiresAt()))
                    .update();
        });
    }

    Optional<Row> find(TenantId tenant, FileId id) {
        return database.answer(() -> of(FileStatements.FILE, tenant, id)
                .query((row, n) -> new Row(file(tenant, row), row.getString("folder_id")))
                .optional());
    }

    boolean remove(FileReference file) {
        return database.write(() ->
                        of(FileStatements.REMOVE_FILE, file.tenant(), file.id()).update())
                > 0;
    }

    /** Removes the rows of a conversation's files, and gives their ids. */
    List<FileId> removeConversation(TenantId tenant, ConversationId conversation) {
        return database.write(() -> {
            List<FileId> ids = of(FileStatements.FILES_OF_CONVERSATION, tenant)
                    .param("conversation", conversation.value())
                    .query((row, n) -> new FileId(row.getString("id")))
                    .list();
            // just those: one that is stored meanwhile keeps its row, and its content
            ids.forEach(id -> of(FileStatements.REMOVE_FILE, tenant, id).update());
            return ids;
        });
    }

    List<StoredFile> page(
            TenantId tenant, @Nullable UserId visibleTo, @Nullable StoredFile after, int most, Instant now) {
        return database.answer(() -> of(FileStatements.FILES, tenant)
                .param("user", visibleTo == null ? null : visibleTo.value())
                .param("now", Rows.time(now))
                .param("before", Rows.time(after == null ? NEWEST : after.createdAt()))
                .param("beforeId", after == null ? BEHIND_ALL : after.id().value())
                .param("most", most)
                .query((row, n) -> file(tenant, row))
                .list());
    }

    /** Some of those that have expired, the longest first. */
    List<FileReference> expired(Instant now, int most) {
        return database.answer(() -> database.sql(FileStatements.EXPIRED_FILES)
                .param("now", Rows.time(now))
                .param("most", most)
                .query((row, n) -> reference(row))
                .list());
    }

    /** Those of a tenant that are there, expired or not. */
    Set<FileId> present(TenantId tenant, Collection<FileId> ids) {
        List<String> values = ids.stream().map(FileId::value).toList();
        return new HashSet<>(database.answer(() -> of(FileStatements.FILES_BY_ID, tenant)
                .param("ids", values)
                .query((row, n) -> new FileId(row.getString("id")))
                .list()));
    }

    /** A page of those whose content is in a folder, by tenant and id, behind one; null for the first page. */
    List<Head> inFolder(String folder, @Nullable FileReference after, int most) {
        return database.answer(() -> database.sql(FileStatements.FILES_IN_FOLDER)
                .param("folder", folder)
                .param("afterTenant", after == null ? "" : after.tenant().value())
                .param("after", after == null ? "" : after.id().value())
                .param("most", most)
                .query((row, n) -> new Head(reference(row), row.getLong("size")))
                .list());
    }

    /** How many have their content in another folder. */
    long countElsewhere(String folder) {
        return database.answer(() -> database.sql(FileStatements.COUNT_FILES_ELSEWHERE)
                .param("folder", folder)
                .query(Long.class)
                .single());
    }

    private static FileReference reference(ResultSet row) throws SQLException {
        return new FileReference(new TenantId(row.getString("tenant_id")), new FileId(row.getString("id")));
    }

    private static StoredFile file(TenantId tenant, ResultSet row) throws SQLException {
        String owner = Rows.textOrNull(row, "user_id");
        String conversation = Rows.textOrNull(row, "conversation_id");
        return new StoredFile(
                new FileId(row.getString("id")),
                tenant,
                owner == null ? null : new UserId(owner),
                conversation == null ? null : new ConversationId(conversation),
                row.getString("name"),
                row.getString("mimetype"),
                row.getLong("size"),
                row.getString("sha256"),
                Rows.time(row, "created_at"),
                Rows.timeOrNull(row, "expires_at"));
    }

    private JdbcClient.StatementSpec of(String statement, TenantId tenant) {
        return database.sql(statement).param("tenant", tenant.value());
    }

    private JdbcClient.StatementSpec of(String statement, TenantId tenant, FileId id) {
        return of(statement, tenant).param("id", id.value());
    }
}
