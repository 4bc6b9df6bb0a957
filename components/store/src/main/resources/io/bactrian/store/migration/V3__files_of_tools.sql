-- The files of tenants. Adds only: a version that does not know of them goes on beside one that does. Every statement can be
-- run again: the embedded database keeps what a migration that was broken off has done so far.

-- The folders that content is kept in, by the ids that lie in them. A folder that is not among these is another database's,
-- and nothing in it is touched.
CREATE TABLE IF NOT EXISTS file_folders (
    id VARCHAR(32) NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT file_folders_pk PRIMARY KEY (id)
);

-- A row is written once the content is on the disk, and never changes.
CREATE TABLE IF NOT EXISTS tool_files (
    tenant_id VARCHAR(63) NOT NULL,
    id VARCHAR(32) NOT NULL,
    -- the user whom it is for alone; null for everybody of the tenant
    user_id VARCHAR(256),
    conversation_id VARCHAR(256),
    folder_id VARCHAR(32) NOT NULL,
    name VARCHAR(255) NOT NULL,
    mimetype VARCHAR(127) NOT NULL,
    size BIGINT NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    -- null: kept until it is removed
    expires_at TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT tool_files_pk PRIMARY KEY (tenant_id, id),
    -- the one reference that cascades: a version that does not know of files can still remove a tenant. The content goes with
    -- the next sweep
    CONSTRAINT tool_files_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE,
    CONSTRAINT tool_files_folder_fk FOREIGN KEY (folder_id) REFERENCES file_folders (id)
);
CREATE INDEX IF NOT EXISTS tool_files_by_age ON tool_files (tenant_id, created_at, id);
CREATE INDEX IF NOT EXISTS tool_files_by_conversation ON tool_files (tenant_id, conversation_id);
CREATE INDEX IF NOT EXISTS tool_files_by_expiry ON tool_files (expires_at);
CREATE INDEX IF NOT EXISTS tool_files_by_folder ON tool_files (folder_id, tenant_id, id);
