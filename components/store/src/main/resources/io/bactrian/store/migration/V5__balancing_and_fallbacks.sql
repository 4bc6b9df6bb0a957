-- How calls of a model are spread over several credentials, and which models are asked when none is left. Adds only: a version
-- that does not know of it goes on beside one that does. Every statement can be run again: the embedded database keeps what a
-- migration that was broken off has done so far.

ALTER TABLE provider_model_settings ADD COLUMN IF NOT EXISTS load_balancing_enabled BOOLEAN DEFAULT FALSE NOT NULL;
-- null: nothing was said about it
ALTER TABLE provider_model_settings ADD COLUMN IF NOT EXISTS load_balancing_strategy VARCHAR(40);
ALTER TABLE provider_model_settings ADD COLUMN IF NOT EXISTS load_balancing_sticky BOOLEAN DEFAULT FALSE NOT NULL;
-- the file that says so; null for a person
ALTER TABLE provider_model_settings ADD COLUMN IF NOT EXISTS load_balancing_managed_by VARCHAR(1000);
-- whether somebody switched the model on or off; false for a row that only says how its calls are spread
ALTER TABLE provider_model_settings ADD COLUMN IF NOT EXISTS switched BOOLEAN DEFAULT TRUE NOT NULL;

-- These references cascade: a version that does not know of them can still remove what they refer to.
CREATE TABLE IF NOT EXISTS load_balancing_model_configs (
    tenant_id VARCHAR(63) NOT NULL,
    provider_name VARCHAR(64) NOT NULL,
    model_name VARCHAR(512) NOT NULL,
    model_type VARCHAR(40) NOT NULL,
    -- the credential's id, or __inherit__ for whichever is in force: so that none is there twice
    entry VARCHAR(64) NOT NULL,
    ordinal INTEGER NOT NULL,
    provider_credential_id VARCHAR(64),
    model_credential_id VARCHAR(64),
    enabled BOOLEAN DEFAULT TRUE NOT NULL,
    weight INTEGER DEFAULT 1 NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT load_balancing_model_configs_pk PRIMARY KEY (tenant_id, provider_name, model_name, model_type, entry),
    CONSTRAINT load_balancing_model_configs_one CHECK (provider_credential_id IS NULL OR model_credential_id IS NULL),
    CONSTRAINT load_balancing_model_configs_entry
        CHECK (entry = COALESCE(provider_credential_id, model_credential_id, '__inherit__')),
    CONSTRAINT load_balancing_model_configs_weight CHECK (weight BETWEEN 1 AND 1000),
    CONSTRAINT load_balancing_model_configs_setting_fk FOREIGN KEY (tenant_id, provider_name, model_name, model_type)
        REFERENCES provider_model_settings (tenant_id, provider_name, model_name, model_type) ON DELETE CASCADE,
    CONSTRAINT load_balancing_model_configs_provider_fk FOREIGN KEY (tenant_id, provider_name, provider_credential_id)
        REFERENCES provider_credentials (tenant_id, provider_name, id) ON DELETE CASCADE,
    CONSTRAINT load_balancing_model_configs_model_fk
        FOREIGN KEY (tenant_id, provider_name, model_name, model_type, model_credential_id)
        REFERENCES provider_model_credentials (tenant_id, provider_name, model_name, model_type, id) ON DELETE CASCADE
);
-- what a credential's removal looks for
CREATE INDEX IF NOT EXISTS load_balancing_model_configs_by_entry
    ON load_balancing_model_configs (tenant_id, provider_name, entry);

-- The models that are asked in a model's stead, in this order.
CREATE TABLE IF NOT EXISTS model_fallbacks (
    tenant_id VARCHAR(63) NOT NULL,
    provider_name VARCHAR(64) NOT NULL,
    model_name VARCHAR(512) NOT NULL,
    model_type VARCHAR(40) NOT NULL,
    ordinal INTEGER NOT NULL,
    fallback_provider_name VARCHAR(64) NOT NULL,
    fallback_model_name VARCHAR(512) NOT NULL,
    -- the classes of failures after which it is asked, with commas between
    conditions VARCHAR(1000) NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT model_fallbacks_pk PRIMARY KEY (tenant_id, provider_name, model_name, model_type, ordinal),
    CONSTRAINT model_fallbacks_setting_fk FOREIGN KEY (tenant_id, provider_name, model_name, model_type)
        REFERENCES provider_model_settings (tenant_id, provider_name, model_name, model_type) ON DELETE CASCADE
);
