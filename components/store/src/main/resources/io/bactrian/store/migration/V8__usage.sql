-- What calls used. Adds only: a version that does not know of it goes on beside one that does. Every statement can be run
-- again: the embedded database keeps what a migration that was broken off has done so far.

-- One row for every call, written once. Does not refer to tenants: those of settings are not in the database, and calls that
-- were refused before their tenant was settled have none.
CREATE TABLE IF NOT EXISTS usage_records (
    id UUID NOT NULL,
    tenant_id VARCHAR(63),
    request_id VARCHAR(128) NOT NULL,
    user_id VARCHAR(256),
    app_id VARCHAR(256),
    -- PROVIDER/MODEL, or the address of a tool; as it was asked for where it was not found
    target VARCHAR(700) NOT NULL,
    -- of models only
    provider_name VARCHAR(64),
    model_name VARCHAR(512),
    model_type VARCHAR(40),
    credential_source VARCHAR(40),
    credential_id VARCHAR(64),
    streamed BOOLEAN NOT NULL,
    -- ok, aborted, or the code of an error
    outcome VARCHAR(100) NOT NULL,
    -- how far a call came that was refused or failed
    phase VARCHAR(40),
    attempts INTEGER NOT NULL,
    failed_attempts INTEGER NOT NULL,
    input_tokens BIGINT NOT NULL,
    cache_read_tokens BIGINT NOT NULL,
    cache_write_tokens BIGINT NOT NULL,
    audio_input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    reasoning_tokens BIGINT NOT NULL,
    audio_output_tokens BIGINT NOT NULL,
    tokens_counted VARCHAR(20) NOT NULL,
    price DECIMAL(38, 7),
    currency VARCHAR(20),
    started_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    -- that of the start, in UTC
    usage_day DATE NOT NULL,
    duration_micros BIGINT NOT NULL,
    first_content_micros BIGINT,
    CONSTRAINT usage_records_pk PRIMARY KEY (id),
    CONSTRAINT usage_records_counted CHECK (tokens_counted IN ('reported', 'estimated', 'none'))
);
CREATE INDEX IF NOT EXISTS usage_records_by_tenant ON usage_records (tenant_id, usage_day);
CREATE INDEX IF NOT EXISTS usage_records_by_start ON usage_records (started_at);

-- How many calls have no row, because more of them ended than could be written.
CREATE TABLE IF NOT EXISTS usage_losses (
    id UUID NOT NULL,
    tenant_id VARCHAR(63),
    calls BIGINT NOT NULL,
    lost_from TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    lost_to TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    usage_day DATE NOT NULL,
    CONSTRAINT usage_losses_pk PRIMARY KEY (id),
    CONSTRAINT usage_losses_calls CHECK (calls > 0)
);
CREATE INDEX IF NOT EXISTS usage_losses_by_tenant ON usage_losses (tenant_id, usage_day);
CREATE INDEX IF NOT EXISTS usage_losses_by_start ON usage_losses (lost_from);
