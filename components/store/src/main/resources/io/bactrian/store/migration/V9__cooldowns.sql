-- Who is out for a while, as nodes tell each other. Adds only: a version that does not know of it goes on beside one that does.
-- Every statement can be run again: the embedded database keeps what a migration that was broken off has done so far.

-- Does not refer to tenants or credentials: what is of no use any more is removed in any case. What is the operator's has the
-- tenant '*', what is out for all models has no name of one.
CREATE TABLE IF NOT EXISTS cooldowns (
    tenant_id VARCHAR(63) NOT NULL,
    provider_name VARCHAR(64) NOT NULL,
    credential_id VARCHAR(64) NOT NULL,
    model_name VARCHAR(512) NOT NULL,
    model_type VARCHAR(40) NOT NULL,
    reason VARCHAR(40) NOT NULL,
    code VARCHAR(64) NOT NULL,
    -- how many times in a row
    trips INTEGER NOT NULL,
    credential_version BIGINT NOT NULL,
    cooling_until TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    CONSTRAINT cooldowns_pk PRIMARY KEY (tenant_id, provider_name, credential_id, model_name, model_type)
);
CREATE INDEX IF NOT EXISTS cooldowns_by_end ON cooldowns (cooling_until);
