-- What tenants configure, who they are, and the keys to it. Standard SQL: runs on H2 in its PostgreSQL mode and on PostgreSQL.
-- Every row carries its tenant, and every reference to a tenant's row names the tenant too, so that no row can point
-- into another tenant's. Nothing cascades: whoever deletes says what goes, in order.

-- One row per tenant that ever was, with the number of its latest change; it outlives the tenant, so that a removal is
-- noticed and no number comes twice. Numbers are drawn from the row '*', whose lock is held until the change is committed:
-- they become visible in ascending order, and "all above the last one seen" misses none.
CREATE TABLE config_versions (
    tenant_id VARCHAR(63) NOT NULL,
    version BIGINT NOT NULL,
    CONSTRAINT config_versions_pk PRIMARY KEY (tenant_id)
);
CREATE INDEX config_versions_by_version ON config_versions (version);
INSERT INTO config_versions (tenant_id, version) VALUES ('*', 0);

CREATE TABLE tenants (
    id VARCHAR(63) NOT NULL,
    name VARCHAR(100) NOT NULL,
    enabled BOOLEAN NOT NULL,
    -- true from the first member on, also when the last one has left: that must not let everybody in
    manages_members BOOLEAN DEFAULT FALSE NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT tenants_pk PRIMARY KEY (id),
    CONSTRAINT tenants_version_fk FOREIGN KEY (id) REFERENCES config_versions (tenant_id)
);

CREATE TABLE accounts (
    id VARCHAR(256) NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT accounts_pk PRIMARY KEY (id)
);

CREATE TABLE tenant_account_joins (
    tenant_id VARCHAR(63) NOT NULL,
    account_id VARCHAR(256) NOT NULL,
    role VARCHAR(40) NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT tenant_account_joins_pk PRIMARY KEY (tenant_id, account_id),
    CONSTRAINT tenant_account_joins_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
    CONSTRAINT tenant_account_joins_account_fk FOREIGN KEY (account_id) REFERENCES accounts (id)
);

-- The keys that a tenant's values are encrypted with, each wrapped by the key-encryption key named beside it. Removing a
-- tenant removes its keys, and with them whatever copies of its values there are.
CREATE TABLE data_keys (
    tenant_id VARCHAR(63) NOT NULL,
    key_version INTEGER NOT NULL,
    -- primary: encrypts and decrypts; enabled: decrypts only
    status VARCHAR(40) NOT NULL,
    kek_id VARCHAR(64) NOT NULL,
    wrapped_key BYTEA NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT data_keys_pk PRIMARY KEY (tenant_id, key_version),
    CONSTRAINT data_keys_status CHECK (status IN ('primary', 'enabled')),
    CONSTRAINT data_keys_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);

-- The newest version of every credential that ever was. An older row put back over a newer one, or the row of a removed
-- credential put back, disagrees with this and does not open.
CREATE TABLE credential_versions (
    tenant_id VARCHAR(63) NOT NULL,
    credential_id VARCHAR(64) NOT NULL,
    version BIGINT NOT NULL,
    CONSTRAINT credential_versions_pk PRIMARY KEY (credential_id),
    CONSTRAINT credential_versions_key UNIQUE (tenant_id, credential_id),
    CONSTRAINT credential_versions_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);

CREATE TABLE providers (
    tenant_id VARCHAR(63) NOT NULL,
    provider_name VARCHAR(64) NOT NULL,
    -- whether the tenant has a configuration of its own at this level: from its first credential until it is reset
    configured BOOLEAN DEFAULT FALSE NOT NULL,
    enabled BOOLEAN DEFAULT TRUE NOT NULL,
    -- the one in force; null when it was removed and none was chosen since
    credential_id VARCHAR(64),
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT providers_pk PRIMARY KEY (tenant_id, provider_name),
    CONSTRAINT providers_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);

CREATE TABLE provider_credentials (
    id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(63) NOT NULL,
    provider_name VARCHAR(64) NOT NULL,
    credential_name VARCHAR(30) NOT NULL,
    encrypted_config BYTEA NOT NULL,
    data_key_version INTEGER NOT NULL,
    -- the file that declares it; null for one made by hand
    managed_by VARCHAR(1000),
    ordinal BIGINT GENERATED ALWAYS AS IDENTITY,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT provider_credentials_pk PRIMARY KEY (id),
    CONSTRAINT provider_credentials_key UNIQUE (tenant_id, provider_name, id),
    CONSTRAINT provider_credentials_name UNIQUE (tenant_id, provider_name, credential_name),
    CONSTRAINT provider_credentials_provider_fk FOREIGN KEY (tenant_id, provider_name)
        REFERENCES providers (tenant_id, provider_name),
    CONSTRAINT provider_credentials_version_fk FOREIGN KEY (tenant_id, id)
        REFERENCES credential_versions (tenant_id, credential_id),
    CONSTRAINT provider_credentials_key_fk FOREIGN KEY (tenant_id, data_key_version)
        REFERENCES data_keys (tenant_id, key_version)
);
ALTER TABLE providers ADD CONSTRAINT providers_credential_fk FOREIGN KEY (tenant_id, provider_name, credential_id)
    REFERENCES provider_credentials (tenant_id, provider_name, id);

CREATE TABLE provider_models (
    tenant_id VARCHAR(63) NOT NULL,
    provider_name VARCHAR(64) NOT NULL,
    model_name VARCHAR(512) NOT NULL,
    model_type VARCHAR(40) NOT NULL,
    credential_id VARCHAR(64),
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT provider_models_pk PRIMARY KEY (tenant_id, provider_name, model_name, model_type),
    CONSTRAINT provider_models_provider_fk FOREIGN KEY (tenant_id, provider_name)
        REFERENCES providers (tenant_id, provider_name)
);

CREATE TABLE provider_model_credentials (
    id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(63) NOT NULL,
    provider_name VARCHAR(64) NOT NULL,
    model_name VARCHAR(512) NOT NULL,
    model_type VARCHAR(40) NOT NULL,
    credential_name VARCHAR(30) NOT NULL,
    encrypted_config BYTEA NOT NULL,
    data_key_version INTEGER NOT NULL,
    managed_by VARCHAR(1000),
    ordinal BIGINT GENERATED ALWAYS AS IDENTITY,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT provider_model_credentials_pk PRIMARY KEY (id),
    CONSTRAINT provider_model_credentials_key UNIQUE (tenant_id, provider_name, model_name, model_type, id),
    CONSTRAINT provider_model_credentials_name
        UNIQUE (tenant_id, provider_name, model_name, model_type, credential_name),
    CONSTRAINT provider_model_credentials_model_fk FOREIGN KEY (tenant_id, provider_name, model_name, model_type)
        REFERENCES provider_models (tenant_id, provider_name, model_name, model_type),
    CONSTRAINT provider_model_credentials_version_fk FOREIGN KEY (tenant_id, id)
        REFERENCES credential_versions (tenant_id, credential_id),
    CONSTRAINT provider_model_credentials_key_fk FOREIGN KEY (tenant_id, data_key_version)
        REFERENCES data_keys (tenant_id, key_version)
);
ALTER TABLE provider_models ADD CONSTRAINT provider_models_credential_fk
    FOREIGN KEY (tenant_id, provider_name, model_name, model_type, credential_id)
    REFERENCES provider_model_credentials (tenant_id, provider_name, model_name, model_type, id);

CREATE TABLE provider_model_settings (
    tenant_id VARCHAR(63) NOT NULL,
    provider_name VARCHAR(64) NOT NULL,
    model_name VARCHAR(512) NOT NULL,
    model_type VARCHAR(40) NOT NULL,
    enabled BOOLEAN NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT provider_model_settings_pk PRIMARY KEY (tenant_id, provider_name, model_name, model_type),
    CONSTRAINT provider_model_settings_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);

CREATE TABLE tenant_default_models (
    tenant_id VARCHAR(63) NOT NULL,
    model_type VARCHAR(40) NOT NULL,
    provider_name VARCHAR(64) NOT NULL,
    model_name VARCHAR(512) NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT tenant_default_models_pk PRIMARY KEY (tenant_id, model_type),
    CONSTRAINT tenant_default_models_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);

CREATE TABLE tenant_preferred_model_providers (
    tenant_id VARCHAR(63) NOT NULL,
    provider_name VARCHAR(64) NOT NULL,
    -- null: the rule, a tenant's own before the operator's
    preferred_provider_type VARCHAR(40),
    descend BOOLEAN NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT tenant_preferred_model_providers_pk PRIMARY KEY (tenant_id, provider_name),
    CONSTRAINT tenant_preferred_model_providers_type CHECK (preferred_provider_type IN ('custom', 'system')),
    CONSTRAINT tenant_preferred_model_providers_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);

CREATE TABLE api_keys (
    id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(63) NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    name VARCHAR(255) NOT NULL,
    account_id VARCHAR(256),
    app_id VARCHAR(256),
    revoked_at TIMESTAMP(6) WITH TIME ZONE,
    ordinal BIGINT GENERATED ALWAYS AS IDENTITY,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT api_keys_pk PRIMARY KEY (id),
    CONSTRAINT api_keys_sha256 UNIQUE (sha256),
    CONSTRAINT api_keys_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE INDEX api_keys_by_tenant ON api_keys (tenant_id);

-- Refers to nothing: it has to outlive whatever it tells of, and to take down calls for tenants that never were.
CREATE TABLE audit_log (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    happened_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    tenant_id VARCHAR(63),
    actor VARCHAR(300) NOT NULL,
    action VARCHAR(100) NOT NULL,
    subject VARCHAR(1000) NOT NULL,
    outcome VARCHAR(100) NOT NULL,
    CONSTRAINT audit_log_pk PRIMARY KEY (id)
);
CREATE INDEX audit_log_by_tenant ON audit_log (tenant_id, id);
