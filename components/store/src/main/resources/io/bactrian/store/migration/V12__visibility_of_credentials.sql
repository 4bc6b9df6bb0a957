-- Whose calls may use a credential of a model provider. Adds only: a version that does not know of it goes on beside one that does,
-- and has every credential be for all of the tenant. Every statement can be run again: the embedded database keeps what a
-- migration that was broken off has done so far.

ALTER TABLE provider_credentials ADD COLUMN IF NOT EXISTS visibility VARCHAR(40) DEFAULT 'all_team_members' NOT NULL;
-- who made it, also when they have left; null for the operator and files
ALTER TABLE provider_credentials ADD COLUMN IF NOT EXISTS owner_id VARCHAR(256);
-- not every database adds a constraint only where it is missing
ALTER TABLE provider_credentials DROP CONSTRAINT IF EXISTS provider_credentials_visibility;
ALTER TABLE provider_credentials ADD CONSTRAINT provider_credentials_visibility CHECK (
    visibility IN ('all_team_members', 'partial_members') OR (visibility = 'only_me' AND owner_id IS NOT NULL));

ALTER TABLE provider_model_credentials ADD COLUMN IF NOT EXISTS visibility VARCHAR(40) DEFAULT 'all_team_members' NOT NULL;
ALTER TABLE provider_model_credentials ADD COLUMN IF NOT EXISTS owner_id VARCHAR(256);
ALTER TABLE provider_model_credentials DROP CONSTRAINT IF EXISTS provider_model_credentials_visibility;
ALTER TABLE provider_model_credentials ADD CONSTRAINT provider_model_credentials_visibility CHECK (
    visibility IN ('all_team_members', 'partial_members') OR (visibility = 'only_me' AND owner_id IS NOT NULL));

-- The members whom a credential is for, beside its owner. These references cascade: a version that does not know of them can still
-- remove a tenant, and a member, who loses what they were granted.
CREATE TABLE IF NOT EXISTS credential_permissions (
    tenant_id VARCHAR(63) NOT NULL,
    credential_id VARCHAR(64) NOT NULL,
    account_id VARCHAR(256) NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT credential_permissions_pk PRIMARY KEY (tenant_id, credential_id, account_id),
    CONSTRAINT credential_permissions_credential_fk FOREIGN KEY (tenant_id, credential_id)
        REFERENCES credential_versions (tenant_id, credential_id) ON DELETE CASCADE,
    CONSTRAINT credential_permissions_member_fk FOREIGN KEY (tenant_id, account_id)
        REFERENCES tenant_account_joins (tenant_id, account_id) ON DELETE CASCADE
);
-- what a member's removal looks for
CREATE INDEX IF NOT EXISTS credential_permissions_by_account ON credential_permissions (tenant_id, account_id);
