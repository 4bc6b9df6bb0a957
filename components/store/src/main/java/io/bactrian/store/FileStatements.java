package io.bactrian.store;

/** The statements about files, under the rules of {@link AcrossTenants}. */
final class FileStatements {

    @AcrossTenants("folders are the installation's; a row of tool_files makes what is in one a tenant's")
    static final String FILE_FOLDER = """
            SELECT id FROM file_folders WHERE id = :folder""";

    @AcrossTenants("folders are the installation's; a row of tool_files makes what is in one a tenant's")
    static final String ADD_FILE_FOLDER = """
            INSERT INTO file_folders (id, created_at) VALUES (:folder, :now) ON CONFLICT DO NOTHING""";

    static final String FILE = """
            SELECT id, user_id, conversation_id, folder_id, name, mimetype, size, sha256, created_at, expires_at
            FROM tool_files WHERE tenant_id = :tenant AND id = :id""";

    static final String FILES = """
            SELECT id, user_id, conversation_id, name, mimetype, size, sha256, created_at, expires_at
            FROM tool_files
            WHERE tenant_id = :tenant AND (expires_at IS NULL OR expires_at > :now)
                AND (CAST(:user AS VARCHAR(256)) IS NULL OR user_id IS NULL OR user_id = :user)
                AND (created_at, id) < (:before, :beforeId)
            ORDER BY created_at DESC, id DESC FETCH FIRST :most ROWS ONLY""";

    static final String FILES_BY_ID = """
            SELECT id FROM tool_files WHERE tenant_id = :tenant AND id IN (:ids)""";

    static final String FILES_OF_CONVERSATION = """
            SELECT id FROM tool_files WHERE tenant_id = :tenant AND conversation_id = :conversation""";

    static final String ADD_FILE = """
            INSERT INTO tool_files (tenant_id, id, user_id, conversation_id, folder_id, name, mimetype, size, sha256,
                created_at, expires_at)
            VALUES (:tenant, :id, :user, :conversation, :folder, :name, :mimetype, :size, :sha256,
                :createdAt, :expiresAt)""";

    static final String REMOVE_FILE = """
            DELETE FROM tool_files WHERE tenant_id = :tenant AND id = :id""";

    @AcrossTenants("what is to go whosever it is; each is removed by its tenant and id")
    static final String EXPIRED_FILES = """
            SELECT tenant_id, id FROM tool_files WHERE expires_at <= :now
            ORDER BY expires_at FETCH FIRST :most ROWS ONLY""";

    @AcrossTenants("looks for those whose content has gone; each is removed by its tenant and id")
    static final String FILES_IN_FOLDER = """
            SELECT tenant_id, id, size FROM tool_files
            WHERE folder_id = :folder AND (tenant_id, id) > (:afterTenant, :after)
            ORDER BY tenant_id, id FETCH FIRST :most ROWS ONLY""";

    @AcrossTenants("a number only")
    static final String COUNT_FILES_ELSEWHERE = """
            SELECT COUNT(*) FROM tool_files WHERE folder_id <> :folder""";

    private FileStatements() {}
}
