-- What tools need: approvals of calls, credentials of their providers, and how those are come by. Adds only: a version that
-- does not know of it goes on beside one that does. Every statement can be run again: the embedded database keeps what a
-- migration that was broken off has done so far.

-- Calls that wait for a person, or that one has decided on.
CREATE TABLE IF NOT EXISTS approvals (
    tenant_id VARCHAR(63) NOT NULL,
    id VARCHAR(64) NOT NULL,
    -- null: nobody in particular
    user_id VARCHAR(256),
    app_id VARCHAR(256),
    tool VARCHAR(512) NOT NULL,
    request_id VARCHAR(128) NOT NULL,
    status VARCHAR(40) NOT NULL,
    -- which call it is for: the same for two that ask for the same, so that one of them gets in. Null once it was used
    fingerprint VARCHAR(64),
    encrypted_arguments BYTEA NOT NULL,
    -- what it takes to go on once it is decided on
    encrypted_continuation BYTEA,
    data_key_version INTEGER NOT NULL,
    requested_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    decided_by VARCHAR(300),
    decided_at TIMESTAMP(6) WITH TIME ZONE,
    row_version BIGINT DEFAULT 1 NOT NULL,
    CONSTRAINT approvals_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT approvals_fingerprint UNIQUE (tenant_id, fingerprint),
    CONSTRAINT approvals_status CHECK (status IN ('pending', 'approved', 'denied', 'used')),
    -- these cascade: a version that does not know of approvals can still remove a tenant, or a key that it has made another of
    CONSTRAINT approvals_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE,
    CONSTRAINT approvals_key_fk FOREIGN KEY (tenant_id, data_key_version)
        REFERENCES data_keys (tenant_id, key_version) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS approvals_by_age ON approvals (tenant_id, requested_at, id);
CREATE INDEX IF NOT EXISTS approvals_by_expiry ON approvals (expires_at);

-- The credentials of providers of tools of every kind.
CREATE TABLE IF NOT EXISTS tool_builtin_providers (
    id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(63) NOT NULL,
    provider_type VARCHAR(40) NOT NULL,
    provider VARCHAR(128) NOT NULL,
    name VARCHAR(30) NOT NULL,
    -- the one user whose calls may use it; null for all of the tenant
    user_id VARCHAR(256),
    credential_type VARCHAR(40) NOT NULL,
    encrypted_credentials BYTEA NOT NULL,
    data_key_version INTEGER NOT NULL,
    -- true for the one that is used where none is named, null for the others: so there is one at most
    is_default BOOLEAN,
    -- when its token expires; null for never
    expires_at TIMESTAMP(6) WITH TIME ZONE,
    -- who renews its token just now, and until when nobody else does
    renewed_by VARCHAR(64),
    renewal_until TIMESTAMP(6) WITH TIME ZONE,
    ordinal BIGINT GENERATED ALWAYS AS IDENTITY,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT tool_builtin_providers_pk PRIMARY KEY (id),
    CONSTRAINT tool_builtin_providers_name UNIQUE (tenant_id, provider_type, provider, name),
    CONSTRAINT tool_builtin_providers_default UNIQUE (tenant_id, provider_type, provider, is_default),
    CONSTRAINT tool_builtin_providers_is_default CHECK (is_default),
    -- cascades: versions are removed with their tenant alone, also by a version that does not know of these
    CONSTRAINT tool_builtin_providers_version_fk FOREIGN KEY (tenant_id, id)
        REFERENCES credential_versions (tenant_id, credential_id) ON DELETE CASCADE,
    CONSTRAINT tool_builtin_providers_key_fk FOREIGN KEY (tenant_id, data_key_version)
        REFERENCES data_keys (tenant_id, key_version)
);

-- Who a tenant is to a provider that is opened by OAuth 2.
CREATE TABLE IF NOT EXISTS oauth_clients (
    id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(63) NOT NULL,
    provider_type VARCHAR(40) NOT NULL,
    provider VARCHAR(128) NOT NULL,
    encrypted_client BYTEA NOT NULL,
    data_key_version INTEGER NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT oauth_clients_pk PRIMARY KEY (id),
    CONSTRAINT oauth_clients_provider UNIQUE (tenant_id, provider_type, provider),
    CONSTRAINT oauth_clients_version_fk FOREIGN KEY (tenant_id, id)
        REFERENCES credential_versions (tenant_id, credential_id) ON DELETE CASCADE,
    CONSTRAINT oauth_clients_key_fk FOREIGN KEY (tenant_id, data_key_version)
        REFERENCES data_keys (tenant_id, key_version)
);

-- Persons who have been sent to say yes and have not come back yet, by the hash of what they bring along then. A row is
-- written once, and removed by whoever makes use of it.
CREATE TABLE IF NOT EXISTS oauth_states (
    state_sha256 VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(63) NOT NULL,
    provider_type VARCHAR(40) NOT NULL,
    provider VARCHAR(128) NOT NULL,
    user_id VARCHAR(256),
    encrypted_request BYTEA NOT NULL,
    data_key_version INTEGER NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT oauth_states_pk PRIMARY KEY (state_sha256),
    CONSTRAINT oauth_states_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE,
    CONSTRAINT oauth_states_key_fk FOREIGN KEY (tenant_id, data_key_version)
        REFERENCES data_keys (tenant_id, key_version) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS oauth_states_by_expiry ON oauth_states (tenant_id, expires_at);
