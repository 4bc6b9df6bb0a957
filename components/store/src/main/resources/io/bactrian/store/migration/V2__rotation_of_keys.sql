-- What the rotation of keys needs. Adds only: a version that does not know of it goes on beside one that does. Every
-- statement can be run again: the embedded database keeps what a migration that was broken off has done so far.

-- The key-encryption keys that have wrapped data keys, by their ids; never a key itself. Its row is locked by whoever wraps
-- with a key or retires it, so that no data key is wrapped by a key while it goes.
CREATE TABLE IF NOT EXISTS key_encryption_keys (
    kek_id VARCHAR(64) NOT NULL,
    -- enabled: may wrap; retired: needed by no data key, and never wraps again
    status VARCHAR(40) NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT key_encryption_keys_pk PRIMARY KEY (kek_id),
    CONSTRAINT key_encryption_keys_status CHECK (status IN ('enabled', 'retired'))
);
CREATE INDEX IF NOT EXISTS data_keys_by_kek ON data_keys (kek_id, tenant_id, key_version);

-- The values that a rotation replaced, valid until a time. They go with one version of their row: a version that does not
-- know of them changes the row without them, and they are of no use any more.
ALTER TABLE provider_credentials ADD COLUMN IF NOT EXISTS previous_config BYTEA;
ALTER TABLE provider_credentials ADD COLUMN IF NOT EXISTS previous_data_key_version INTEGER;
ALTER TABLE provider_credentials ADD COLUMN IF NOT EXISTS previous_of BIGINT;
ALTER TABLE provider_credentials ADD COLUMN IF NOT EXISTS previous_until TIMESTAMP(6) WITH TIME ZONE;
-- not every database adds a constraint only where it is missing
ALTER TABLE provider_credentials DROP CONSTRAINT IF EXISTS provider_credentials_previous_key_fk;
ALTER TABLE provider_credentials ADD CONSTRAINT provider_credentials_previous_key_fk
    FOREIGN KEY (tenant_id, previous_data_key_version) REFERENCES data_keys (tenant_id, key_version);

ALTER TABLE provider_model_credentials ADD COLUMN IF NOT EXISTS previous_config BYTEA;
ALTER TABLE provider_model_credentials ADD COLUMN IF NOT EXISTS previous_data_key_version INTEGER;
ALTER TABLE provider_model_credentials ADD COLUMN IF NOT EXISTS previous_of BIGINT;
ALTER TABLE provider_model_credentials ADD COLUMN IF NOT EXISTS previous_until TIMESTAMP(6) WITH TIME ZONE;
ALTER TABLE provider_model_credentials DROP CONSTRAINT IF EXISTS provider_model_credentials_previous_key_fk;
ALTER TABLE provider_model_credentials ADD CONSTRAINT provider_model_credentials_previous_key_fk
    FOREIGN KEY (tenant_id, previous_data_key_version) REFERENCES data_keys (tenant_id, key_version);
